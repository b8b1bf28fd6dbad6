import { constants } from 'node:fs';
import type { SevenZipModuleFactory } from '7z-wasm';

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The library that the compiler is given describes no WebAssembly. */
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } };

type Read = (stream: unknown, heap: Int8Array, offset: number, length: number, position: number) => number;

/** The part of Emscripten's file system that is used here and is missing from the package's own types. */
interface Streams {
  readonly streams: { stream_ops: object }[];
  lookupPath(path: string): { node: { contents: Uint8Array; usedBytes: number; stream_ops: { read: Read } } };
  writeFile(path: string, data: string): void;
}

export interface SevenZipRun {
  readonly archive: Uint8Array;
  /** The program's word for the format: nothing else is tried. */
  readonly type: string;
  /** Bytes the decoder's memory may grow to. */
  readonly memory: number;
  /** Called whenever the program reads of the archive or writes; what it throws ends the run and is thrown. */
  readonly alive?: () => void;
}

export interface SevenZipOutcome {
  readonly code: number;
  readonly text: string;
  readonly errors: string;
}

const ARCHIVE = '/archive';

/** A password is given, so that it is never asked for. */
const COMMON = ['-p', '-bd', '-sccUTF-8'];

/** False where the optional package is not installed. */
export async function hasSevenZip(): Promise<boolean> {
  try {
    await import('7z-wasm');
    return true;
  } catch {
    return false;
  }
}

export function listArchive(run: SevenZipRun): Promise<SevenZipOutcome> {
  return start(run, ['l', '-slt']);
}

/** All members as one stream. What `output` throws ends the run and is thrown. */
export function extractArchive(run: SevenZipRun, output: (bytes: Int8Array) => void): Promise<SevenZipOutcome> {
  return start(run, ['x', '-so', '-y'], output);
}

/** A run of the program in memory of its own; nothing but the archive is in its file system, and nothing is written to it. */
async function start(
  { archive, type, memory, alive }: SevenZipRun,
  args: readonly string[],
  output?: (bytes: Int8Array) => void,
): Promise<SevenZipOutcome> {
  const factory = (await import('7z-wasm')).default as unknown as SevenZipModuleFactory;
  const lines: string[] = [];
  const errors: string[] = [];
  const program = await withConstants(() =>
    factory({
      print: (line) => void (output ? errors : lines).push(line),
      printErr: (line) => void errors.push(line),
      stdin: () => 0,
    }),
  );
  // The program takes whatever a call throws for an error of its own.
  let failure: { error: unknown } | undefined;
  const guarded = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  const files = program.FS as unknown as Streams;
  files.writeFile(ARCHIVE, '');
  const { node } = files.lookupPath(ARCHIVE);
  node.contents = archive;
  node.usedBytes = archive.byteLength;
  const { read } = node.stream_ops;
  node.stream_ops = {
    ...node.stream_ops,
    read: (...call) => {
      guarded(() => alive?.());
      return read(...call);
    },
  };
  if (output) {
    const stdout = files.streams[1]!;
    const write = (_stream: unknown, heap: Int8Array, offset: number, length: number): number => {
      guarded(() => {
        alive?.();
        output(heap.subarray(offset, offset + length));
      });
      return length;
    };
    stdout.stream_ops = { ...stdout.stream_ops, write };
  }
  const { exitCode } = process;
  let code: number;
  const release = limitGrowth(memory);
  try {
    code = Number(program.callMain([...args, `-t${type}`, ...COMMON, ARCHIVE]) ?? 0);
  } catch {
    code = -1;
  } finally {
    release();
    process.exitCode = exitCode;
  }
  if (failure) throw failure.error;
  return { code, text: lines.join('\n'), errors: errors.join('\n') };
}

/** Emscripten asks Node's internals for these numbers as it starts, which a restricted process may not. */
async function withConstants<T>(call: () => Promise<T>): Promise<T> {
  const internals = process as unknown as { binding: unknown };
  const { binding } = internals;
  internals.binding = () => ({ fs: constants });
  try {
    return await call();
  } finally {
    internals.binding = binding;
  }
}

/** The decoder asks for memory by this call alone; a refusal is "out of memory" to it. Nothing else runs meanwhile. */
function limitGrowth(memory: number): () => void {
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function limitedGrow(pages: number): number {
    if (this.buffer.byteLength + pages * 65536 > memory) throw new RangeError('the limit of memory');
    return grow.call(this, pages);
  };
  return () => {
    prototype.grow = grow;
  };
}
