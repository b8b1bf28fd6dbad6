import type { PdfFile } from './file.ts';
import type { Font } from './font.ts';
import { Operator, type PdfDict, PdfLexer, PdfName, PdfString, type PdfValue } from './lexer.ts';
import { shownText } from './strings.ts';

type Matrix = readonly [number, number, number, number, number, number];
const UNIT: Matrix = [1, 0, 0, 1, 0, 0];
const STATES = 1000;
const OPERANDS = 4096;
/** Pixels of a picture that is too small to show anything that could be read. */
export const SMALL_PICTURE = 256;

interface State {
  ctm: Matrix;
  font: Font | undefined;
  size: number;
  char: number;
  word: number;
  scale: number;
  leading: number;
}

/** What a content stream shows as text, in the order in which it is drawn (ISO 32000-2, section 9.4). */
export class PageText {
  /** Characters of fonts without a map to text, and pictures that are not read. */
  unmapped = 0;
  pictures = 0;
  /** Strokes of shapes, and characters shown: letters may be drawn as shapes. */
  shapes = 0;
  characters = 0;
  private readonly fonts: (name: string) => Font | undefined;
  private state: State = { ctm: UNIT, font: undefined, size: 1, char: 0, word: 0, scale: 1, leading: 0 };
  private readonly stack: State[] = [];
  private matrix: Matrix = UNIT;
  private line: Matrix = UNIT;
  private last: { x: number; y: number } | undefined;
  private out = '';
  private readonly aside: string[] = [];

  constructor(fonts: (name: string) => Font | undefined) {
    this.fonts = fonts;
  }

  *run(content: Uint8Array, file: PdfFile): Generator<string> {
    const lexer = new PdfLexer(content, 0, false);
    let operands: PdfValue[] = [];
    while (lexer.at < content.length) {
      const value = lexer.value();
      if (value === undefined) {
        lexer.at += 1;
      } else if (!(value instanceof Operator)) {
        if (operands.length < OPERANDS) operands.push(value);
      } else if (value.text === 'BI') {
        this.inlinePicture(lexer, content, file);
        operands = [];
      } else {
        this.operator(value.text, operands, file);
        operands = [];
        if (this.out.length > 4096) {
          yield this.out;
          this.out = '';
        }
      }
    }
    if (this.out !== '' || this.aside.length > 0) yield `${[this.out, ...this.aside].join('\n')}\n`;
    this.out = '';
  }

  private operator(name: string, operands: readonly PdfValue[], file: PdfFile): void {
    const { state } = this;
    const n = (index: number): number => {
      const value = operands[index];
      return typeof value === 'number' ? value : 0;
    };
    switch (name) {
      case 'q':
        if (this.stack.length < STATES) this.stack.push({ ...state });
        break;
      case 'Q':
        this.state = this.stack.pop() ?? state;
        break;
      case 'cm':
        state.ctm = times([n(0), n(1), n(2), n(3), n(4), n(5)], state.ctm);
        break;
      case 'BT':
        this.matrix = this.line = UNIT;
        break;
      case 'Tf':
        if (operands[0] instanceof PdfName) state.font = this.fonts(operands[0].name);
        state.size = n(1);
        break;
      case 'Tc':
        state.char = n(0);
        break;
      case 'Tw':
        state.word = n(0);
        break;
      case 'Tz':
        state.scale = n(0) / 100;
        break;
      case 'TL':
        state.leading = n(0);
        break;
      case 'Td':
        this.move(n(0), n(1));
        break;
      case 'TD':
        state.leading = -n(1);
        this.move(n(0), n(1));
        break;
      case 'Tm':
        this.matrix = this.line = [n(0), n(1), n(2), n(3), n(4), n(5)];
        break;
      case 'T*':
        this.move(0, -state.leading);
        break;
      case 'Tj':
        this.show(operands[0]);
        break;
      case "'":
        this.move(0, -state.leading);
        this.show(operands[0]);
        break;
      case '"':
        state.word = n(0);
        state.char = n(1);
        this.move(0, -state.leading);
        this.show(operands[2]);
        break;
      case 'TJ':
        for (const item of Array.isArray(operands[0]) ? operands[0] : []) {
          if (typeof item === 'number') this.advance((-item / 1000) * state.size * state.scale);
          else this.show(item);
        }
        break;
      case 'BDC':
      case 'DP':
        this.replacement(operands[1], file);
        break;
      case 'l':
      case 'c':
      case 'v':
      case 'y':
        this.shapes += 1;
        break;
      default:
    }
  }

  /** Text that stands for what is drawn (section 14.9.4). */
  private replacement(properties: PdfValue | undefined, file: PdfFile): void {
    if (!(properties instanceof Map)) return;
    for (const key of ['ActualText', 'Alt', 'E']) {
      const value = file.resolve(properties.get(key));
      if (value instanceof PdfString && this.aside.length < 10_000) this.aside.push(shownText(value.bytes));
    }
  }

  private move(x: number, y: number): void {
    this.line = times([1, 0, 0, 1, x, y], this.line);
    this.matrix = this.line;
  }

  private advance(x: number): void {
    this.matrix = times([1, 0, 0, 1, x, 0], this.matrix);
  }

  private show(value: PdfValue | undefined): void {
    if (!(value instanceof PdfString) || value.bytes.length === 0) return;
    const { state } = this;
    this.separate();
    this.characters += value.bytes.length;
    for (const { text, width, space } of (state.font ?? PLAIN).glyphs(value.bytes)) {
      if (text === undefined) {
        this.unmapped += 1;
        this.out += '\ufffd';
      } else {
        this.out += text.replace(/[\ufb00-\ufb06\u00a0]/g, (character) => character.normalize('NFKC'));
      }
      this.advance((width * state.size + state.char + (space ? state.word : 0)) * state.scale);
    }
    const [, , , , x, y] = times(this.matrix, state.ctm);
    this.last = { x, y };
  }

  /** A blank or a new line where the next string does not follow right behind the last one. */
  private separate(): void {
    const { last } = this;
    const [a, b, c, d, x, y] = times(this.matrix, this.state.ctm);
    if (!last) return;
    const size = Math.abs(this.state.size) * Math.hypot(c, d) || 1;
    const length = Math.hypot(a, b) || 1;
    const [ux, uy] = [a / length, b / length];
    const [dx, dy] = [x - last.x, y - last.y];
    const along = dx * ux + dy * uy;
    const across = Math.abs(dy * ux - dx * uy);
    if (across > 0.4 * size) this.out += '\n';
    else if (along < -0.6 * size) this.out += '\n';
    else if (along > 1.5 * size) this.out += '\t';
    else if (along > 0.15 * size && !/\s$/.test(this.out)) this.out += ' ';
  }

  /** Section 8.9.7. The data ends at `EI` between white space. */
  private inlinePicture(lexer: PdfLexer, content: Uint8Array, file: PdfFile): void {
    const dict: PdfDict = new Map();
    for (;;) {
      const key = lexer.value();
      if (!(key instanceof PdfName)) break;
      const value = lexer.value();
      if (value === undefined) break;
      dict.set(key.name, value);
    }
    const pixels =
      Number(file.resolve(dict.get('W') ?? dict.get('Width'))) * Number(dict.get('H') ?? dict.get('Height'));
    if (!(pixels <= SMALL_PICTURE)) this.pictures += 1;
    const data = Buffer.from(content.buffer, content.byteOffset, content.length);
    for (let at = data.indexOf('EI', lexer.at); at >= 0; at = data.indexOf('EI', at + 2)) {
      const [before, after] = [data[at - 1] ?? 32, data[at + 2] ?? 32];
      if (/\s/.test(String.fromCharCode(before)) && /\s/.test(String.fromCharCode(after))) {
        lexer.at = at + 2;
        return;
      }
    }
    lexer.at = content.length;
  }
}

const PLAIN = {
  *glyphs(bytes: Uint8Array) {
    for (const byte of bytes) yield { text: String.fromCharCode(byte), width: 0.5, space: byte === 32 };
  },
};

function times(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[1] * b[2],
    a[0] * b[1] + a[1] * b[3],
    a[2] * b[0] + a[3] * b[2],
    a[2] * b[1] + a[3] * b[3],
    a[4] * b[0] + a[5] * b[2] + b[4],
    a[4] * b[1] + a[5] * b[3] + b[5],
  ];
}
