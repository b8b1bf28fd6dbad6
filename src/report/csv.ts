import { printable, type ResultEntry, type StoredResult } from '../model/index.ts';
import { holdingFindings } from './holding.ts';

const CHUNK = 1 << 15;

const HEADER = [
  'ordinal',
  'path',
  'kind',
  'size',
  'sha256',
  'media',
  'coverage',
  'gaps',
  'item',
  'status',
  'context',
  'findings',
  'counting',
];

/**
 * The register of entries (RFC 4180, UTF-8). A field that a spreadsheet would take for a formula gets a leading
 * apostrophe; path segments are joined by `!/`, with control and invisible characters escaped.
 */
export async function* renderCsv(result: StoredResult): AsyncGenerator<Uint8Array> {
  const register = new RegisterLines(result.head);
  let text = register.header;
  for await (const entry of result.entries()) {
    text += register.line(entry);
    if (text.length > CHUNK) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(text);
}

/** The lines of the register, for those who read the entries anyway. */
export class RegisterLines {
  readonly header = csvLine(HEADER);
  readonly #holding: ReturnType<typeof holdingFindings>;
  #ordinal = 0;

  constructor(head: StoredResult['head']) {
    this.#holding = holdingFindings(head);
  }

  line(entry: ResultEntry): string {
    const line = csvLine([
      String(this.#ordinal),
      entry.path.join('!/'),
      entry.kind,
      entry.size === null ? '' : String(entry.size),
      entry.sha256 ?? '',
      entry.media,
      entry.coverage,
      [...new Set(entry.gaps.map(({ code }) => code))].join(' '),
      entry.item?.id ?? '',
      entry.item?.status ?? '',
      entry.item?.context ?? '',
      String(counted(entry.findings)),
      String(counted([...this.#holding(entry)])),
    ]);
    this.#ordinal += 1;
    return line;
  }
}

const counted = (list: ResultEntry['findings']): number => list.reduce((sum, { count }) => sum + (count ?? 1), 0);

function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/** One field, safe for spreadsheets (a leading sign or blank control makes a formula) and for readers (no hidden characters). */
export function csvField(text: string): string {
  const visible = printable(text);
  const safe = /^[=+\-@|%\t\r\n]|^\s+[=+\-@|%]/.test(visible) ? `'${visible}` : visible;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
