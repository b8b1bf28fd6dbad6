import { ChildView } from './child-view.ts';
import type { Escape, EscapeCoding } from './escape-codings.ts';
import { decodedView, type Extractor } from './extractor.ts';
import type { ViewScanner } from './view-scanner.ts';

/** Bytes of a region before its first escape and in all; a longer one goes on as a further region. */
const MAX_BEFORE = 512;
const MAX_REGION = 4096;

/** Regions of text with single characters escaped, decoded into one view, each a line of its own. */
export class EscapeExtractor implements Extractor {
  readonly #scanner: ViewScanner;
  readonly #coding: EscapeCoding;
  readonly #escape: Escape = { length: 0, value: 0, unicode: false };
  #view: ChildView | undefined;
  #at = 0;

  constructor(scanner: ViewScanner, coding: EscapeCoding) {
    this.#scanner = scanner;
    this.#coding = coding;
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const { mark, opens, borders } = this.#coding;
    const end = length - base;
    let least = Math.max(0, this.#at - base);
    let at = least;
    for (;;) {
      at = bytes.indexOf(mark, at);
      if (at < 0 || at >= end) {
        at = end;
        break;
      }
      if (at + 8 > end && !atEnd) break;
      if (!opens(bytes, at, end)) {
        at++;
        continue;
      }
      let begin = at;
      while (begin > least && at - begin < MAX_BEFORE && borders[bytes[begin - 1]!] === 0) begin--;
      const stop = this.#regionEnd(bytes, begin, end);
      if (stop === end && stop - begin < MAX_REGION && !atEnd) {
        at = begin;
        break;
      }
      this.#decode(bytes, base, begin, stop);
      least = at = stop;
    }
    if (atEnd) this.#view?.end();
    // What stands before a mark that is still to come may belong to its region.
    this.#at = base + (atEnd ? end : Math.max(least, Math.min(at, end) - MAX_BEFORE));
  }

  #regionEnd(bytes: Uint8Array, begin: number, end: number): number {
    const { mark, read, borders } = this.#coding;
    let at = begin;
    while (at < end && at - begin < MAX_REGION) {
      if (bytes[at] === mark && read(bytes, at, end, this.#escape)) at = Math.min(end, at + this.#escape.length);
      else if (borders[bytes[at]!] === 1) break;
      else at++;
    }
    return at;
  }

  #decode(bytes: Uint8Array, base: number, begin: number, stop: number): void {
    const { name, mark, read } = this.#coding;
    this.#view ??= new ChildView(this.#scanner, decodedView(this.#scanner, name), null);
    const view = this.#view;
    for (let at = begin; at < stop; ) {
      if (bytes[at] !== mark || !read(bytes, at, stop, this.#escape)) {
        view.place(base + at, 1, 1);
        view.put(bytes[at++]!);
        continue;
      }
      const { length, value, unicode } = this.#escape;
      if (value >= 0) {
        const out = unicode ? Buffer.from(String.fromCodePoint(value), 'utf8') : [value];
        view.place(base + at, length, out.length);
        for (const byte of out) view.put(byte);
      }
      at += length;
    }
    view.separate();
  }
}
