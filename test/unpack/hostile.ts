import { deflateRawSync, gzipSync } from 'node:zlib';
import { END, paxRecord, tarHeader, tarMember, tarOf, zipOf } from './archive-builder.ts';
import { noise } from './tree.ts';

/** What every case hides; a scan of all that is handed on must come by it. */
export const CANARY = 'CANARY-5e81';

/** An archive made to hide something, or to mislead a reader, and what has to come of it. */
export interface Hostile {
  readonly bytes: () => Buffer;
  /** Codes that must be among the gaps; an empty list means that there may be none at all. */
  readonly gaps: readonly string[];
  /** The canary is hidden where it can be read, so it must be handed on. */
  readonly hides?: boolean;
}

const text = `a log line\nwith ${CANARY} in it\n`;
const plain = { name: 'plain', data: 'nothing here\n' };
const secret = { name: 'secret', data: text };
const extra = (id: number, value: string): Buffer => {
  const field = Buffer.alloc(4 + value.length);
  field.writeUInt16LE(id);
  field.writeUInt16LE(value.length, 2);
  field.write(value, 4);
  return field;
};
const gzipWith = (flags: number, field: Buffer): Buffer => {
  const bare = gzipSync('content\n');
  const head = Buffer.from(bare.subarray(0, 10));
  head[3] = flags;
  return Buffer.concat([head, field, bare.subarray(10)]);
};
const patched = (bytes: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
};
const sparse = (stored: string, size: string): Buffer => {
  const map = [
    [257, 'ustar  \0'],
    [386, '00000000000\0'],
    [398, stored],
    [483, size],
  ] as const;
  const header = tarHeader({ name: 'sparse', type: 'S', size: 512, patch: map });
  return Buffer.concat([header, Buffer.from(CANARY.padEnd(512, '\0')), END]);
};

/** Named after what must come of it. */
export const HOSTILE: Readonly<Record<string, Hostile>> = {
  'tar: .. in a name is unsafe-path': {
    bytes: () => tarOf({ ...secret, name: '../../etc/x' }),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'tar: absolute name is unsafe-path': {
    bytes: () => tarOf({ ...secret, name: '/etc/x' }),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'tar: drive letter is unsafe-path': {
    bytes: () => tarOf({ ...secret, name: 'C:\\x' }),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'tar: backslashes are unsafe-path': {
    bytes: () => tarOf({ ...secret, name: 'a\\..\\b' }),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'tar: a backslash that may separate is unsafe-path': {
    bytes: () => tarOf({ ...secret, name: 'system-a\\x2db\\c' }),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'tar: an escape in the name of a systemd unit is no gap': {
    bytes: () => tarOf({ ...secret, name: 'system-a\\x2db.slice' }),
    gaps: [],
    hides: true,
  },
  'tar: pax path with .. is unsafe-path': {
    bytes: () => tarOf({ name: 'PaxHeaders/file', type: 'x', data: paxRecord('path', '../out') }, secret),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'tar: pax path with NUL is unsafe-path': {
    bytes: () => tarOf({ name: 'PaxHeaders/file', type: 'x', data: paxRecord('path', `a\0${CANARY}`) }, plain),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'tar: symlink to / is link-outside': {
    bytes: () => tarOf({ name: 'l', type: '2', link: `/etc/${CANARY}` }),
    gaps: ['link-outside'],
    hides: true,
  },
  'tar: symlink above the root is link-outside': {
    bytes: () => tarOf({ name: 'd/l', type: '2', link: '../../x' }),
    gaps: ['link-outside'],
  },
  'tar: symlink inside is no gap': { bytes: () => tarOf({ name: 'd/l', type: '2', link: '../x' }), gaps: [] },
  'tar: hardlink above the root is link-outside': {
    bytes: () => tarOf({ name: 'd/l', type: '1', link: '../x' }),
    gaps: ['link-outside'],
  },
  'tar: device is device': { bytes: () => tarOf({ name: 'null', type: '3' }), gaps: ['device'] },
  'tar: fifo is device': { bytes: () => tarOf({ name: 'fifo', type: '6' }), gaps: ['device'] },
  'tar: data of a symlink is data-in-link': {
    bytes: () => tarOf({ name: 'l', type: '2', link: 'x', data: text }),
    gaps: ['data-in-link'],
    hides: true,
  },
  'tar: data of a directory is data-in-link': {
    bytes: () => tarOf({ name: 'd/', type: '5', data: text }),
    gaps: ['data-in-link'],
    hides: true,
  },
  'tar: data of a device is data-in-link': {
    bytes: () => tarOf({ name: 'n', type: '4', data: text }),
    gaps: ['data-in-link', 'device'],
    hides: true,
  },
  'tar: unknown type is a file': { bytes: () => tarOf({ ...secret, type: 'Q' }), gaps: [], hides: true },
  'tar: same name twice is duplicate-name': {
    bytes: () => tarOf(secret, { ...secret, data: 'other' }),
    gaps: ['duplicate-name'],
    hides: true,
  },
  'tar: ./name is the same name': {
    bytes: () => tarOf(secret, { ...secret, name: './secret' }),
    gaps: ['duplicate-name'],
  },
  'tar: names that differ in case are case-collision': {
    bytes: () => tarOf(plain, { ...secret, name: 'PLAIN' }),
    gaps: ['case-collision'],
    hides: true,
  },
  'tar: NFC and NFD are unicode-collision': {
    bytes: () => tarOf({ ...plain, name: 'caf\u00e9' }, { ...secret, name: 'cafe\u0301' }),
    gaps: ['unicode-collision'],
    hides: true,
  },
  'tar: slack behind data is handed on': { bytes: () => tarOf({ ...plain, slack: CANARY }), gaps: [], hides: true },
  'tar: residue behind a name is handed on': {
    bytes: () => tarOf({ ...plain, patch: [[50, CANARY]] }),
    gaps: [],
    hides: true,
  },
  'tar: text at the end of a header is handed on': {
    bytes: () => tarOf({ ...plain, patch: [[500, CANARY]] }),
    gaps: [],
    hides: true,
  },
  'tar: text in a number field is handed on': {
    bytes: () => tarOf({ ...plain, patch: [[136, CANARY]] }),
    gaps: [],
    hides: true,
  },
  'tar: user names are handed on': { bytes: () => tarOf({ ...plain, uname: CANARY }), gaps: [], hides: true },
  'tar: pax comment is handed on': {
    bytes: () => tarOf({ name: 'PaxHeaders/plain', type: 'x', data: paxRecord('comment', CANARY) }, plain),
    gaps: [],
    hides: true,
  },
  'tar: pax attribute is handed on': {
    bytes: () => tarOf({ name: 'PaxHeaders/plain', type: 'x', data: paxRecord('SCHILY.xattr.user.x', CANARY) }, plain),
    gaps: [],
    hides: true,
  },
  'tar: first of two pax paths is handed on': {
    bytes: () =>
      tarOf(
        { name: 'PaxHeaders/plain', type: 'x', data: paxRecord('path', CANARY) + paxRecord('path', 'plain') },
        plain,
      ),
    gaps: [],
    hides: true,
  },
  'tar: name of a pax header is handed on': {
    bytes: () => tarOf({ name: CANARY, type: 'x', data: paxRecord('mtime', '1.5') }, plain),
    gaps: [],
    hides: true,
  },
  'tar: global pax comment is handed on': {
    bytes: () => tarOf({ name: 'pax_global_header', type: 'g', data: paxRecord('comment', CANARY) }, plain),
    gaps: [],
    hides: true,
  },
  'tar: name that a long name overrides is handed on': {
    bytes: () => tarOf({ name: '././@LongLink', type: 'L', data: 'harmless\0' }, { ...plain, name: CANARY }),
    gaps: [],
    hides: true,
  },
  'tar: text behind a long name is handed on': {
    bytes: () => tarOf({ name: '././@LongLink', type: 'L', data: `plain\0${CANARY}` }, plain),
    gaps: [],
    hides: true,
  },
  'tar: broken pax header is corrupt': {
    bytes: () => tarOf({ name: 'PaxHeaders/plain', type: 'x', data: `99 ${CANARY}` }, plain),
    gaps: ['corrupt'],
    hides: true,
  },
  'tar: long pax header is over-metadata': {
    bytes: () =>
      tarOf(
        { name: 'PaxHeaders/plain', type: 'x', data: paxRecord('comment', `${CANARY}${'x'.repeat(2 ** 21)}`) },
        plain,
      ),
    gaps: ['over-metadata'],
    hides: true,
  },
  'tar: member behind the end is handed on': {
    bytes: () => Buffer.concat([tarOf(plain), tarOf(secret)]),
    gaps: [],
    hides: true,
  },
  'tar: gzip behind the end is opened': {
    bytes: () => Buffer.concat([tarOf(plain), gzipSync(text)]),
    gaps: [],
    hides: true,
  },
  'tar: text behind the end is handed on': {
    bytes: () => Buffer.concat([tarOf(plain), Buffer.from(CANARY)]),
    gaps: [],
    hides: true,
  },
  'tar: member behind one zero block is handed on': {
    bytes: () => Buffer.concat([tarMember(plain), Buffer.alloc(512), tarOf(secret)]),
    gaps: [],
    hides: true,
  },
  'tar: missing end is truncated': { bytes: () => tarMember(secret), gaps: ['truncated'], hides: true },
  'tar: cut in data is truncated': {
    bytes: () => tarOf(secret, { name: 'b', data: noise(5000) }).subarray(0, 2500),
    gaps: ['truncated'],
    hides: true,
  },
  'tar: cut in a header is truncated': {
    bytes: () => Buffer.concat([tarMember(secret), tarHeader(plain).subarray(0, 200)]),
    gaps: ['truncated'],
    hides: true,
  },
  'tar: bad checksum is corrupt, the rest handed on': {
    bytes: () => Buffer.concat([tarMember(plain), tarMember({ ...secret, badChecksum: true }), END]),
    gaps: ['corrupt'],
    hides: true,
  },
  'tar: negative size is corrupt': {
    bytes: () => Buffer.concat([tarMember(plain), tarMember({ ...secret, size: Buffer.alloc(12, 0xff) }), END]),
    gaps: ['corrupt'],
    hides: true,
  },
  'tar: size that is no number is corrupt': {
    bytes: () => Buffer.concat([tarMember(plain), tarMember({ ...secret, size: 'xyz' }), END]),
    gaps: ['corrupt'],
    hides: true,
  },
  'tar: size too large is truncated': {
    bytes: () => Buffer.concat([tarMember(plain), tarMember({ ...secret, size: 2 ** 30 }), END]),
    gaps: ['truncated'],
    hides: true,
  },
  'tar: base-256 size is read': {
    bytes: () => tarOf({ ...secret, size: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Buffer.byteLength(text)]) }),
    gaps: [],
    hides: true,
  },
  'tar: sparse map that does not add up is corrupt': {
    bytes: () => sparse('00000000100\0', '00000001000\0'),
    gaps: ['corrupt'],
    hides: true,
  },
  'tar: hole of 8 GiB is over-ratio': {
    bytes: () => sparse('00000001000\0', '77777777777\0'),
    gaps: ['over-ratio'],
    hides: true,
  },
  'gzip: name is handed on': { bytes: () => gzipWith(8, Buffer.from(`dir/${CANARY}/x\0`)), gaps: [], hides: true },
  'gzip: comment is handed on': { bytes: () => gzipWith(16, Buffer.from(`${CANARY}\0`)), gaps: [], hides: true },
  'gzip: extra field is handed on': {
    bytes: () => gzipWith(4, Buffer.concat([Buffer.from([CANARY.length, 0]), Buffer.from(CANARY)])),
    gaps: [],
    hides: true,
  },
  'gzip: wrong header CRC is checksum-mismatch': {
    bytes: () => gzipWith(2, Buffer.from([1, 2])),
    gaps: ['checksum-mismatch'],
  },
  'gzip: second member is content': {
    bytes: () => Buffer.concat([gzipSync('a\n'), gzipSync(text)]),
    gaps: [],
    hides: true,
  },
  'gzip: member behind zero padding is content': {
    bytes: () => Buffer.concat([gzipSync('a\n'), Buffer.alloc(700), gzipSync(text)]),
    gaps: [],
    hides: true,
  },
  'gzip: text behind the end is handed on': {
    bytes: () => Buffer.concat([gzipSync('a\n'), Buffer.from(CANARY)]),
    gaps: [],
    hides: true,
  },
  'gzip: zip behind the end is opened': {
    bytes: () => Buffer.concat([gzipSync('a\n'), zipOf([secret])]),
    gaps: [],
    hides: true,
  },
  'gzip: wrong CRC is checksum-mismatch': {
    bytes: () => patched(gzipSync(text), -8, 1),
    gaps: ['checksum-mismatch'],
    hides: true,
  },
  'gzip: wrong size is size-mismatch': {
    bytes: () => patched(gzipSync(text), -4, 99),
    gaps: ['size-mismatch'],
    hides: true,
  },
  'gzip: cut off is truncated': {
    bytes: () => gzipSync(tarOf(secret, { name: 'n', data: noise(90_000) })).subarray(0, 60_000),
    gaps: ['truncated'],
    hides: true,
  },
  'gzip: cut in the trailer is truncated': {
    bytes: () => gzipSync(text).subarray(0, -3),
    gaps: ['truncated'],
    hides: true,
  },
  'zip: .. in a name is unsafe-path': {
    bytes: () => zipOf([{ ...secret, name: '../x' }]),
    gaps: ['unsafe-path'],
    hides: true,
  },
  'zip: same name twice is duplicate-name': {
    bytes: () => zipOf([secret, { ...secret, data: 'x' }]),
    gaps: ['duplicate-name'],
    hides: true,
  },
  'zip: unlisted member is opened and truncated': {
    bytes: () => zipOf([plain, { ...secret, unlisted: true }]),
    gaps: ['truncated'],
    hides: true,
  },
  'zip: text between members is handed on': {
    bytes: () => zipOf([plain, { ...plain, name: 'b', before: CANARY }]),
    gaps: [],
    hides: true,
  },
  'zip: text before the directory is handed on': {
    bytes: () => zipOf([plain], { beforeDirectory: CANARY }),
    gaps: [],
    hides: true,
  },
  'zip: text in front is handed on': { bytes: () => zipOf([plain], { prefix: CANARY }), gaps: [], hides: true },
  'zip: text in front with counted offsets is handed on': {
    bytes: () => zipOf([plain], { prefix: CANARY, countPrefix: true }),
    gaps: [],
    hides: true,
  },
  'zip: archive in front of another is opened': {
    bytes: () => zipOf([plain], { prefix: zipOf([secret]) }),
    gaps: [],
    hides: true,
  },
  'zip: text behind is handed on': {
    bytes: () => Buffer.concat([zipOf([plain]), Buffer.from(CANARY)]),
    gaps: [],
    hides: true,
  },
  'zip: archive comment is handed on': { bytes: () => zipOf([plain], { comment: CANARY }), gaps: [], hides: true },
  'zip: member comment is handed on': { bytes: () => zipOf([{ ...plain, comment: CANARY }]), gaps: [], hides: true },
  'zip: extra field is handed on': {
    bytes: () => zipOf([{ ...plain, extra: extra(0x4444, CANARY) }]),
    gaps: [],
    hides: true,
  },
  'zip: Unicode path of another name is header-mismatch': {
    bytes: () => zipOf([{ ...plain, extra: extra(0x7075, `\x01abcd${CANARY}`) }]),
    gaps: ['header-mismatch'],
    hides: true,
  },
  'zip: other local name is header-mismatch': {
    bytes: () => zipOf([{ ...plain, local: { name: CANARY } }]),
    gaps: ['header-mismatch'],
    hides: true,
  },
  'zip: other local size is header-mismatch': {
    bytes: () => zipOf([{ ...secret, local: { size: 3 } }]),
    gaps: ['header-mismatch'],
    hides: true,
  },
  'zip: other local CRC is header-mismatch': {
    bytes: () => zipOf([{ ...secret, local: { crc: 3 } }]),
    gaps: ['header-mismatch'],
    hides: true,
  },
  'zip: other method is header-mismatch': {
    bytes: () => zipOf([{ ...secret, local: { method: 0 } }]),
    gaps: ['header-mismatch'],
    hides: true,
  },
  'zip: wrong CRC is checksum-mismatch': {
    bytes: () => zipOf([{ ...secret, local: { crc: 7 }, central: { crc: 7 } }]),
    gaps: ['checksum-mismatch'],
    hides: true,
  },
  'zip: size too small is size-mismatch': {
    bytes: () => zipOf([{ ...secret, local: { size: 5 }, central: { size: 5 } }]),
    gaps: ['size-mismatch'],
    hides: true,
  },
  'zip: data behind a stream is handed on': {
    bytes: () =>
      zipOf([{ ...plain, raw: Buffer.concat([deflateRawSync(Buffer.from(plain.data)), Buffer.from(CANARY)]) }]),
    gaps: [],
    hides: true,
  },
  'zip: broken stream is corrupt, next member read': {
    bytes: () => zipOf([{ ...plain, raw: Buffer.from('\xff\xff\xff\xff', 'latin1') }, secret]),
    gaps: ['corrupt'],
    hides: true,
  },
  'zip: encrypted is encrypted': {
    bytes: () => zipOf([{ ...plain, flags: 1 }, secret]),
    gaps: ['encrypted'],
    hides: true,
  },
  'zip: AES is encrypted': { bytes: () => zipOf([{ ...plain, method: 99, raw: noise(40) }]), gaps: ['encrypted'] },
  'zip: PPMd is unsupported': {
    bytes: () => zipOf([{ ...plain, method: 98, raw: noise(40) }, secret]),
    gaps: ['unsupported'],
    hides: true,
  },
  'zip: unknown method is unsupported': {
    bytes: () => zipOf([{ ...plain, method: 77, raw: noise(40) }]),
    gaps: ['unsupported'],
  },
  'zip: two members at one place is overlap': {
    bytes: () => zipOf([secret, { ...secret, name: 'secret', central: { offset: 0 } }]),
    gaps: ['overlap'],
    hides: true,
  },
  'zip: offset into nowhere is corrupt': {
    bytes: () => zipOf([{ ...plain, central: { offset: 5 } }, secret]),
    gaps: ['corrupt'],
    hides: true,
  },
  'zip: wrong count is header-mismatch': {
    bytes: () => zipOf([secret, plain], { count: 1 }),
    gaps: ['header-mismatch'],
    hides: true,
  },
  'zip: no directory is truncated': {
    bytes: () => zipOf([secret, plain]).subarray(0, 110),
    gaps: ['truncated'],
    hides: true,
  },
  'zip: data of a directory is data-in-link': {
    bytes: () => zipOf([{ ...secret, name: 'd/', mode: 0o40755 }]),
    gaps: ['data-in-link'],
    hides: true,
  },
  'zip: symlink to / is link-outside': {
    bytes: () => zipOf([{ name: 'l', data: `/${CANARY}`, mode: 0o120777 }]),
    gaps: ['link-outside'],
    hides: true,
  },
  'zip: device is device': { bytes: () => zipOf([{ name: 'n', mode: 0o20666 }]), gaps: ['device'] },
  'zip: data descriptor that fits is no gap': {
    bytes: () => zipOf([{ ...secret, descriptor: true }]),
    gaps: [],
    hides: true,
  },
  'tar: Latin-1 names that differ are no gap': {
    bytes: () => tarOf({ ...plain, name: Buffer.from([0x61, 0xe4]) }, { ...secret, name: Buffer.from([0x61, 0xf6]) }),
    gaps: [],
    hides: true,
  },
  'uuencode: a line that is too short is corrupt': {
    bytes: () => Buffer.from(`begin 644 x\nM${CANARY}\n`),
    gaps: ['corrupt'],
    hides: true,
  },
  'polyglot: zip behind a picture is opened': {
    bytes: () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(400), zipOf([secret])]),
    gaps: ['not-decoded'],
    hides: true,
  },
  'polyglot: zip behind text is opened': {
    bytes: () => Buffer.concat([Buffer.from('#!/bin/sh\nexit\n'), zipOf([secret])]),
    gaps: [],
    hides: true,
  },
  'encrypted: gpg is encrypted': {
    bytes: () => Buffer.concat([Buffer.from([0x85, 0x02, 0x0c, 0x03]), noise(700)]),
    gaps: ['encrypted'],
  },
  'encrypted: age is encrypted': {
    bytes: () => Buffer.from('age-encryption.org/v1\n-> X25519 abc\n'),
    gaps: ['encrypted'],
  },
  'encrypted: openssl is encrypted': {
    bytes: () => Buffer.concat([Buffer.from('Salted__'), noise(600)]),
    gaps: ['encrypted'],
  },
  'xml: doctype is xml-doctype': {
    bytes: () => Buffer.from(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "${CANARY}">]><a>&b;</a>`),
    gaps: ['xml-doctype'],
    hides: true,
  },
  'xml: doctype behind a long comment is xml-doctype': {
    bytes: () => Buffer.from(`<?xml version="1.0"?><!--${'x'.repeat(300_000)}--><!DOCTYPE a SYSTEM "file:///x"><a/>`),
    gaps: ['xml-doctype'],
  },
  'xml: doctype in UTF-16 is xml-doctype': {
    bytes: () => Buffer.from('\ufeff<?xml version="1.0"?><!DOCTYPE a><a/>', 'utf16le'),
    gaps: ['xml-doctype'],
  },
  'html: its own doctype is no gap': { bytes: () => Buffer.from('<!DOCTYPE html>\n<html></html>\n'), gaps: [] },
};
