import type { Gap } from '../../model/index.ts';
import type { Format } from '../box.ts';
import { Stopped } from '../broken.ts';
import type { Budget } from '../budget.ts';
import type { RandomAccess } from '../reader.ts';
import { MAX_CHUNK, section } from '../sources.ts';
import { guessCharset } from '../text.ts';
import { mayHoldParts } from '../text-parts.ts';
import { Finds, type Search } from './candidate.ts';
import { DumpFinder, mayHoldDump } from './dump-finder.ts';
import { EbcdicCharacters } from './ebcdic-characters.ts';
import { EscapeWatch, holdsEscapes } from './escape-watch.ts';
import { isArchive } from './judge.ts';
import { LineJoiner, mayHoldLines } from './line-joiner.ts';
import { mayHoldRadix, RadixFinder } from './radix-finder.ts';
import { mayHoldRun, RunFinder } from './run-finder.ts';
import { SHORTEST, Survey } from './survey.ts';

/** An archive that stands in a text as characters. */
export interface EncodedPart {
  readonly name: Uint8Array;
  /** Offset in the text. */
  readonly offset: number;
  readonly random: RandomAccess;
}

/**
 * Takes archives out of a content while its bytes go by, that stand there in base64, in hexadecimal digits or in a
 * hexadecimal dump, on one line or many. They are charged and spooled, as the content's own bytes come first.
 */
export class EncodedParts {
  private readonly search: Search;
  private readonly feeds: readonly Feed[];
  private readonly escapes = new EscapeWatch();
  private narrow: Narrowing | EbcdicCharacters | undefined;
  private begun = false;
  /** Of all there is, where it was made already. */
  private whole: Survey | undefined;

  constructor(budget: Budget, formats: readonly Format[], kinds: readonly Kind[] = KINDS) {
    this.search = {
      budget,
      judge: (bytes, complete, inside) => isArchive(formats, bytes, complete, inside),
      nested: () => new Nested(budget, formats),
    };
    this.feeds = kinds.map(({ finder }) => new Feed(new Finds(this.search), finder));
  }

  /** For content that is here as a whole; `undefined` where it holds nothing of the kind, which most shows cheaply. */
  static forWhole(budget: Budget, formats: readonly Format[], bytes: Uint8Array): EncodedParts | undefined {
    if (bytes.length < SHORTEST) return undefined;
    if (bytes.length > MAX_CHUNK) return new EncodedParts(budget, formats);
    const characters = narrowing(bytes)?.update(bytes) ?? bytes;
    const survey = Survey.of(characters);
    const kinds = KINDS.filter(({ may }) => may(characters, survey));
    if (kinds.length === 0 && !holdsEscapes(characters, survey)) return undefined;
    const parts = new EncodedParts(budget, formats, kinds);
    parts.whole = survey;
    return parts;
  }

  update(bytes: Uint8Array): void {
    if (!this.begun) {
      this.begun = true;
      this.narrow = narrowing(bytes);
    }
    const characters = this.narrow?.update(bytes) ?? bytes;
    for (let at = 0; at < characters.length; at += MAX_CHUNK) {
      const piece = characters.subarray(at, at + MAX_CHUNK);
      const survey = this.whole ?? Survey.of(piece);
      for (const feed of this.feeds) feed.update(piece, survey);
      this.escapes.update(piece, survey);
    }
  }

  /** All archives, in the order of the content; adds what could not be kept to `gaps`. */
  finish(gaps: Gap[]): EncodedPart[] {
    const scale = this.narrow?.width ?? 1;
    const parts: EncodedPart[] = [];
    const joiner = this.feeds.map(({ finder }) => finder).find((finder) => finder instanceof LineJoiner);
    for (const feed of this.feeds) {
      feed.finish();
      const { found, missed } = feed.finds;
      for (const { code, detail, offset } of missed) gaps.push({ code, detail, offset: offset * scale });
      const random = feed.finds.random();
      for (const { offset, coding, from, to } of found) {
        // A piece of what was joined from many lines is no archive of its own.
        if (!random || (feed.finder !== joiner && joiner?.joined.has(offset))) continue;
        const name = Buffer.from(`${offset * scale}.${coding}`);
        parts.push({ name, offset: offset * scale, random: section(random, from, to - from) });
      }
    }
    for (const written of this.escapes.found) {
      if (this.feeds.some(({ finds }) => finds.found.some((one) => one.offset <= written && written < one.until)))
        continue;
      const detail = 'an archive that is written out in escapes or numbers';
      gaps.push({ code: 'embedded-archive', detail, offset: written * scale });
    }
    if (parts.length > this.search.budget.limits.entries) {
      throw new Stopped('over-entries', `more than ${this.search.budget.limits.entries} entries`);
    }
    return parts.sort((a, b) => a.offset - b.offset);
  }

  close(): void {
    for (const { finds } of this.feeds) finds.close();
  }
}

/** The same for what was decoded: says only if there is anything. */
class Nested {
  private readonly parts: EncodedParts;
  private texts: boolean | undefined;

  constructor(budget: Budget, formats: readonly Format[]) {
    this.parts = new EncodedParts(budget, formats);
  }

  update(bytes: Uint8Array): void {
    this.texts ??= mayHoldParts(bytes);
    this.parts.update(bytes);
  }

  finish(): boolean {
    const gaps: Gap[] = [];
    return this.parts.finish(gaps).length > 0 || gaps.length > 0 || this.texts === true;
  }

  close(): void {
    this.parts.close();
  }
}

const NOTHING = new Uint8Array(0);
/** Enough to see the end of a line of most dumps, and behind a stretch of a run. */
const SEAM = 1024;

/** Works off what it can of a text, and gives the number of bytes it is done with; the others come again. */
interface Finder {
  feed(bytes: Uint8Array, offset: number, last: boolean, survey: Survey): number;
  finish(): void;
}

/** What one finder left of the last piece goes in front of the next one. */
class Feed {
  readonly finds: Finds;
  readonly finder: Finder;
  private rest: Uint8Array = NOTHING;
  private position = 0;

  constructor(finds: Finds, finder: (finds: Finds) => Finder) {
    this.finds = finds;
    this.finder = finder(finds);
  }

  update(bytes: Uint8Array, survey: Survey): void {
    const from = this.rest.length > 0 ? this.seam(bytes) : 0;
    if (from === bytes.length) return;
    const left = bytes.subarray(from);
    if (this.rest.length > 0) this.take(Buffer.concat([this.rest, left]), false);
    else this.take(left, false, survey.behind(from));
  }

  /** Mostly a few bytes of the next piece show what the rest was, so that the piece need not be copied. */
  private seam(bytes: Uint8Array): number {
    const few = bytes.subarray(0, SEAM);
    const { length } = this.rest;
    const done = this.take(Buffer.concat([this.rest, few]), false);
    if (done < length) {
      // The rest is longer by what was shown.
      return few.length;
    }
    this.rest = NOTHING;
    return done - length;
  }

  private take(bytes: Uint8Array, last: boolean, survey = Survey.of(bytes)): number {
    const done = this.finder.feed(bytes, this.position, last, survey);
    this.position += done;
    this.rest = done === bytes.length ? NOTHING : new Uint8Array(bytes.subarray(done));
    return done;
  }

  finish(): void {
    if (this.rest.length > 0) this.take(this.rest, true);
    this.finder.finish();
  }
}

/** One way in which an archive may be written out, and a cheap look if content that is here as a whole may hold any. */
interface Kind {
  may(characters: Uint8Array, survey: Survey): boolean;
  finder(finds: Finds): Finder;
}

/** What is joined goes first: a piece of it is no archive of its own. */
const KINDS: readonly Kind[] = [
  { may: mayHoldLines, finder: (finds) => new LineJoiner(finds) },
  { may: mayHoldRun, finder: (finds) => new RunFinder(finds) },
  { may: mayHoldDump, finder: (finds) => new DumpFinder(finds) },
  { may: mayHoldRadix, finder: (finds) => new RadixFinder(finds) },
];

/** How the characters of a content are written that begins like this, where they are not written in ASCII. */
const narrowing = (bytes: Uint8Array): Narrowing | EbcdicCharacters | undefined =>
  Narrowing.of(bytes) ?? EbcdicCharacters.of(bytes);

/** UTF-16 with one byte for each character; others than those of ASCII become a zero. */
class Narrowing {
  readonly width = 2;
  private readonly high: number;
  private odd: number | undefined;

  private constructor(high: number) {
    this.high = high;
  }

  static of(bytes: Uint8Array): Narrowing | undefined {
    const charset = bytes.subarray(0, 64).includes(0) ? guessCharset(bytes) : undefined;
    return charset === 'utf-16le' ? new Narrowing(1) : charset === 'utf-16be' ? new Narrowing(0) : undefined;
  }

  update(bytes: Uint8Array): Uint8Array {
    const all = this.odd === undefined ? bytes : Buffer.concat([Uint8Array.of(this.odd), bytes]);
    this.odd = all.length % 2 === 1 ? all[all.length - 1] : undefined;
    const out = new Uint8Array(all.length >> 1);
    const { high } = this;
    for (let at = 0; at < out.length; at += 1) out[at] = all[2 * at + high] === 0 ? all[2 * at + 1 - high]! : 0;
    return out;
  }
}
