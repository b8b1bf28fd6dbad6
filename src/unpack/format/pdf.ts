import type { Gap } from '../../model/index.ts';
import type { Box, Format } from '../box.ts';
import { derivedText } from '../derived.ts';
import { EntropyMeter } from '../entropy.ts';
import { DocumentTexts } from '../pdf/document-text.ts';
import { nameOf, PdfFile, type PdfStream } from '../pdf/file.ts';
import { type PdfDict, PdfRef, PdfString } from '../pdf/lexer.ts';
import { SMALL_PICTURE } from '../pdf/page-text.ts';
import { documentStrings, shownText } from '../pdf/strings.ts';
import { decryptedType1 } from '../pdf/type1.ts';
import { type Co, chunkOf } from '../reader.ts';
import { inMemory } from '../sources.ts';
import { wholeFile } from '../whole-file.ts';

/** Readers look for the header in the first kilobyte. */
const HEADER_REACH = 1024;

/**
 * PDF (ISO 32000-2): the file's bytes are its own content; every stream, decoded, is a member, reachable from a page or
 * not; the text of pages and the strings of all objects follow as `#text@` and `#strings@`. Pictures are not read.
 */
export const pdf: Format = {
  id: 'pdf',
  media: 'application/pdf',
  coverage: 'decoded',
  sniff: (head) => {
    const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEADER_REACH)).toString('latin1');
    const at = start.indexOf('%PDF-');
    // Behind something else only where objects follow: a text may speak of it.
    return at === 0 || (at > 0 && /%PDF-\d\.\d\s[\s\S]{0,200}?\d+ \d+ obj\b/.test(start.slice(at)));
  },
  *walk(box) {
    const bytes = yield* wholeFile(box);
    if (!bytes) return;
    const file = new PdfFile(bytes, box.budget);
    if (file.encrypted) {
      box.gap('encrypted', 'a PDF with encrypted strings and streams');
      return;
    }
    file.openObjectStreams();
    box.gaps.push(...file.gaps);
    const meter = new EntropyMeter();
    for (const piece of file.outside()) meter.update(piece, false);
    if (meter.finish()) box.gap('high-entropy', 'bytes outside of all streams look compressed or encrypted');
    yield* texts(box, file);
    const names = embeddedNames(file);
    for (const stream of file.streams) yield* member(box, file, stream, names.get(stream.number));
  },
};

function* texts(box: Box, file: PdfFile): Co<void> {
  const binary: { offset: number; bytes: Uint8Array }[] = [];
  const strings = documentStrings(file, (offset, bytes) => binary.push({ offset, bytes }));
  yield* derivedText(box, 'strings', 0, strings);
  for (const { offset, bytes } of binary) yield* box.aside('string', offset, 'content', bytes);
  for (const { offset, gaps, text } of new DocumentTexts(file, box.budget).texts()) {
    yield* derivedText(box, 'text', offset, text, gaps);
  }
}

function* member(box: Box, file: PdfFile, stream: PdfStream, embedded: string | undefined): Co<void> {
  const { bytes, slack, gap } = file.decode(stream);
  const gaps: Gap[] = [];
  if (stream.gap) gaps.push(stream.gap);
  if (gap) gaps.push({ ...gap, offset: stream.offset });
  if (!gap && showsPicture(stream.dict, file)) {
    gaps.push({ code: 'image-not-read', detail: 'a picture in a PDF', offset: stream.offset });
  }
  const about =
    embedded === undefined
      ? { name: Buffer.from(`#stream@${stream.offset}`), kind: 'pseudo', where: 'content' }
      : { name: Buffer.from(embedded), kind: 'file' };
  const font = outlines(bytes, stream.dict, file);
  const content = {
    source: chunkOf(bytes),
    size: bytes.length,
    random: inMemory(bytes),
    compressed: font !== undefined,
  };
  yield* box.member({ ...(about as { name: Buffer; kind: 'file' }), gaps, ...(bytes.length > 0 && content) });
  if (font) yield* box.aside('font', stream.offset, 'content', font);
  yield* box.aside('slack', stream.offset, 'slack', slack);
}

function outlines(bytes: Uint8Array, dict: PdfDict, file: PdfFile): Uint8Array | undefined {
  const [clear, encrypted] = [file.resolve(dict.get('Length1')), file.resolve(dict.get('Length2'))];
  if (typeof clear !== 'number' || typeof encrypted !== 'number' || clear < 0) return undefined;
  return decryptedType1(bytes, clear, encrypted);
}

function showsPicture(dict: PdfDict, file: PdfFile): boolean {
  if (nameOf(file.resolve(dict.get('Subtype'))) !== 'Image') return false;
  const pixels = Number(file.resolve(dict.get('Width'))) * Number(file.resolve(dict.get('Height')));
  return !(pixels <= SMALL_PICTURE);
}

/** Names of embedded files by the number of their stream (section 7.11.4). */
function embeddedNames(file: PdfFile): Map<number, string> {
  const names = new Map<number, string>();
  for (const { value } of file.objects) {
    const files = value instanceof Map ? file.resolve(value.get('EF')) : undefined;
    if (!(value instanceof Map && files instanceof Map)) continue;
    const name = file.resolve(value.get('UF') ?? value.get('F'));
    for (const ref of files.values()) {
      if (ref instanceof PdfRef && name instanceof PdfString)
        names.set(ref.number, shownText(name.bytes).replace(/^\ufeff/, ''));
    }
  }
  return names;
}
