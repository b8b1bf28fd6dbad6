import { createGzip, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Payload } from '../../src/model/index.ts';
import { DEFAULT_LIMITS, unpack } from '../../src/unpack/index.ts';
import { tarOf, zipOf } from './archive-builder.ts';
import { collect, gapsOf, payloadOf, shows } from './collect.ts';

async function gzippedZeros(size: number): Promise<Buffer> {
  const gzip = createGzip({ level: 9 });
  const parts: Buffer[] = [];
  gzip.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise((resolve) => gzip.on('end', resolve));
  const zeros = Buffer.alloc(2 ** 20);
  for (let at = 0; at < size; at += zeros.length) {
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await done;
  return Buffer.concat(parts);
}

/** Bytes handed on, gaps and seconds, without keeping anything. */
async function measure(payload: Payload, limits = DEFAULT_LIMITS) {
  const started = performance.now();
  let bytes = 0;
  const codes = new Set<string>();
  const payloads = (async function* () {
    yield payload;
  })();
  for await (const event of unpack(payloads, { limits })) {
    if (event.type === 'bytes') bytes += event.bytes.length;
    if (event.type === 'end') for (const { code } of event.tail.gaps) codes.add(code);
  }
  return { bytes, codes: [...codes], seconds: (performance.now() - started) / 1000 };
}

test('a bomb is stopped at the ratio', async () => {
  const bomb = await gzippedZeros(2 ** 29);
  const { bytes, codes, seconds } = await measure(payloadOf(bomb));
  expect(codes).toContain('over-ratio');
  expect(bytes).toBeLessThanOrEqual(Math.max(64 * 2 ** 20, 250 * bomb.length) + 2 ** 20);
  expect(seconds).toBeLessThan(5);
});

test('bombs in bombs are charged together', async () => {
  const inner = await gzippedZeros(2 ** 28);
  const bomb = tarOf(...[1, 2, 3, 4].map((n) => ({ name: `${n}.gz`, data: inner })));
  const { codes, seconds } = await measure(payloadOf(gzipSync(bomb)));
  expect(codes).toContain('over-ratio');
  expect(seconds).toBeLessThan(5);
});

test('the limit of bytes names itself and is kept to one chunk', async () => {
  const { bytes, codes } = await measure(payloadOf(await gzippedZeros(2 ** 26)), {
    ...DEFAULT_LIMITS,
    bytes: 10 * 2 ** 20,
  });
  expect(codes).toContain('over-bytes');
  expect(bytes).toBeLessThanOrEqual(11 * 2 ** 20);
});

test('a zip whose members share their bytes is charged for each', async () => {
  const data = Buffer.alloc(2 ** 18, 'x');
  const shared = Array.from({ length: 1500 }, (_, n) => ({
    name: `m${n}`,
    central: { offset: 0 },
    raw: Buffer.alloc(0),
  }));
  const first = { name: 'm', data, method: 0 };
  const bytes = zipOf([
    first,
    ...shared.map((member) => ({
      ...member,
      method: 0,
      central: { offset: 0, compressed: data.length, size: data.length },
    })),
  ]);
  const { codes, seconds } = await measure(payloadOf(bytes));
  expect(codes).toEqual(expect.arrayContaining(['overlap', 'over-ratio']));
  expect(seconds).toBeLessThan(5);
});

test('nesting is followed to the limit, and the rest is a gap', async () => {
  let bytes: Buffer = Buffer.from('CANARY\n');
  for (let level = 0; level < 40; level += 1)
    bytes = level % 2 ? gzipSync(bytes) : tarOf({ name: `l${level}`, data: bytes });
  const { entries } = await collect(payloadOf(bytes));
  expect(gapsOf(entries).some((gap) => gap.endsWith(': over-depth'))).toBe(true);
  let fair: Buffer = Buffer.from('CANARY\n');
  for (let level = 0; level < 8; level += 1) fair = gzipSync(tarOf({ name: `l${level}`, data: fair }));
  const followed = await collect(payloadOf(fair));
  expect(gapsOf(followed.entries)).toEqual([]);
  expect(shows(followed.entries, 'CANARY')).toBe(true);
});

test('the limit of entries names itself', async () => {
  const bytes = tarOf(...Array.from({ length: 50 }, (_, n) => ({ name: `f${n}` })));
  const { codes } = await measure(payloadOf(bytes), { ...DEFAULT_LIMITS, entries: 20 });
  expect(codes).toEqual(['over-entries']);
  const zipped = zipOf(Array.from({ length: 50 }, (_, n) => ({ name: `f${n}` })));
  expect((await measure(payloadOf(zipped), { ...DEFAULT_LIMITS, entries: 20 })).codes).toEqual(['over-entries']);
});

test('the limit of time names itself', async () => {
  const { codes } = await measure(payloadOf(await gzippedZeros(2 ** 25)), { ...DEFAULT_LIMITS, time: 0.001 });
  expect(codes).toContain('over-time');
});

test('a nested zip larger than the spool memory is read through a file', async () => {
  const big = Buffer.alloc(70 * 2 ** 20, 'line of a log\n');
  const inner = zipOf([
    { name: 'big', data: big, method: 0 },
    { name: 'last', data: 'CANARY' },
  ]);
  const { codes, bytes } = await measure(payloadOf(gzipSync(tarOf({ name: 'inner.zip', data: inner }), { level: 1 })));
  expect(codes).toEqual([]);
  expect(bytes).toBe(big.length + 6);
});
