import type { Box, Format } from '../box.ts';

/** A compressed format that is recognised and not decoded yet. */
export interface CodecFormat extends Format {
  readonly magic: Buffer;
  /** A stricter look, for places where the magic may stand by chance. */
  readonly confirm: (head: Uint8Array) => boolean;
}

const undecoded = (id: string, media: string, magic: string, confirm: (head: Uint8Array) => boolean): CodecFormat => ({
  id,
  media,
  magic: Buffer.from(magic, 'latin1'),
  confirm,
  sniff: () => false,
  *walk(box: Box) {
    box.gap('unsupported', `${id} is not decoded`, box.reader.position);
    yield* box.tail('payload', 'tail');
  },
});

/** Compressed formats with magic numbers long enough to be looked for behind a header. */
export const CODEC_FORMATS: readonly CodecFormat[] = [
  // RFC 8878, 3.1.1.1.1: the reserved bit of the frame header is zero.
  undecoded('zstd', 'application/zstd', '\x28\xb5\x2f\xfd', (head) => (head[4]! & 8) === 0),
  undecoded('xz', 'application/x-xz', '\xfd7zXZ\0\0', () => true),
  undecoded('bzip2', 'application/x-bzip2', 'BZh', (head) =>
    /^BZh[1-9]1AY&SY/.test(Buffer.from(head.subarray(0, 10)).toString('latin1')),
  ),
  undecoded('lz4', 'application/x-lz4', '\x04\x22\x4d\x18', (head) => (head[4]! & 0xc2) === 0x40),
];
