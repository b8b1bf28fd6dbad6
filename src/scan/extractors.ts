import { EbcdicExtractor } from './ebcdic-extractor.ts';
import { BACKSLASH, ENTITY, PERCENT, QUOTED_PRINTABLE } from './escape-codings.ts';
import { EscapeExtractor } from './escape-extractor.ts';
import { type Extractor, MAX_DEPTH } from './extractor.ts';
import { BASE64, HEX, RunExtractor } from './run-extractor.ts';
import { Utf16Extractor } from './utf16-extractor.ts';
import type { ViewScanner } from './view-scanner.ts';
import { WordDumpExtractor } from './word-dump-extractor.ts';

/** What is looked for in a view: other character encodings (not within one) and encoded runs, to `MAX_DEPTH`. */
export function extractorsFor(scanner: ViewScanner): Extractor[] {
  const { encoding, depth } = scanner.kind;
  if (depth >= MAX_DEPTH) return [];
  const characters = encoding === 'utf-8' ? [new Utf16Extractor(scanner), new EbcdicExtractor(scanner)] : [];
  const codings = [BASE64, HEX].map((coding) => new RunExtractor(scanner, coding));
  const escapes = [PERCENT, QUOTED_PRINTABLE, ENTITY, BACKSLASH].map((coding) => new EscapeExtractor(scanner, coding));
  return [...characters, ...codings, ...escapes, new WordDumpExtractor(scanner)];
}
