import { Operator, PdfLexer, PdfName, PdfString, type PdfValue } from './lexer.ts';

const RANGE_MAX = 65536;

/** Codes of a font and their text: a ToUnicode CMap (ISO 32000-2, section 9.10.3). */
export class CMap {
  readonly text = new Map<number, string>();
  /** Lengths of codes in bytes, by their first byte; empty where no range was given. */
  private readonly ranges: { length: number; low: number; high: number }[] = [];

  constructor(bytes: Uint8Array) {
    const lexer = new PdfLexer(bytes, 0, false);
    let operands: PdfValue[] = [];
    for (let value = lexer.value(); lexer.at < bytes.length || value !== undefined; value = lexer.value()) {
      if (value === undefined) lexer.at += 1;
      else if (!(value instanceof Operator)) operands.push(value);
      else {
        this.operator(value.text, operands);
        operands = [];
      }
    }
  }

  /** The length of the code at a place. */
  codeLength(bytes: Uint8Array, at: number): number | undefined {
    for (const { length, low, high } of this.ranges) {
      const code = codeOf(bytes.subarray(at, at + length));
      if (at + length <= bytes.length && code >= low && code <= high) return length;
    }
    return this.ranges[0]?.length;
  }

  private operator(name: string, operands: readonly PdfValue[]): void {
    if (name === 'endcodespacerange') {
      for (let at = 0; at + 1 < operands.length && this.ranges.length < 100; at += 2) {
        const [low, high] = [operands[at], operands[at + 1]];
        if (low instanceof PdfString && high instanceof PdfString && low.bytes.length > 0 && low.bytes.length <= 4) {
          this.ranges.push({ length: low.bytes.length, low: codeOf(low.bytes), high: codeOf(high.bytes) });
        }
      }
    } else if (name === 'endbfchar') {
      for (let at = 0; at + 1 < operands.length; at += 2) {
        const code = operands[at];
        const text = textOf(operands[at + 1]);
        if (code instanceof PdfString && text !== undefined) this.text.set(codeOf(code.bytes), text);
      }
    } else if (name === 'endbfrange') {
      for (let at = 0; at + 2 < operands.length; at += 3) this.range(operands[at], operands[at + 1], operands[at + 2]);
    }
  }

  private range(first?: PdfValue, last?: PdfValue, to?: PdfValue): void {
    if (!(first instanceof PdfString && last instanceof PdfString)) return;
    const low = codeOf(first.bytes);
    const high = Math.min(codeOf(last.bytes), low + RANGE_MAX);
    if (this.text.size > 4 * RANGE_MAX) return;
    if (Array.isArray(to)) {
      for (const [index, item] of to.entries()) {
        const text = textOf(item);
        if (low + index <= high && text !== undefined) this.text.set(low + index, text);
      }
      return;
    }
    const text = textOf(to);
    if (!text) return;
    const head = text.slice(0, -1);
    const unit = text.charCodeAt(text.length - 1);
    for (let code = low; code <= high; code += 1) this.text.set(code, head + String.fromCharCode(unit + code - low));
  }
}

export function codeOf(bytes: Uint8Array): number {
  return bytes.reduce((code, byte) => code * 256 + byte, 0);
}

function textOf(value: PdfValue | undefined): string | undefined {
  if (value instanceof PdfName) return undefined;
  if (!(value instanceof PdfString)) return undefined;
  const { bytes } = value;
  if (bytes.length === 1) return String.fromCharCode(bytes[0]!);
  return new TextDecoder('utf-16be').decode(bytes.subarray(0, bytes.length & ~1));
}
