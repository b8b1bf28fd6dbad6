import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { GAP_CODES, withoutItem } from '../../src/unpack/index.ts';
import { tarOf } from './archive-builder.ts';
import { collect, gapsOf, payloadOf } from './collect.ts';
import { missing, noise, Tree } from './tree.ts';

async function leaf(bytes: Uint8Array, chunk = 65536) {
  const { entries } = await collect(payloadOf(bytes, 'leaf', chunk, chunk > 1000));
  expect(entries.length).toBe(1);
  return entries[0]!.tail;
}

/** Text in EBCDIC 037: only what the sample needs. */
function ebcdic(text: string): Buffer {
  const rows: Readonly<Record<string, number>> = { a: 0x81, j: 0x91, s: 0xa2, A: 0xc1, J: 0xd1, S: 0xe2, '0': 0xf0 };
  return Buffer.from(
    [...text].map((character) => {
      if (character === ' ') return 0x40;
      if (character === '\n') return 0x25;
      const row = Object.keys(rows)
        .filter((first) => first <= character && character.charCodeAt(0) - first.charCodeAt(0) < 10)
        .at(-1)!;
      return rows[row]! + character.charCodeAt(0) - row.charCodeAt(0);
    }),
  );
}

test.each([
  ['ASCII', Buffer.from('a log line\n'), 'text/plain; charset=us-ascii'],
  ['UTF-8', Buffer.from('Grüße aus Köln\n'.repeat(9000)), 'text/plain; charset=utf-8'],
  ['Latin-1', Buffer.from('Grüße aus Köln\n'.repeat(9000), 'latin1'), 'text/plain; charset=iso-8859-1'],
  ['UTF-16LE with mark', Buffer.from('\ufeffa line of text\n', 'utf16le'), 'text/plain; charset=utf-16le'],
  ['UTF-16LE', Buffer.from('a line of text\n'.repeat(5000), 'utf16le'), 'text/plain; charset=utf-16le'],
  ['UTF-16BE', Buffer.from('a line of text\n'.repeat(50), 'utf16le').swap16(), 'text/plain; charset=utf-16be'],
  [
    'EBCDIC',
    ebcdic('THE QUICK brown fox 0123456789 jumps over the lazy dog\n'.repeat(200)),
    'text/plain; charset=ibm037',
  ],
  ['XML', Buffer.from('<?xml version="1.0"?>\n<a/>'), 'application/xml; charset=us-ascii'],
])('%s is text, however it is cut', async (_, bytes, media) => {
  for (const chunk of [65536, 7, 1]) {
    if (chunk === 1 && bytes.length > 5000) continue;
    const tail = await leaf(bytes, chunk);
    expect([tail.media, tail.coverage, tail.highEntropy, tail.gaps]).toEqual([media, 'decoded', false, []]);
  }
});

test('random bytes are noticed from 256 bytes on, and in big plain files', async () => {
  for (const size of [256, 300, 1000, 1500, 16_385, 200_000]) {
    const tail = await leaf(noise(size, size));
    expect([size, tail.coverage, tail.highEntropy]).toEqual([size, 'raw', true]);
    expect(withoutItem(tail)).toMatchObject({ coverage: 'unread', gaps: [{ code: 'high-entropy' }] });
  }
  expect((await leaf(noise(255))).highEntropy).toBe(false);
  for (const chunk of [65536, 1001, 13]) {
    const region = Buffer.concat([
      Buffer.alloc(300_001, 'log line\n'),
      noise(20_000),
      Buffer.alloc(300_000, 'log line\n'),
    ]);
    expect((await leaf(region, chunk)).highEntropy).toBe(true);
  }
});

test('code, sparse dumps and short tables do not look random', async () => {
  const program = readFileSync('/bin/sh');
  expect(await leaf(program)).toMatchObject({ coverage: 'raw', highEntropy: false, media: 'application/x-elf' });
  const dump = Buffer.alloc(2_000_000);
  for (let at = 0; at < dump.length; at += 50_000) noise(200, at + 1).copy(dump, at);
  expect((await leaf(dump)).highEntropy).toBe(false);
});

test.each([
  [0x4d0, 'gzip', (tar: Buffer) => gzipSync(tar)],
  [0x274, 'zstd', (tar: Buffer) => new Tree().file('x', tar).make('x.zst', 'zstd -q -c --check tree/x > x.zst')],
  [333, 'xz', (tar: Buffer) => new Tree().file('x', tar).make('x.xz', 'xz -c tree/x > x.xz')],
])('a dump with a header of %i bytes before %s is opened', async (offset, tool, pack) => {
  if (missing(tool)) return expect(missing(tool)).toBe(`needs ${tool}`);
  const header = Buffer.alloc(offset);
  header.write('SYS DUMP header');
  header.write('host-name-of-the-client', 64);
  const bytes = Buffer.concat([header, pack(tarOf({ name: 'core', data: 'memory\n' }))]);
  const { entries } = await collect(payloadOf(bytes, 'SYSDUMP.1234567.0000000A.20171204120000', 500, false));
  expect(gapsOf(entries)).toEqual([]);
  expect(entries.map(({ entry }) => [entry.kind, entry.path.at(-1)])).toEqual([
    ['file', 'SYSDUMP.1234567.0000000A.20171204120000'],
    ['pseudo', '#header@0'],
    ['file', 'core'],
  ]);
  expect(entries[1]!.content.equals(header)).toBe(true);
  const cut = await collect(payloadOf(bytes.subarray(0, -20), 'SYSDUMP'));
  expect(cut.entries[0]!.tail.coverage).toBe('unread');
});

test('every gap code is in the docs, with what it means and what to do', () => {
  const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'unpack.md'), 'utf8');
  for (const [code, { meaning, next, unread }] of Object.entries(GAP_CODES)) {
    expect(docs).toContain(`| \`${code}\` | ${unread ? 'yes' : 'no'} | ${meaning} | ${next} |`);
  }
});

test('a compressed stream inside of a dump is a gap of its own; a member of a mapped jar only looks compressed', async () => {
  const dump = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at % 7 === 0 ? 0 : 0x80 + (at % 97))));
  const gapsFor = async (inside: Uint8Array) => {
    const { gaps } = await leaf(Buffer.concat([dump, inside, dump]));
    return gaps.map(({ code, offset }) => `${code} ${offset}`);
  };
  const text = Buffer.from('nobody read this\n'.repeat(40));
  expect(await gapsFor(gzipSync(text))).toEqual([`embedded-archive ${dump.length}`]);
  expect(await gapsFor(text)).toEqual([]);
  const member = Buffer.concat([
    Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1'),
    Buffer.alloc(16),
    Buffer.from('\x01\0\0\0a', 'latin1'),
  ]);
  expect(await gapsFor(member)).toEqual([]);
});

test('a zlib stream anywhere in plain bytes looks compressed, however short and however cut', async () => {
  const plain = Buffer.from(Array.from({ length: 9000 }, (_, at) => (at % 5 === 0 ? 0x78 : 0x80 + (at % 61))));
  const text = Buffer.from('contact: nobody has read this line\n');
  for (const level of [1, 6, 9]) {
    const stream = deflateSync(text, { level });
    for (const bytes of [Buffer.concat([plain, stream, plain]), Buffer.concat([plain, stream])]) {
      for (const chunk of [65536, 9003, 1001]) expect((await leaf(bytes, chunk)).highEntropy).toBe(true);
    }
    const broken = Buffer.from(stream);
    broken[broken.length - 1]! ^= 1;
    expect((await leaf(Buffer.concat([plain, broken, plain]))).highEntropy).toBe(false);
  }
  expect((await leaf(Buffer.concat([plain, deflateSync(''), plain]))).highEntropy).toBe(false);
  const long = deflateSync(noise(30_000));
  expect((await leaf(Buffer.concat([plain, long.subarray(0, 5000), plain]), 1001)).highEntropy).toBe(true);
});
