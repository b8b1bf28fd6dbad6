import type { Locator } from '../../model/index.ts';
import type { Extractor } from '../extractor.ts';
import { type LocatedPlaces, MAX_TEXT } from './located.ts';

type XmlLocator = Extract<Locator, { xml: unknown }>['xml'];

const MAX_DEPTH = 256;
/** Longest tag that is read; a document with a longer one is not located from there on. */
const MAX_TAG = 4096;
const NAME = /^[A-Za-z_:][\w:.-]*/;
const ATTRIBUTE = /([A-Za-z_:][\w:.-]*)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/g;

interface OpenElement {
  readonly name: string;
  /** Locators it is an instance of, with what it holds so far. */
  readonly located: { readonly id: string; readonly begin: number; text: string }[];
}

/**
 * Follows an XML document through its bytes and notes where the asked-for elements and attributes lie. It never trusts
 * more than it reads: no entity is expanded, and a DOCTYPE, a wrong nesting, a tag or a depth beyond the bounds ends it,
 * so that nothing later is located. The bytes themselves are scanned whatever happens here.
 */
export class XmlTracker implements Extractor {
  readonly #locators: readonly {
    readonly id: string;
    readonly steps: readonly string[];
    readonly attribute?: string;
  }[];
  readonly #places: LocatedPlaces;
  readonly #stack: OpenElement[] = [];
  #at = 0;
  /** What ends the section the tracker is in: a comment, CDATA or an instruction. */
  #until: '-->' | ']]>' | '?>' | null = null;
  #state: 'before' | 'inside' | 'ended' = 'before';
  #capturing = 0;

  constructor(locators: ReadonlyMap<string, XmlLocator>, places: LocatedPlaces) {
    this.#places = places;
    this.#locators = [...locators].map(([id, { element, attribute }]) => ({
      id,
      steps: element.split('/').reverse(),
      ...(attribute !== undefined && { attribute }),
    }));
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const end = length - base;
    let at = this.#at - base;
    while (at < end && this.#state !== 'ended') {
      if (this.#state === 'before') {
        // A byte order mark and white space may stand before the document, nothing else.
        while (at < end && [0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d].includes(bytes[at]!)) at++;
        if (at === end) break;
        this.#state = bytes[at] === 0x3c ? 'inside' : 'ended';
        continue;
      }
      const next = this.#until ? this.#section(bytes, at, end) : this.#markup(bytes, base, at, end, atEnd);
      if (next === at) break;
      at = next;
    }
    this.#at = this.#state === 'ended' ? length : base + at;
  }

  /** Passes over a comment, CDATA or instruction; stops before its end mark may be cut in two. */
  #section(bytes: Uint8Array, at: number, end: number): number {
    const mark = this.#until!;
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, end).indexOf(mark, at, 'latin1');
    const stop = found < 0 ? Math.max(at, end - mark.length + 1) : found;
    if (mark === ']]>') this.#capture(bytes, at, stop);
    if (found < 0) return stop;
    this.#until = null;
    return found + mark.length;
  }

  /** Reads text up to the next tag, and the tag; returns `at` if more bytes are needed. */
  #markup(bytes: Uint8Array, base: number, at: number, end: number, atEnd: boolean): number {
    let open = bytes.indexOf(0x3c, at);
    if (open < 0 || open > end) open = end;
    if (open > at) {
      this.#capture(bytes, at, open);
      return open;
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + open, Math.min(end - open, MAX_TAG)).toString('latin1');
    if (text.length < 9 && !atEnd) return at;
    for (const [start, stop] of SECTIONS) {
      if (!text.startsWith(start)) continue;
      this.#until = stop;
      return open + start.length;
    }
    const close = tagEnd(text);
    if (close < 0) {
      if (text.length < MAX_TAG && !atEnd) return at;
      return this.#give(open);
    }
    const after = open + close + 1;
    if (text.startsWith('</')) {
      const element = this.#stack.pop();
      if (!element || element.name !== NAME.exec(text.slice(2))?.[0]) return this.#give(after);
      this.#close(element, base + open);
    } else if (!this.#element(text.slice(1, close), base + open, base + after)) {
      return this.#give(after);
    }
    return after;
  }

  /** Ends the tracking; returns a place to stop at. */
  #give(at: number): number {
    this.#state = 'ended';
    return at;
  }

  #element(tag: string, begin: number, after: number): boolean {
    const name = NAME.exec(tag)?.[0];
    if (name === undefined || this.#stack.length >= MAX_DEPTH) return false;
    const element: OpenElement = { name, located: [] };
    this.#stack.push(element);
    for (const { id, steps, attribute } of this.#locators) {
      if (!steps.every((step, index) => this.#isStep(step, this.#stack.length - 1 - index))) continue;
      if (attribute === undefined) {
        element.located.push({ id, begin: after, text: '' });
      } else {
        for (const match of tag.matchAll(ATTRIBUTE)) {
          if (localName(match[1]!) !== attribute) continue;
          const value = (match[2] ?? match[3])!;
          const place = begin + 1 + match.index + match[0].length - 1 - value.length;
          this.#places.add(id, place, place + value.length, value);
        }
      }
    }
    if (element.located.length > 0) this.#capturing++;
    if (tag.endsWith('/')) this.#close(this.#stack.pop()!, after);
    return true;
  }

  /** A path that begins with `/` must begin at the root. */
  #isStep(step: string, index: number): boolean {
    return step === '' ? index === -1 : index >= 0 && localName(this.#stack[index]!.name) === step;
  }

  #close(element: OpenElement, end: number): void {
    if (element.located.length === 0) return;
    this.#capturing--;
    for (const { id, begin, text } of element.located) if (end > begin) this.#places.add(id, begin, end, text);
  }

  #capture(bytes: Uint8Array, from: number, to: number): void {
    if (this.#capturing === 0 || to <= from) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, MAX_TEXT + 1)).toString(
      'latin1',
    );
    for (const { located } of this.#stack) {
      for (const place of located) if (place.text.length <= MAX_TEXT) place.text += `${text} `;
    }
  }
}

const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Index of the `>` that ends a tag, outside of quotes; -1 if it is not there or this is a declaration. */
function tagEnd(text: string): number {
  if (text.startsWith('<!')) return -1;
  let quote = '';
  for (let at = 1; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at;
    else if (char === '<') return -1;
  }
  return -1;
}
