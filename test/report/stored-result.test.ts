import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { DataError, UsageError } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, openStoredResult, render, writeOutput } from '../../src/report/index.ts';
import { readPieces } from '../../src/report/json-cursor.ts';
import { anyResult } from './arbitrary.ts';
import { collect, held, large } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const json = (result: Parameters<typeof render>[1]) => collect(render('json', result, DEFAULT_OPTIONS));

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  // One buffer for all chunks, as the file reader has it.
  const shared = new Uint8Array(64);
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = Math.min(sizes[turn % sizes.length] as number, bytes.length - at);
    shared.set(bytes.subarray(at, at + length));
    yield shared.subarray(0, length);
    at += length;
  }
}

describe('the JSON cursor', () => {
  test('finds what JSON.parse finds, wherever the chunks are cut', async () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(
        members,
        fc.array(fc.jsonValue()),
        fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
        fc.nat(2),
        async (head, list, sizes, indent) => {
          const value = { ...head, entries: list };
          const bytes = Buffer.from(JSON.stringify(value, null, indent));
          const read: Record<string, unknown> = Object.create(null);
          const elements: unknown[] = [];
          for await (const piece of readPieces(cut(bytes, sizes), 'entries')) {
            if (piece.type === 'member')
              Object.defineProperty(read, piece.key, { value: piece.value, enumerable: true });
            else elements.push(piece.value);
          }
          expect({ ...read, entries: elements }).toEqual(JSON.parse(bytes.toString()));
          // Passing over the elements changes nothing about the rest.
          const around: unknown[] = [];
          for await (const piece of readPieces(cut(bytes, sizes), 'entries', true)) around.push(piece);
          expect(around.filter((piece) => (piece as { type: string }).type === 'element')).toEqual([
            { type: 'element', value: undefined },
          ]);
          expect(around).toHaveLength(Object.keys(value).length);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('refuses what JSON.parse refuses', async () => {
    const bad = [
      '',
      '{',
      '{"a":1',
      '{"a":1,}',
      '{"a" 1}',
      '[]',
      '{"entries":[1,]}',
      '{"entries":[,1]}',
      '{"entries":[1}',
      '{"a":1}x',
      '{"entries":[1] 2}',
      '{"entries":x[1]}',
      '{a:1}',
      '{"a":01}',
      '{"a":"\u0001"}',
      '{,}',
      '{"a":1 "b":2}',
      '{"a":}',
      '"a"',
      '{"a":1}}',
      '{"entries":["\\ud800"]}',
    ];
    for (const text of bad) {
      const read = async () => {
        for await (const _ of readPieces(cut(Buffer.from(text), [3]), 'entries'));
      };
      await expect(read(), text).rejects.toThrow(SyntaxError);
    }
  });
});

describe('openStoredResult', () => {
  test('gives back any result that was written, with the same canonical bytes', async () => {
    await fc.assert(
      fc.asyncProperty(anyResult, async (result) => {
        const bytes = await json(result);
        const opened = await openStoredResult(file('any.json', bytes));
        expect(opened.entryCount).toBe(result.entryCount);
        expect(await json(opened)).toEqual(bytes);
        const pretty = await openStoredResult(
          file('pretty.json', JSON.stringify(JSON.parse(bytes.toString()), null, 2)),
        );
        expect(await json(pretty)).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  test('names file and pointer of what is wrong', async () => {
    const good = JSON.parse((await json(large(1200))).toString());
    const broken = (change: (copy: typeof good) => void): string => {
      const copy = structuredClone(good);
      change(copy);
      return file('broken.json', JSON.stringify(copy));
    };
    const fails = async (path: string): Promise<DataError> => {
      const error = await openStoredResult(path).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DataError);
      return error as DataError;
    };
    expect(
      (
        await fails(
          broken((copy) => {
            copy.entries[1100].coverage = 'fine';
          }),
        )
      ).problems[0]?.pointer,
    ).toBe('/entries/1100/coverage');
    expect(
      (
        await fails(
          broken((copy) => {
            copy.entries[3].extra = 1;
          }),
        )
      ).problems[0]?.pointer,
    ).toBe('/entries/3/extra');
    expect(
      (
        await fails(
          broken((copy) => {
            delete copy.verdict;
          }),
        )
      ).problems[0]?.message,
    ).toMatch(/verdict/);
    expect(
      (
        await fails(
          broken((copy) => {
            copy.schema = 'clearance.result/2';
          }),
        )
      ).problems[0]?.pointer,
    ).toBe('/schema');
    expect((await fails(join(folder, 'absent.json'))).problems[0]?.message).toMatch(/ENOENT/);
    expect((await fails(folder)).problems[0]?.message).toMatch(/EISDIR/);
    const bytes = await json(large(100));
    expect((await fails(file('cut.json', bytes.subarray(0, bytes.length - 40)))).problems[0]?.message).toMatch(
      /ends in the middle/,
    );
    const text = bytes.toString();
    expect(
      (await fails(file('twice.json', text.replace('{"asOf"', '{"asOf":"2026-01-01","asOf"')))).problems[0]?.message,
    ).toBe('stands twice');
  });
});

describe('JSON Lines', () => {
  test('the footer tells number and digest of the entries', async () => {
    const text = (await collect(render('jsonl', held(), DEFAULT_OPTIONS))).toString();
    const lines = text.split(/(?<=\n)/);
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed.map(({ type }) => type)).toEqual(['header', ...Array(held().entryCount).fill('entry'), 'footer']);
    const digest = createHash('sha256').update(lines.slice(1, -1).join('')).digest('hex');
    expect(parsed.at(-1)).toEqual({ type: 'footer', entries: held().entryCount, entriesSha256: digest });
  });
});

describe('writeOutput', () => {
  test('writes 0600, replaces whole, and leaves nothing behind when the source fails', async () => {
    const path = file('out.txt', 'old');
    async function* failing() {
      yield Buffer.from('half');
      throw new Error('stopped');
    }
    await expect(writeOutput(path, failing())).rejects.toThrow('stopped');
    expect(readFileSync(path, 'utf8')).toBe('old');
    async function* whole() {
      yield Buffer.from('ne');
      yield Buffer.from('w');
    }
    await writeOutput(path, whole());
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    await expect(writeOutput(join(folder, 'no', 'such', 'x'), whole())).rejects.toThrow(UsageError);
    await expect(writeOutput(folder, whole())).rejects.toThrow(UsageError);
  });
});
