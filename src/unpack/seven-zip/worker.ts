import { parentPort, workerData } from 'node:worker_threads';
import { extractArchive, hasSevenZip, listArchive } from './program.ts';
import { AHEAD, type SevenZipJob, type SevenZipMessage } from './protocol.ts';

const PIECE = 2 ** 20;

const { archive, type, taken, memory } = workerData as SevenZipJob;
const counter = new Int32Array(taken);
const say = (message: SevenZipMessage): void => parentPort?.postMessage(message);

let given = 0;

function give(bytes: Int8Array): void {
  for (let at = 0; at < bytes.length; at += PIECE) {
    for (let done = Atomics.load(counter, 0); given - done >= AHEAD; done = Atomics.load(counter, 0)) {
      Atomics.wait(counter, 0, done);
    }
    say({ type: 'piece', bytes: Uint8Array.from(bytes.subarray(at, at + PIECE)) });
    given += 1;
  }
}

async function work(): Promise<void> {
  if (!(await hasSevenZip())) {
    say({ type: 'absent' });
    return;
  }
  const run = { archive: new Uint8Array(archive), type, memory };
  const listed = await listArchive(run);
  say({ type: 'listed', ...listed });
  if (listed.code !== 0) return;
  const { code, errors } = await extractArchive(run, give);
  say({ type: 'done', code, errors });
}

await work();
