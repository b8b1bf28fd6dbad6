import { readFileSync } from 'node:fs';
import { printable } from '../../model/index.ts';
import type { CompactDocument, EmbeddedFont, Ref } from './compact-document.ts';

/** The three faces of a report: text, strong text, and names and digests. */
export type Face = 'text' | 'bold' | 'mono';

const FILES: Readonly<Record<Face, string>> = {
  text: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
  mono: 'DejaVuSansMono.ttf',
};

/** Characters drawn as they are. Others would need shaping or bidirectional order, or look like a letter they are not. */
const DRAWN = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}]$/u;

interface Glyph {
  readonly hex: string;
  /** Thousandths of the font size. */
  readonly width: number;
}

/** A face in one document: text becomes glyph numbers, one per character, without kerning or ligatures. */
export class Typeface {
  readonly #font: EmbeddedFont;
  readonly #glyphs = new Map<string, Glyph | null>();
  readonly ascent: number;
  readonly descent: number;

  constructor(font: EmbeddedFont) {
    this.#font = font;
    this.ascent = font.font.ascent / font.font.unitsPerEm;
    this.descent = -font.font.descent / font.font.unitsPerEm;
  }

  get name(): string {
    return this.#font.id;
  }

  get ref(): Ref {
    return this.#font.ref();
  }

  /** `text` with every character that cannot or must not be drawn as `\u{...}`; combining marks are among them. */
  shown(text: string): string {
    let plain = true;
    for (const char of text) if (this.#glyph(char) === null) plain = false;
    if (plain) return text;
    let out = '';
    for (const char of text) {
      out += this.#glyph(char) === null ? `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}` : char;
    }
    return out;
  }

  /** Width in points of text that `shown` returned. */
  width(text: string, size: number): number {
    let width = 0;
    for (const char of text) width += this.#glyph(char)?.width ?? 0;
    return (width * size) / 1000;
  }

  /** Glyph numbers in hexadecimal, for a string of text that `shown` returned. */
  hex(text: string): string {
    let hex = '';
    for (const char of text) hex += this.#glyph(char)?.hex ?? '';
    return hex;
  }

  #glyph(char: string): Glyph | null {
    let glyph = this.#glyphs.get(char);
    if (glyph === undefined) {
      const code = char.codePointAt(0) ?? 0;
      const drawn = DRAWN.test(char) && printable(char) === char && this.#font.font.hasGlyphForCodePoint(code);
      glyph = drawn ? this.#encode(char) : null;
      this.#glyphs.set(char, glyph);
    }
    return glyph;
  }

  #encode(char: string): Glyph | null {
    const [hex, positions] = this.#font.encode(char);
    return hex.length === 1 ? { hex: hex[0] as string, width: positions[0]?.advanceWidth ?? 0 } : null;
  }
}

/** Opens the three faces in a document. */
export function openFaces(document: CompactDocument): Readonly<Record<Face, Typeface>> {
  const folder = new URL('ttf/', import.meta.resolve('dejavu-fonts-ttf/package.json'));
  const open = (face: Face) => new Typeface(document.openFont(readFileSync(new URL(FILES[face], folder))));
  return { text: open('text'), bold: open('bold'), mono: open('mono') };
}
