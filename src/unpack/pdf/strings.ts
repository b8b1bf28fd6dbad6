import type { PdfFile } from './file.ts';
import { PdfString, type PdfValue } from './lexer.ts';

/** A text string (ISO 32000-2, section 7.9.2.2): UTF-16 or UTF-8 by its mark, else PDFDocEncoding, taken as Windows-1252. */
export function shownText(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes);
  return new TextDecoder('windows-1252').decode(bytes);
}

const CONTROLS = /[\0-\x08\x0e-\x1f]/g;
/** Keys whose names tell nothing. */
const LONG_BINARY = 64;

/** Strings outside of pages: document information, annotations, form fields and their values, scripts, names. */
export function* documentStrings(
  file: PdfFile,
  binary: (offset: number, bytes: Uint8Array) => void,
): Generator<string> {
  for (const { offset, value } of file.objects) {
    if (value instanceof Map) {
      const [name, content] = [file.resolve(value.get('T')), file.resolve(value.get('V'))];
      if (name instanceof PdfString && content instanceof PdfString) {
        yield `${shownText(name.bytes)}=${shownText(content.bytes)}\n`;
      }
    }
    for (const { key, bytes } of strings(value, '')) {
      const text = shownText(bytes);
      const controls = text.match(CONTROLS)?.length ?? 0;
      if (bytes.length > LONG_BINARY && controls * 20 > text.length) binary(offset, bytes);
      else yield key === '' ? `${text}\n` : `${key}=${text}\n`;
    }
  }
}

function* strings(value: PdfValue, key: string): Generator<{ key: string; bytes: Uint8Array }> {
  if (value instanceof PdfString) {
    if (value.bytes.length > 0) yield { key, bytes: value.bytes };
  } else if (Array.isArray(value)) {
    for (const item of value) yield* strings(item, key);
  } else if (value instanceof Map) {
    for (const [name, item] of value) yield* strings(item, name);
  }
}
