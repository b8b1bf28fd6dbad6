import type { Box, Format } from '../box.ts';
import type { Co } from '../reader.ts';
import { CODEC_FORMATS } from './codecs.ts';
import { cpio } from './cpio.ts';
import { gzip } from './gzip.ts';

const LEAD = 96;
/** Magic and version of a header structure, four reserved bytes, count of index entries, bytes of the store. */
const INTRO = 16;

/**
 * RPM packages: lead, signature header, header, and a cpio archive, mostly compressed (rpm's "Package format" manual).
 * Lead and headers are one pseudo-entry: their store is plain text and numbers.
 */
export const rpm: Format = {
  id: 'rpm',
  media: 'application/x-rpm',
  sniff: (head) => head.length >= LEAD && Buffer.from(head.buffer, head.byteOffset, 4).readUInt32BE() === 0xedabeedb,
  *walk(box: Box) {
    const signature = yield* headerEnd(box, LEAD);
    // The signature header is padded to eight bytes; the main header is not.
    const header = yield* headerEnd(box, signature + ((8 - (signature % 8)) % 8));
    yield* box.stored({ name: Buffer.from('#header@0'), kind: 'pseudo', where: 'header-field', plain: true }, header);
    const head = yield* box.reader.peek(256);
    const format = [gzip, ...CODEC_FORMATS, cpio].find((candidate) => candidate.sniff(head, undefined, undefined));
    if (!format) box.fail('unsupported', 'the payload of an RPM package is in no known format');
    yield* format.walk(box);
  },
};

/** Where the header structure ends that begins at `from`. */
function* headerEnd(box: Box, from: number): Co<number> {
  const { entryMetadata } = box.budget.limits;
  // The headers list all files of the package, so they may be long; they are read in one piece once.
  const most = 32 * entryMetadata;
  const seen = Buffer.from((yield* box.reader.peek(from + INTRO)).subarray(from));
  if (seen.length < INTRO) box.fail('truncated', 'an RPM header is cut off', from);
  if (seen.readUInt32BE(0) !== 0x8eade801) box.fail('corrupt', 'no RPM header structure', from);
  const end = from + INTRO + 16 * seen.readUInt32BE(8) + seen.readUInt32BE(12);
  if (end > most) box.fail('over-metadata', `an RPM header of ${end - from} bytes`, from);
  return end;
}
