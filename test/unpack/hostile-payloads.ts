import { spawnSync } from 'node:child_process';
import { brotliCompressSync, crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { END, paxRecord, tarHeader, tarMember, tarOf, zipOf } from './archive-builder.ts';
import { noise } from './tree.ts';

/** Put together here, so that it stands in no file of the repository. */
export const KEY = ['AKIA', 'Q3EG', 'RIN7', 'XK5Y', 'PZ2B'].join('');
const text = `2026-11-23 host app: access key ${KEY} used\n`;
const secret = { name: 'secret.log', data: text };
const plain = { name: 'plain.log', data: 'nothing to see here\n' };

/** A command of a Debian tool as a filter; `undefined` where it is missing. */
function pipe(command: string, input: Buffer | string): Buffer | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', command], { input, maxBuffer: 2 ** 28 });
  return status === 0 && stdout.length > 0 ? stdout : undefined;
}

const gzipWith = (flags: number, field: Buffer, body: string | Buffer): Buffer => {
  const bare = gzipSync(body);
  const head = Buffer.from(bare.subarray(0, 10));
  head[3] = flags;
  return Buffer.concat([head, field, bare.subarray(10)]);
};
const u16 = (value: number) => Buffer.from([value & 255, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const skippable = (data: Buffer) => Buffer.concat([u32(0x184d2a53), u32(data.length), data]);
const arOf = (name: string, data: Buffer) =>
  Buffer.concat([
    Buffer.from(
      `!<arch>\n${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(data.length).padEnd(10)}\`\n`,
    ),
    data,
    Buffer.alloc(data.length % 2, 10),
  ]);
const newc = (name: string, data: Buffer, mode = 0o100644) => {
  const field = (value: number) => value.toString(16).padStart(8, '0');
  const fields = [1, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0].map(field).join('');
  const head = Buffer.from(`070701${fields}${name}\0`);
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  return Buffer.concat([pad(head), pad(data)]);
};
const cpioOf = (...files: [string, Buffer, number?][]) =>
  Buffer.concat([...files.map(([name, data, mode]) => newc(name, data, mode)), newc('TRAILER!!!', Buffer.alloc(0), 0)]);
const legacyLz4 = (data: Buffer): Buffer | undefined => pipe('lz4 -l -q -c', data);
const utf16 = (value: string) => Buffer.from(value, 'utf16le');
const inner = () => gzipSync(tarOf(secret));
const nested = (depth: number, wrap: (bytes: Buffer) => Buffer): Buffer => {
  let bytes: Buffer = tarOf(secret);
  for (let level = 0; level < depth; level += 1) bytes = wrap(bytes);
  return bytes;
};
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const patched = (bytes: Buffer, at: number, value: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  value.copy(copy, at < 0 ? copy.length + at : at);
  return copy;
};

/**
 * Archives with a key in a place that readers pass over, or that are broken so that it may not be reached. `undefined`
 * where the tool that makes one is missing. Each has to show the key, or to say that it was not read.
 */
export const PAYLOADS: Readonly<Record<string, () => Buffer | undefined>> = {
  'zip in front of a tar': () => Buffer.concat([zipOf([plain]), tarOf(secret)]),
  'tar in front of a zip': () => Buffer.concat([tarOf(plain), zipOf([secret])]),
  'tar that is a zip at its end, big': () =>
    Buffer.concat([tarOf({ name: 'big', data: noise(2_000_000).toString('hex') }), zipOf([secret])]),
  'gzip in front of a 7z mark': () =>
    Buffer.concat([gzipSync('x'), Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'), deflateRawSync(text)]),
  'gzip FEXTRA': () => gzipWith(4, Buffer.concat([u16(text.length), Buffer.from(text)]), 'x'),
  'gzip FEXTRA that is a gzip': () => gzipWith(4, Buffer.concat([u16(inner().length), inner()]), 'x'),
  'gzip FEXTRA of 64 KiB': () => gzipWith(4, Buffer.concat([u16(65000), Buffer.from(text.padEnd(65000, 'y'))]), 'x'),
  'gzip FCOMMENT': () => gzipWith(16, Buffer.from(`${KEY}\0`), 'x'),
  'gzip FNAME': () => gzipWith(8, Buffer.from(`${KEY}\0`), 'x'),
  'gzip second FNAME': () => Buffer.concat([gzipSync('x'), gzipWith(8, Buffer.from(`${KEY}\0`), 'y')]),
  'gzip reserved flag': () => patched(gzipSync(text), 3, Buffer.from([0x20])),
  'gzip of method 7': () => patched(gzipSync(text), 2, Buffer.from([7])),
  'gzip of 20 members, last one': () =>
    Buffer.concat([...Array.from({ length: 20 }, () => gzipSync('x')), gzipSync(text)]),
  'gzip behind garbage behind gzip': () => Buffer.concat([gzipSync('x'), Buffer.from('garbage'), gzipSync(text)]),
  'gzip behind 600 bytes of text': () => Buffer.concat([Buffer.from('#!/bin/sh\n'.padEnd(600, '# text\n')), inner()]),
  'gzip behind 70 KB of text': () => Buffer.concat([Buffer.from('echo\n'.repeat(14_000)), gzipSync(text)]),
  'gzip behind a binary header of 3000 bytes': () => Buffer.concat([Buffer.alloc(3000, 1), Buffer.alloc(8), inner()]),
  'gzip behind a binary header of 9000 bytes': () => Buffer.concat([Buffer.alloc(9000, 1), Buffer.alloc(8), inner()]),
  'zlib stream': () => deflateSync(text),
  'zlib stream of a log': () => deflateSync(`${text.repeat(200)}${noise(3000).toString('hex')}`),
  'raw deflate of a log': () => deflateRawSync(`${text.repeat(200)}${noise(3000).toString('hex')}`),
  brotli: () => brotliCompressSync(`${text.repeat(200)}${noise(3000).toString('hex')}`),
  'zip data between entries': () => zipOf([plain, { ...plain, name: 'b', before: text }]),
  'zip gzip between entries': () => zipOf([plain, { ...plain, name: 'b', before: inner() }]),
  'zip unlisted member': () => zipOf([plain, { ...secret, unlisted: true }]),
  'zip unlisted member in front': () => zipOf([{ ...secret, unlisted: true }, plain]),
  'zip unlisted deflated member with descriptor': () => zipOf([plain, { ...secret, unlisted: true, descriptor: true }]),
  'zip central only': () => zipOf([plain, { ...plain, name: KEY, central: { offset: 999_999 } }]),
  'zip central name': () => zipOf([{ ...plain, central: { name: KEY } }]),
  'zip local name': () => zipOf([{ ...plain, local: { name: KEY } }]),
  'zip overlapping entries': () => zipOf([secret, { ...plain, central: { offset: 0 } }]),
  'zip central method stored': () => zipOf([{ ...secret, central: { method: 0 } }]),
  'zip local method stored': () => zipOf([{ ...secret, local: { method: 0 } }]),
  'zip method 99': () => zipOf([{ ...secret, method: 99 }]),
  'zip method 98': () => zipOf([{ ...secret, method: 98, raw: noise(50) }]),
  'zip encrypted flag': () => zipOf([{ ...secret, flags: 1 }]),
  'zip strong encryption flag': () => zipOf([{ ...secret, flags: 0x41 }]),
  'zip compressed size 0': () => zipOf([{ ...secret, central: { compressed: 0 }, local: { compressed: 0 } }]),
  'zip size lie': () => zipOf([{ ...secret, central: { size: 1 }, local: { size: 1 } }]),
  'zip64 sizes without field': () => zipOf([{ ...secret, central: { size: 0xffffffff, compressed: 0xffffffff } }]),
  'zip64 field with a lie': () => {
    const field = Buffer.concat([u16(1), u16(16), Buffer.alloc(8, 0), Buffer.alloc(8, 0)]);
    return zipOf([{ ...secret, extra: field, central: { size: 0xffffffff, compressed: 0xffffffff } }]);
  },
  'zip count 0': () => zipOf([secret], { count: 0 }),
  'zip count too low': () => zipOf([plain, secret], { count: 1 }),
  'zip count too high': () => zipOf([plain, secret], { count: 9 }),
  'zip concatenated': () => Buffer.concat([zipOf([secret]), zipOf([plain])]),
  'zip concatenated, key last': () => Buffer.concat([zipOf([plain]), zipOf([secret])]),
  'zip with an end record in its comment': () => zipOf([secret], { comment: zipOf([]).toString('latin1') }),
  'zip comment': () => zipOf([plain], { comment: text }),
  'zip comment that is gzip': () => Buffer.concat([zipOf([plain], { comment: 'x' }), inner()]),
  'zip member comment': () => zipOf([{ ...plain, comment: text }]),
  'zip extra field': () =>
    zipOf([{ ...plain, extra: Buffer.concat([u16(0x4141), u16(text.length), Buffer.from(text)]) }]),
  'zip extra field that is gzip': () =>
    zipOf([{ ...plain, extra: Buffer.concat([u16(0x4141), u16(inner().length), inner()]) }]),
  'zip deflate with a tail in the member': () =>
    zipOf([{ ...plain, raw: Buffer.concat([deflateRawSync(plain.data), Buffer.from(text)]) }]),
  'zip deflate with a gzip behind it in the member': () =>
    zipOf([{ ...plain, raw: Buffer.concat([deflateRawSync(plain.data), inner()]) }]),
  'zip name with NUL': () => zipOf([{ ...plain, name: `a\0${KEY}` }]),
  'zip name of UTF-16': () => zipOf([{ ...plain, name: utf16(KEY) }]),
  'zip name of 64 KiB': () => zipOf([{ ...plain, name: `${'d/'.repeat(32_000)}${KEY}` }]),
  'zip directory with data': () => zipOf([{ ...secret, name: 'dir/' }]),
  'zip symlink with data': () => zipOf([{ ...secret, name: 'link', mode: 0o120777 }]),
  'zip behind PK00': () => Buffer.concat([Buffer.from('PK00'), zipOf([secret])]),
  'zip without its last byte': () => zipOf([secret]).subarray(0, -1),
  'zip without its directory': () => zipOf([secret]).subarray(0, 90),
  'tar pax size override, larger': () =>
    tarOf({ name: 'x', type: 'x', data: paxRecord('size', String(text.length)) }, { ...secret, size: 0 }),
  'tar pax size override, smaller': () => tarOf({ name: 'x', type: 'x', data: paxRecord('size', '5') }, { ...secret }),
  'tar global pax size': () => tarOf({ name: 'g', type: 'g', data: paxRecord('size', '0') }, secret),
  'tar pax path': () => tarOf({ name: 'x', type: 'x', data: paxRecord('path', KEY) }, plain),
  'tar pax linkpath': () => tarOf({ name: 'x', type: 'x', data: paxRecord('linkpath', KEY) }, { ...plain, type: '2' }),
  'tar pax record without a newline': () => tarOf({ name: 'x', type: 'x', data: `30 comment=${KEY}` }, plain),
  'tar pax record that is gzip': () =>
    tarOf(
      {
        name: 'x',
        type: 'x',
        data: Buffer.concat([Buffer.from(`${inner().length + 7} a=`), inner(), Buffer.from('\n')]),
      },
      plain,
    ),
  'tar pax header at the end': () => tarOf(plain, { name: 'x', type: 'x', data: paxRecord('comment', KEY) }),
  'tar long name': () => tarOf({ name: 'L', type: 'L', data: `${'x'.repeat(300)}/${KEY}\0` }, plain),
  'tar old GNU sparse, stored more than the map says': () => {
    const header = tarHeader({
      name: 'sparse',
      type: 'S',
      size: 1024,
      patch: [
        [257, 'ustar  \0'],
        [386, '00000000000\0'],
        [398, '00000000010\0'],
        [483, '00000000010\0'],
      ],
    });
    return Buffer.concat([header, Buffer.from(text.padStart(1024)), END]);
  },
  'tar sparse 1.0 without a map': () =>
    tarOf(
      {
        name: 'x',
        type: 'x',
        data:
          paxRecord('GNU.sparse.major', '1') +
          paxRecord('GNU.sparse.minor', '0') +
          paxRecord('GNU.sparse.realsize', '9'),
      },
      secret,
    ),
  'tar sparse 0.1 with a lie': () =>
    tarOf(
      { name: 'x', type: 'x', data: paxRecord('GNU.sparse.map', '0,5') + paxRecord('GNU.sparse.size', '5') },
      secret,
    ),
  'tar member behind the end': () => Buffer.concat([tarOf(plain), tarOf(secret)]),
  'tar member behind 40 KB of zeros': () => Buffer.concat([tarOf(plain), Buffer.alloc(40_960), tarOf(secret)]),
  'tar gzip behind the end': () => Buffer.concat([tarOf(plain), Buffer.alloc(5000), inner()]),
  'tar member behind an odd offset': () => Buffer.concat([tarOf(plain), Buffer.from('x'), tarOf(secret)]),
  'tar slack': () => tarOf({ ...plain, slack: KEY }),
  'tar volume header': () => tarOf({ name: KEY, type: 'V' }, plain),
  'tar multi-volume member': () => tarOf({ ...secret, type: 'M' }),
  'tar GNU dumpdir': () => tarOf({ name: 'd/', type: 'D', data: `Y${KEY}\0\0` }),
  'tar hard link with data': () => tarOf({ ...secret, type: '1', link: 'x' }),
  'tar symlink loop': () =>
    tarOf({ name: 'a', type: '2', link: 'b' }, { name: 'b', type: '2', link: 'a' }, { ...secret, name: 'a/b' }),
  'tar signed checksum': () => tarOf({ ...secret, name: 'ä' }),
  'tar with a bad checksum in front': () => Buffer.concat([tarMember({ ...secret, badChecksum: true }), tarOf(plain)]),
  'tar names with NUL': () => tarOf({ ...plain, name: `a\0${KEY}` }),
  'tar name of UTF-16': () => tarOf({ ...plain, name: utf16(KEY) }),
  'tar negative size': () => tarOf({ ...secret, size: Buffer.alloc(12, 0xff) }),
  'tar empty, key behind': () => Buffer.concat([END, Buffer.from(text)]),
  'tar in UTF-16': () => utf16(tarOf(secret).toString('latin1')),
  'ar with a slash name': () => arOf('/99', Buffer.from(text)),
  'ar with a BSD name longer than its data': () => arOf('#1/9999', Buffer.from(text)),
  'ar with a name table': () => arOf('//', Buffer.from(`${KEY}/\n`)),
  'ar without padding, then more': () => Buffer.concat([arOf('a', Buffer.from('x')), Buffer.from(text)]),
  'ar in ar in ar': () => arOf('a', arOf('b', arOf('c', inner()))),
  'deb in deb': () => {
    const deb = (data: Buffer) =>
      Buffer.concat([
        arOf('debian-binary', Buffer.from('2.0\n')),
        arOf('control.tar.gz', gzipSync(tarOf(plain))).subarray(8),
        arOf('data.tar.gz', gzipSync(tarOf({ name: 'x.deb', data }))).subarray(8),
      ]);
    return deb(deb(Buffer.from(text)));
  },
  'cpio data behind the trailer': () => Buffer.concat([cpioOf(['a', Buffer.from('x')]), Buffer.from(text)]),
  'cpio archive behind the trailer': () =>
    Buffer.concat([cpioOf(['a', Buffer.from('x')]), Buffer.alloc(512), cpioOf(['b', Buffer.from(text)])]),
  'cpio trailer with data': () =>
    Buffer.concat([newc('a', Buffer.from('x')), newc('TRAILER!!!', Buffer.from(text), 0)]),
  'cpio symlink': () => cpioOf(['a', Buffer.from(KEY), 0o120777]),
  'cpio name with NUL': () => cpioOf([`a\0${KEY}`, Buffer.from('x')]),
  'rpm with a payload of nothing': () => {
    const lead = Buffer.alloc(96);
    lead.writeUInt32BE(0xedabeedb, 0);
    const header = Buffer.from([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    return Buffer.concat([lead, header, header, Buffer.from(text)]);
  },
  'rpm with a tar for a payload': () => {
    const lead = Buffer.alloc(96);
    lead.writeUInt32BE(0xedabeedb, 0);
    const header = Buffer.from([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    return Buffer.concat([lead, header, header, inner()]);
  },
  'xz streams with padding': () => {
    const [one, two] = [pipe('xz -c', 'x'), pipe('xz -c', text)];
    return one && two && Buffer.concat([one, Buffer.alloc(8), two]);
  },
  'xz with padding of 3 bytes': () => {
    const [one, two] = [pipe('xz -c', 'x'), pipe('xz -c', text)];
    return one && two && Buffer.concat([one, Buffer.alloc(3), two]);
  },
  'xz without a check, damaged': () => {
    const one = pipe('xz -c --check=none', text);
    return one && patched(one, 30, Buffer.from([0]));
  },
  'zstd skippable frame': () => {
    const one = pipe('zstd -q -c', 'x');
    return one && Buffer.concat([one, skippable(Buffer.from(text))]);
  },
  'zstd skippable frame that is gzip': () => {
    const one = pipe('zstd -q -c', 'x');
    return one && Buffer.concat([skippable(inner()), one]);
  },
  'zstd with a dictionary': () => {
    const one = pipe('zstd -q -c', text);
    return one && patched(one, 4, Buffer.from([one[4]! | 1]));
  },
  'lz4 legacy frame': () => legacyLz4(Buffer.from(text)),
  'lz4 legacy, then a modern frame': () => {
    const [one, two] = [legacyLz4(Buffer.from('x')), pipe('lz4 -q -c', text)];
    return one && two && Buffer.concat([one, two]);
  },
  'bzip2 concatenated': () => {
    const [one, two] = [pipe('bzip2 -c', 'x'), pipe('bzip2 -c', text)];
    return one && two && Buffer.concat([one, two]);
  },
  'bzip2 concatenated with zeros between': () => {
    const [one, two] = [pipe('bzip2 -c', 'x'), pipe('bzip2 -c', text)];
    return one && two && Buffer.concat([one, Buffer.alloc(100), two]);
  },
  'compress, then text': () => {
    const one = pipe('compress -c', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
    return one && Buffer.concat([one, Buffer.from(text)]);
  },
  'gzip 15 deep': () => nested(15, gzipSync),
  'gzip 20 deep': () => nested(20, gzipSync),
  'zip 20 deep': () => nested(20, (bytes) => zipOf([{ name: 'x', data: bytes }])),
  'all kinds nested': () =>
    nested(6, (bytes) => zipOf([{ name: 'x', data: gzipSync(cpioOf(['y', arOf('z', bytes)])) }])),
  'a PNG that is a zip': () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(300), zipOf([secret])]),
  'a GIF comment': () =>
    Buffer.from(`GIF89a\x01\0\x01\0\0\0\0!\xfe${String.fromCharCode(text.length)}${text}\0;`, 'latin1'),
  'a PDF with a zip behind it': () => Buffer.concat([Buffer.from('%PDF-1.4\n%%EOF\n'), zipOf([secret])]),
  'an ELF file with a zip behind it': () =>
    Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(200), zipOf([secret])]),
  'an ELF file with a gzip behind it': () =>
    Buffer.concat([
      Buffer.from('\x7fELF\x02\x01\x01'),
      Buffer.alloc(9000, 7),
      gzipSync(text.repeat(400) + noise(9000).toString('hex')),
    ]),
  'a shell archive': () => Buffer.from(`#!/bin/sh\nsed 1,3d "$0" | base64 -d | tar xz\nexit\n${base64(inner())}\n`),
  'a makeself archive': () => Buffer.concat([Buffer.from(`#!/bin/sh\n${'# comment\n'.repeat(50)}exit 0\n`), inner()]),
  'base64 in short lines': () => Buffer.from(base64(inner()).replace(/.{40}/g, '$&\n')),
  'base64 in lines behind dates': () =>
    Buffer.from(base64(inner()).replace(/.{1,64}/g, 'Nov 23 12:00:00 host x: $&\n')),
  'hexdump of a zip': () => pipe('hexdump -C', zipOf([secret])),
  'od of a gzip': () => pipe('od -x', inner()),
  'xxd of a gzip behind words': () => pipe('xxd | sed "s/^/[trace] /"', inner()),
  'base64 in JSON in base64': () =>
    Buffer.from(base64(Buffer.from(JSON.stringify({ release: base64(Buffer.from(base64(inner()))) })))),
  'escapes of Python': () =>
    Buffer.from(
      `data = b'${[...inner()].map((byte) => (byte > 32 && byte < 127 && byte !== 39 && byte !== 92 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('')}'\n`,
    ),
  'escapes of printf': () =>
    Buffer.from(`printf '${[...inner()].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}' | tar xz\n`),
  'percent escapes': () =>
    Buffer.from(
      `data:application/gzip,${[...inner()].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}\n`,
    ),
  'decimal bytes': () => Buffer.from(`{"type":"Buffer","data":[${[...inner()].join(',')}]}\n`),
  'uuencode in lower-case begin': () => pipe('uuencode x.gz', gzipSync(text)),
  'a mail without a Date': () =>
    Buffer.from(`Subject: x\nContent-Transfer-Encoding: base64\n\n${base64(inner()).replace(/.{76}/g, '$&\n')}\n`),
  'extension lies': () => inner(),
  'CRC lie in a gzip': () => patched(gzipSync(text), -8, u32(crc32('other'))),
};
