import { CMap, codeOf } from './cmap.ts';
import { nameOf, type PdfFile } from './file.ts';
import { baseEncoding, glyphText } from './glyphs.ts';
import { type PdfDict, PdfName, type PdfValue } from './lexer.ts';
import { type1Encoding } from './type1.ts';
import { standardWidth } from './widths.ts';

/** One shown character code. */
export interface Glyph {
  /** `undefined` where the font has no map to text. */
  readonly text: string | undefined;
  /** In the unit of text space, for a font of size 1. */
  readonly width: number;
  /** The single byte 32, which word spacing applies to. */
  readonly space: boolean;
}

/** A font as far as text is concerned (ISO 32000-2, section 9.6 to 9.10). */
export class Font {
  private readonly toUnicode: CMap | undefined;
  private readonly encoding: (string | undefined)[] | undefined;
  /** Codes are UTF-16BE themselves. */
  private readonly unicode: boolean;
  private readonly composite: boolean;
  private readonly widths = new Map<number, number>();
  private readonly otherWidth: (code: number) => number;

  constructor(dict: PdfDict, file: PdfFile) {
    const subtype = nameOf(file.resolve(dict.get('Subtype')));
    const unicode = file.streamOf(dict.get('ToUnicode'));
    this.toUnicode = unicode && new CMap(file.decode(unicode).bytes);
    this.composite = subtype === 'Type0';
    const encoding = file.resolve(dict.get('Encoding'));
    this.unicode = this.composite && /^Uni\w*-(UCS2|UTF16)-[HV]$/.test(nameOf(encoding) ?? '');
    if (this.composite) {
      const listed = file.resolve(dict.get('DescendantFonts'));
      const descendant = file.resolve(Array.isArray(listed) ? listed[0] : undefined);
      const about: PdfDict = descendant instanceof Map ? descendant : new Map();
      this.readWidths(file.resolve(about.get('W')), file);
      const usual = file.resolve(about.get('DW'));
      const width = (typeof usual === 'number' ? usual : 1000) / 1000;
      this.otherWidth = () => width;
      return;
    }
    this.encoding = builtIn(dict, encoding, file) ?? simpleEncoding(encoding, file);
    const matrix = file.resolve(dict.get('FontMatrix'));
    const scale = subtype === 'Type3' && Array.isArray(matrix) ? Math.abs(Number(matrix[0])) || 0.001 : 0.001;
    const first = Number(file.resolve(dict.get('FirstChar'))) || 0;
    const widths = file.resolve(dict.get('Widths'));
    if (Array.isArray(widths)) {
      for (const [index, width] of widths.slice(0, 256).entries()) {
        this.widths.set(first + index, (Number(file.resolve(width)) || 0) * scale);
      }
      this.otherWidth = () => 0;
    } else {
      const standard = standardWidth(nameOf(file.resolve(dict.get('BaseFont'))) ?? '');
      this.otherWidth = (code) => standard(code) / 1000;
    }
  }

  *glyphs(bytes: Uint8Array): Generator<Glyph> {
    for (let at = 0; at < bytes.length; ) {
      const length = this.composite ? Math.max(1, this.toUnicode?.codeLength(bytes, at) ?? 2) : 1;
      const code = codeOf(bytes.subarray(at, at + length));
      at += length;
      const mapped = this.toUnicode?.text.get(code);
      const text =
        mapped ?? (this.unicode ? String.fromCharCode(code) : this.encoding ? this.encoding[code] : undefined);
      const width = this.widths.get(code) ?? this.otherWidth(code);
      yield { text, width, space: length === 1 && code === 32 };
    }
  }

  /** Section 9.7.4.3: `c [w w ...]` and `first last w`. */
  private readWidths(list: PdfValue | undefined, file: PdfFile): void {
    if (!Array.isArray(list)) return;
    for (let at = 0; at < list.length; ) {
      const first = Number(file.resolve(list[at]));
      const second = file.resolve(list[at + 1]);
      if (Array.isArray(second)) {
        for (const [index, width] of second.entries())
          this.widths.set(first + index, Number(file.resolve(width)) / 1000);
        at += 2;
      } else {
        const width = Number(file.resolve(list[at + 2])) / 1000;
        for (let code = first; code <= Math.min(Number(second), first + 65535); code += 1) this.widths.set(code, width);
        at += 3;
      }
    }
  }
}

/** The encoding of an embedded font that only its own program explains: where that is not read, codes are not guessed. */
function builtIn(dict: PdfDict, encoding: PdfValue | undefined, file: PdfFile): (string | undefined)[] | undefined {
  const about = file.resolve(dict.get('FontDescriptor'));
  if (!(about instanceof Map) || encoding !== undefined) return undefined;
  if ((Number(file.resolve(about.get('Flags'))) & 4) === 0) return undefined;
  const program = file.streamOf(about.get('FontFile'));
  if (program) return type1Encoding(file.decode(program).bytes);
  return about.has('FontFile2') || about.has('FontFile3') ? [] : undefined;
}

function simpleEncoding(encoding: PdfValue | undefined, file: PdfFile): (string | undefined)[] {
  if (!(encoding instanceof Map)) return baseEncoding(nameOf(encoding));
  const base = baseEncoding(nameOf(file.resolve(encoding.get('BaseEncoding'))));
  const differences = file.resolve(encoding.get('Differences'));
  let code = 0;
  for (const item of Array.isArray(differences) ? differences : []) {
    const value = file.resolve(item);
    if (typeof value === 'number') code = value;
    else if (value instanceof PdfName && code >= 0 && code < 256) {
      base[code] = glyphText(value.name);
      code += 1;
    }
  }
  return base;
}
