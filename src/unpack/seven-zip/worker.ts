import { parentPort, workerData } from 'node:worker_threads';
import type { SevenZipModuleFactory } from '7z-wasm';
import { AHEAD, type SevenZipJob, type SevenZipMessage } from './protocol.ts';

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The library that the compiler is given describes no WebAssembly. */
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } };

/** The part of Emscripten's file system that is used here and is missing from the package's own types. */
interface Streams {
  readonly streams: { stream_ops: object }[];
  lookupPath(path: string): { node: { contents: Uint8Array; usedBytes: number } };
  writeFile(path: string, data: string): void;
}

const ARCHIVE = '/archive';
const PIECE = 2 ** 20;

const { archive, type, taken, memory } = workerData as SevenZipJob;
const counter = new Int32Array(taken);
const say = (message: SevenZipMessage): void => parentPort?.postMessage(message);

/** The decoder asks for memory by this call alone; a refusal is "out of memory" to it. */
const { prototype } = WebAssembly.Memory;
const { grow } = prototype;
prototype.grow = function limitedGrow(pages: number): number {
  if (this.buffer.byteLength + pages * 65536 > memory) throw new RangeError('the limit of memory');
  return grow.call(this, pages);
};

let given = 0;

function give(bytes: Int8Array | Uint8Array): void {
  for (let at = 0; at < bytes.length; at += PIECE) {
    for (let done = Atomics.load(counter, 0); given - done >= AHEAD; done = Atomics.load(counter, 0)) {
      Atomics.wait(counter, 0, done);
    }
    say({ type: 'piece', bytes: Uint8Array.from(bytes.subarray(at, at + PIECE)) });
    given += 1;
  }
}

/** A run of the program in memory of its own; nothing but the archive is in its file system, and nothing is written to it. */
async function run(args: string[], output?: (bytes: Int8Array) => void) {
  const factory = (await import('7z-wasm')).default as unknown as SevenZipModuleFactory;
  const lines: string[] = [];
  const errors: string[] = [];
  const program = await factory({
    print: (line) => void (output ? errors : lines).push(line),
    printErr: (line) => void errors.push(line),
    stdin: () => 0,
  });
  const files = program.FS as unknown as Streams;
  files.writeFile(ARCHIVE, '');
  const { node } = files.lookupPath(ARCHIVE);
  node.contents = new Uint8Array(archive);
  node.usedBytes = archive.byteLength;
  if (output) {
    const stdout = files.streams[1]!;
    const write = (_stream: unknown, heap: Int8Array, offset: number, length: number): number => {
      output(heap.subarray(offset, offset + length));
      return length;
    };
    stdout.stream_ops = { ...stdout.stream_ops, write };
  }
  let code: number;
  try {
    code = Number(program.callMain([...args, ARCHIVE]) ?? 0);
  } catch {
    code = -1;
  }
  return { code, text: lines.join('\n'), errors: errors.join('\n') };
}

/** A password is given, so that it is never asked for. */
const COMMON = [`-t${type}`, '-p', '-bd', '-sccUTF-8'];

async function work(): Promise<void> {
  try {
    await import('7z-wasm');
  } catch {
    say({ type: 'absent' });
    return;
  }
  const listed = await run(['l', '-slt', ...COMMON]);
  say({ type: 'listed', ...listed });
  if (listed.code !== 0) return;
  const { code, errors } = await run(['x', '-so', '-y', ...COMMON], give);
  say({ type: 'done', code, errors });
}

await work();
