import { readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { validate } from '../catalog/index.ts';
import { DataError, type ResultEntry, type ResultHead, type StoredResult } from '../model/index.ts';
import { readPieces } from './json-cursor.ts';

/** So many entries are handed to the validator at once, with the head around them. */
const BATCH = 500;

/**
 * Opens a result file as `audit --json` writes it, in any JSON layout. All of it is validated by
 * `schemas/result.schema.json` first; the entries are read from the file again each time they are asked for, never held.
 * With a `descriptor`, that open file is read, and `path` only names it in messages.
 * @throws DataError (exit 2) with file and pointer for anything that is no such result
 */
export async function openStoredResult(path: string, descriptor?: number): Promise<StoredResult> {
  const fail = (pointer: string, message: string): DataError =>
    new DataError(
      `${path} is not a result of an audit`,
      [{ file: path, pointer, message }],
      ['give the file that "clearance audit --json" or "-o json=FILE" wrote'],
    );
  async function* pieces(skips = false) {
    try {
      yield* readPieces(descriptor === undefined ? readChunks(path) : readDescriptor(descriptor), 'entries', skips);
    } catch (error) {
      if (error instanceof SyntaxError) throw fail('', error.message);
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== undefined) throw fail('', `cannot be read (${code})`);
      throw error;
    }
  }
  async function* entries(): AsyncGenerator<ResultEntry> {
    for await (const piece of pieces()) if (piece.type === 'element') yield piece.value as ResultEntry;
  }

  const members = new Map<string, unknown>();
  for await (const piece of pieces(true)) {
    const key = piece.type === 'element' ? 'entries' : piece.key;
    if (members.has(key)) throw fail(`/${key}`, 'stands twice');
    members.set(key, piece.type === 'element' ? [] : piece.value);
  }
  if (!members.has('entries')) members.set('entries', []);
  const head = Object.fromEntries(members);
  const check = (batch: readonly unknown[], done: number): void => {
    const [problem] = validate('result', { ...head, entries: batch });
    if (problem === undefined) return;
    const place = /^\/entries\/(\d+)(.*)$/.exec(problem.pointer);
    throw fail(place ? `/entries/${done + Number(place[1])}${place[2]}` : problem.pointer, problem.message);
  };
  check([], 0);
  let entryCount = 0;
  let batch: ResultEntry[] = [];
  for await (const entry of entries()) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    check(batch, entryCount);
    entryCount += batch.length;
    batch = [];
  }
  check(batch, entryCount);
  entryCount += batch.length;
  const { entries: _streamed, ...rest } = head;
  return { head: rest as unknown as ResultHead, entryCount, entries };
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 18);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* readDescriptor(file: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(1 << 18);
  for (let position = 0; ; ) {
    const bytesRead = readSync(file, buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
