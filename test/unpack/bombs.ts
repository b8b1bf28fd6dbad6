import { spawnSync } from 'node:child_process';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { END, paxRecord, tarHeader, tarOf, type ZipMember, zipOf } from './archive-builder.ts';
import { base85 } from './encodings.ts';

/** Small payloads that cost much to read, and the gap that has to stop each; `undefined` where nothing is left unread. */
export interface Bomb {
  readonly bytes: () => Buffer;
  readonly gap?: string;
  readonly needs?: string;
}

/** Members of the archives with most of them, and the limit that stops them; a tenth but in the long run. */
const SCALE = process.env['UNPACK_BOMBS'] ? 1 : 0.1;
export const MOST_ENTRIES = 500_000 * SCALE;
const MANY = 600_000 * SCALE;

const MIB = 2 ** 20;
const zeros = Buffer.alloc(64 * MIB);
const pipe = (command: string, input: Uint8Array): Buffer =>
  spawnSync('sh', ['-c', command], { input, maxBuffer: 2 ** 30 }).stdout;
const times = (count: number, bytes: Uint8Array): Buffer => Buffer.concat(Array.from({ length: count }, () => bytes));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** 1 GiB of zeros as one raw Deflate stream, put together from pieces that end at a byte. */
function deflatedZeros(): Buffer {
  const piece = deflateRawSync(zeros, { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([times(16, piece), deflateRawSync(Buffer.alloc(0))]);
}

/** Zips in zips: `width` of them at each of `levels`. */
function zips(levels: number, width: number): Buffer {
  let data: Buffer = zipOf([{ name: 'zeros', data: zeros }]);
  for (let level = 0; level < levels; level += 1) {
    const raw = deflateRawSync(data);
    data = zipOf(Array.from({ length: width }, (_, n) => ({ name: `${n}.zip`, data, raw }) satisfies ZipMember));
  }
  return data;
}

/** Base64 of lines of base64 of lines: each level is one text, and its last lines are another. */
function texts(levels: number): Buffer {
  let text = 'nothing to be seen here, but in so many ways. '.repeat(60);
  for (let level = 0; level < levels; level += 1) {
    const all = base64(Buffer.from(text));
    const third = Math.floor(all.length / 12) * 4;
    text = `${all.slice(0, third - 8)}\n${all.slice(third - 8, 2 * third - 4)}\n${all.slice(2 * third - 4)}\n`;
  }
  return Buffer.from(text);
}

const member = (n: number): Buffer => tarHeader({ name: `${n}` });

export const BOMBS: Readonly<Record<string, Bomb>> = {
  'gzip of 4 GiB': { bytes: () => times(64, gzipSync(zeros)), gap: 'over-ratio' },
  'gzip in gzip of 4 GiB': { bytes: () => gzipSync(times(64, gzipSync(zeros))), gap: 'over-ratio' },
  'gzip, 120 deep': {
    bytes: () => Array.from({ length: 120 }).reduce<Buffer>((bytes) => gzipSync(bytes), Buffer.from('x')),
    gap: 'over-depth',
  },
  'bzip2 of 4 GiB': { bytes: () => times(64, pipe('bzip2 -9c', zeros)), gap: 'over-ratio', needs: 'bzip2' },
  'xz of 4 GiB': { bytes: () => times(64, pipe('xz -c', zeros)), gap: 'over-ratio', needs: 'xz' },
  'zstd of 4 GiB': { bytes: () => times(64, pipe('zstd -q -19 -c', zeros)), gap: 'over-ratio', needs: 'zstd' },
  'lz4 of 16 GiB': { bytes: () => times(256, pipe('lz4 -q -9 -c', zeros)), gap: 'over-ratio', needs: 'lz4' },
  'compress of 64 MiB in gzip': {
    bytes: () => gzipSync(times(4, pipe('compress -c', zeros))),
    gap: 'over-ratio',
    needs: 'compress',
  },
  '7z of 1 GiB': {
    bytes: () => pipe('d=$(mktemp -d) && 7z a -si $d/x.7z >&2; cat $d/x.7z; rm -r $d', times(16, zeros)),
    gap: 'over-ratio',
    needs: '7z',
  },
  'zip of 1 GiB': {
    bytes: () => zipOf([{ name: 'zeros', data: zeros, raw: deflatedZeros() }]),
    gap: 'over-ratio',
  },
  'zips in zips, 16 each, 6 deep': { bytes: () => zips(6, 16), gap: 'over-ratio' },
  'zip whose members are all one': {
    bytes: () => {
      const data = Buffer.alloc(4 * MIB);
      return zipOf([
        { name: '0', data },
        ...Array.from({ length: 5000 }, (_, n) => ({
          name: `${n + 1}`,
          data: '',
          raw: Buffer.alloc(0),
          central: { offset: 0 },
        })),
      ]);
    },
    gap: 'overlap',
  },
  'document with 1 GiB of XML': {
    bytes: () =>
      zipOf([
        { name: '[Content_Types].xml', data: '<Types/>' },
        { name: 'word/document.xml', data: zeros, raw: deflatedZeros() },
      ]),
    gap: 'over-ratio',
  },
  'tar of too many members': {
    bytes: () => gzipSync(Buffer.concat([...Array.from({ length: MANY }, (_, n) => member(n)), END])),
    gap: 'over-entries',
  },
  'tar of too many members of one name': {
    bytes: () => gzipSync(Buffer.concat([times(MANY, member(0)), END])),
    gap: 'over-entries',
  },
  'zip of too many members': {
    bytes: () =>
      zipOf(
        Array.from({ length: MANY }, (_, n) => ({ name: `${n}`, method: 0 })),
        { count: MANY % 65536 },
      ),
    gap: 'over-entries',
  },
  'tar with a pax header of 96 MiB': {
    bytes: () =>
      gzipSync(tarOf({ name: 'p', type: 'x', data: paxRecord('comment', 'x'.repeat(96 * MIB)) }, { name: 'x' })),
    gap: 'over-metadata',
  },
  'tar with 300,000 pax headers': {
    bytes: () => {
      const one = Buffer.concat([tarHeader({ name: 'p', type: 'x', data: '13 mtime=1.5\n' }), Buffer.alloc(512)]);
      one.write('13 mtime=1.5\n', 512);
      return gzipSync(Buffer.concat([times(300_000, one), tarOf({ name: 'x' })]));
    },
    gap: 'over-metadata',
  },
  'tar with a hole of 8 GiB': {
    bytes: () =>
      Buffer.concat([
        tarHeader({
          name: 'sparse',
          type: 'S',
          size: 512,
          patch: [
            [257, 'ustar  \0'],
            [386, '00000000000\0'],
            [398, '00000001000\0'],
            [483, '77777777777\0'],
          ],
        }),
        Buffer.alloc(512),
        END,
      ]),
    gap: 'over-ratio',
  },
  'XML that laughs': {
    bytes: () =>
      Buffer.from(
        `<!DOCTYPE l [<!ENTITY a0 "lol">${Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join('')}]><l>&a30;</l>`,
      ),
    gap: 'xml-doctype',
  },
  'XML, 200,000 deep, in a document': {
    bytes: () =>
      zipOf([
        { name: '[Content_Types].xml', data: '<Types/>' },
        { name: 'word/document.xml', data: `${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}` },
      ]),
  },
  'mail, 20,000 multiparts deep': {
    bytes: () =>
      Buffer.from(
        `From: a\nDate: b\n${Array.from({ length: 20_000 }, (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\n\n--b${n}\n`).join('')}`,
      ),
    gap: 'over-depth',
  },
  'base64 of 4 GiB in gzip': {
    bytes: () => Buffer.from(`x: ${base64(gzipSync(times(64, gzipSync(zeros))))}\n`),
    gap: 'over-ratio',
  },
  'texts in base64, three ways each, 16 deep': { bytes: () => texts(16) },
  'base85 that begins like gzip on every line': {
    bytes: () => {
      const line = base85(Buffer.concat([gzipSync('').subarray(0, 4), Buffer.alloc(48, 1)]), 'ascii85');
      // The last one stands for nothing.
      return Buffer.from(`${`${line}\n`.repeat(20_000)}${'u'.repeat(line.length)}\n`);
    },
  },
  'marks of gzip that share a stream': {
    bytes: () => {
      // A header, and a stored block over the header of the next.
      const mark = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0, 10, 0, 245, 255]);
      const broken = Buffer.concat([
        deflateRawSync(Buffer.alloc(3 * MIB), { finishFlush: constants.Z_FULL_FLUSH }),
        Buffer.from([7]),
      ]);
      return times(40, Buffer.concat([Buffer.alloc(16, 0xff), times(60, mark), Buffer.alloc(10), broken]));
    },
  },
};
