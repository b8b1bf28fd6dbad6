/** One line of a hexadecimal dump. */
export interface DumpLine {
  readonly bytes: Uint8Array;
  /** The number in front of the bytes. */
  readonly offset: string | undefined;
  /** Digits of a group. */
  readonly group: number;
  /** Where the bytes begin; in all lines of a dump at the same place. */
  readonly column: number;
}

/** The first line of a dump has so many bytes, later ones at least one. */
export const FIRST_LINE = 8;

const TOKEN = /([0-9a-f]+)(:?)( *)|\S/gi;
const GROUPS: ReadonlySet<number> = new Set([2, 4, 8, 16]);

/**
 * Reads a line as `xxd`, `hexdump`, `od`, `tcpdump -X` and debuggers write it, and as bytes are listed in source code:
 * groups of two, four, eight or sixteen digits, with or without a number in front, text behind, `0x` or `\x` before each.
 * `first` is the first line of the same dump, if this is not the first. `undefined` if it is none.
 */
export function parseDumpLine(line: string, first?: DumpLine): DumpLine | undefined {
  const plain = line.replace(/[,;]? *(?:\\x|0x)/gi, ' ').replace(/[,;{}"'()\t]/g, ' ');
  const group = first?.group ?? 0;
  const wanted = first ? 2 : 2 * FIRST_LINE;
  let column = first?.column ?? 0;
  let offset = first && /([0-9a-f]+):? *$/i.exec(plain.slice(0, column))?.[1];
  let length = group;
  let digits = '';
  for (const { index, 1: token, 2: colon, 3: blanks } of plain.slice(column).matchAll(TOKEN)) {
    if (digits === '' && !first) column = index;
    const counts = token !== undefined && colon === ':' && (blanks !== '' || token.length > 2);
    if (token !== undefined && digits === '' && !first && (counts || isOffset(token, offset))) {
      offset = token;
    } else if (
      token !== undefined &&
      !counts &&
      GROUPS.has(token.length) &&
      (length === 0 || token.length === length)
    ) {
      length = token.length;
      digits += token;
    } else if (digits.length >= wanted) {
      // The last group of a file may have fewer digits.
      if (token !== undefined && token.length % 2 === 0 && token.length < length && !counts) digits += token;
      break;
    } else {
      const restart = token !== undefined && group === 0 && !counts && GROUPS.has(token.length);
      offset = digits === '' ? token : digits;
      length = restart ? token.length : group;
      digits = restart ? token : '';
      if (restart) column = index;
    }
    if (digits.length >= wanted && endsBytes(blanks?.length ?? 0, digits.length / 2, length)) break;
  }
  return digits.length < wanted ? undefined : { bytes: Buffer.from(digits, 'hex'), offset, group: length, column };
}

/** Of the first line it is zero. */
function isOffset(token: string, known: string | undefined): boolean {
  return known === undefined && token.length >= 4 && /^0+$/.test(token);
}

/** A gap of two blanks stands in the middle of sixteen bytes, or between bytes and their text; a wider one only there. */
function endsBytes(blanks: number, bytes: number, group: number): boolean {
  if (blanks < 2) return false;
  return blanks > 2 || group > 2 || bytes % 16 === 0 || bytes < 8;
}
