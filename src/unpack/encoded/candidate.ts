import { isAscii } from 'node:buffer';
import type { Budget } from '../budget.ts';
import { EntropyMeter } from '../entropy.ts';
import type { GapCode } from '../gap-codes.ts';
import { WHOLE } from '../sources.ts';
import { SpoolWriter } from '../spool.ts';
import { guessCharset, hasNul } from '../text.ts';
import { ZipEndWatch } from '../zip-end.ts';
import { TEXT } from './characters.ts';

/** What is found in a text: `from` and `to` are bytes of the spool. */
export interface Found {
  /** Where in the text its first character stands. */
  readonly offset: number;
  /** Where its last line ends, where that is known. */
  readonly until: number;
  readonly coding: string;
  readonly from: number;
  readonly to: number;
}

/** Something that was seen, but too late to be kept. */
export interface Missed {
  readonly code: GapCode;
  readonly detail: string;
  readonly offset: number;
}

/** What the search for encoded archives shares. */
export interface Search {
  readonly budget: Budget;
  /** See `isArchive`. */
  judge(bytes: Uint8Array, complete: boolean, inside: boolean): boolean;
  /** A search in decoded text: what is encoded there. */
  nested(): { update(bytes: Uint8Array): void; finish(): boolean; close(): void };
}

/** One way to understand the characters of a run. */
export interface Reading {
  readonly coding: string;
  /** Characters of the run before it. */
  readonly skip: number;
  /** The archive was noticed by its first bytes at any place of a run. */
  readonly inside: boolean;
  /** Runs of the kind may be digests or names: no more than an archive or a text tells. */
  readonly digests?: boolean;
  /** A dump of text is kept too: the engine sees lines of digits, with characters cut at each sixteenth byte. */
  readonly dumped?: boolean;
  /** Characters of a whole group. */
  readonly group: number;
  decode(characters: Uint8Array): Uint8Array;
}

/** From so many decoded bytes on, content that looks random is no key, no digest and no signature. */
const RANDOM_FROM = 16 * 1024;
/** Where the first bytes look like text, what they say is looked through for what is encoded in it in turn. */
const TEXT_HEAD = 12;
/** Dumped bytes that may be worth reading, and the share of printable ones from which on they are text. */
const SHORTEST_TEXT = 16;
const TEXT_SHARE = 0.85;
/** Characters that those first bytes are written with. */
const PREVIEW = 32;

/** Is put together from what runs of all kinds of a text decode to. */
export class Finds {
  readonly found: Found[] = [];
  readonly missed: Missed[] = [];
  readonly search: Search;
  private spool: SpoolWriter | undefined;
  private open: { coding: string; offset: number; from: number } | undefined;

  constructor(search: Search) {
    this.search = search;
  }

  begin(coding: string, offset: number): void {
    this.spool ??= new SpoolWriter(this.search.budget);
    this.open = { coding, offset, from: this.spool.size };
  }

  put(bytes: Uint8Array): void {
    if (bytes.length > 0) this.spool?.add(bytes);
  }

  end(until: number): void {
    if (this.open && this.spool) this.found.push({ ...this.open, until, to: this.spool.size });
    this.open = undefined;
  }

  random() {
    return this.spool?.random();
  }

  close(): void {
    this.spool?.close();
  }
}

const NOTHING = new Uint8Array(0);

/**
 * The characters of one run, held until it is known what they decode to: an archive is kept, anything else let go. From
 * then on characters are decoded as they come.
 */
export class Candidate {
  /** Of all characters so far; those before the decision are in `held`. */
  count = 0;
  private readonly finds: Finds;
  private readonly most: number;
  private readonly readings: (characters: Uint8Array) => Iterable<Reading>;
  private readonly offsetOf: (character: number) => number;
  private held: Uint8Array = NOTHING;
  private filled = 0;
  private reading: Reading | undefined;
  private state: 'undecided' | 'kept' | 'watched' = 'undecided';
  private watch: Watch | undefined;

  /** `ratio`: characters of a byte, at most. */
  constructor(
    finds: Finds,
    ratio: number,
    readings: (characters: Uint8Array) => Iterable<Reading>,
    offsetOf: (character: number) => number,
  ) {
    this.finds = finds;
    this.most = Math.ceil(WHOLE * ratio);
    this.readings = readings;
    this.offsetOf = offsetOf;
  }

  get undecided(): boolean {
    return this.state === 'undecided';
  }

  /** Says of a run that was not decided on if any reading of it begins like text. */
  mayBeText(): boolean {
    const head = this.held.subarray(0, Math.min(this.filled, PREVIEW));
    for (const reading of this.readings(head)) {
      if (!reading.inside && looksLikeText(reading.decode(head.subarray(reading.skip)))) return true;
    }
    return false;
  }

  add(characters: Uint8Array): void {
    this.count += characters.length;
    for (let at = 0; at < characters.length; ) {
      const part = characters.subarray(at, at + this.most - this.filled);
      this.keep(part);
      at += part.length;
      if (this.filled === this.most) this.flush(false);
    }
  }

  /** `until`: where in the text the run ends. */
  end(until = 0): void {
    this.flush(true);
    if (this.state === 'kept') this.finds.end(until);
    for (const missed of this.watch?.finish(this.offsetOf(0)) ?? []) this.finds.missed.push(missed);
    this.watch?.close();
  }

  private keep(part: Uint8Array): void {
    if (this.filled + part.length > this.held.length) {
      const grown = new Uint8Array(Math.min(this.most, Math.max(256, 2 * this.held.length, this.filled + part.length)));
      grown.set(this.held.subarray(0, this.filled));
      this.held = grown;
    }
    this.held.set(part, this.filled);
    this.filled += part.length;
  }

  private flush(complete: boolean): void {
    if (this.state === 'undecided') {
      this.decide(complete);
      return;
    }
    const { reading } = this;
    if (!reading) return;
    const whole = complete ? this.filled : this.filled - (this.filled % reading.group);
    this.give(reading.decode(this.held.subarray(0, whole)));
    this.held.copyWithin(0, whole, this.filled);
    this.filled -= whole;
  }

  private decide(complete: boolean): void {
    const characters = this.held.subarray(0, this.filled);
    let first: Reading | undefined;
    for (const reading of this.readings(characters)) {
      const bytes = reading.decode(this.body(reading, complete));
      first ??= reading;
      if (!worthKeeping(this.finds.search, bytes, complete, reading)) {
        // Texts in texts may have several readings at each level: looking through them must end too.
        this.finds.search.budget.chargeDecoded(bytes.length);
        continue;
      }
      this.state = 'kept';
      this.finds.begin(reading.coding, this.offsetOf(reading.skip));
      this.settle(reading, bytes, complete);
      return;
    }
    this.state = 'watched';
    if (!first || complete) return;
    this.watch = new Watch(this.finds.search.nested());
    this.settle(first, first.decode(this.body(first, complete)), complete);
  }

  private body({ skip, group }: Reading, complete: boolean): Uint8Array {
    const length = this.filled - skip;
    return this.held.subarray(skip, complete ? this.filled : this.filled - (length % group));
  }

  private settle(reading: Reading, bytes: Uint8Array, complete: boolean): void {
    this.reading = reading;
    this.give(bytes);
    const left = complete ? 0 : (this.filled - reading.skip) % reading.group;
    this.held.copyWithin(0, this.filled - left, this.filled);
    this.filled = left;
  }

  private give(bytes: Uint8Array): void {
    this.finds.search.budget.chargeDecoded(bytes.length);
    if (this.state === 'kept') this.finds.put(bytes);
    else this.watch?.update(bytes);
  }
}

function worthKeeping(
  search: Search,
  bytes: Uint8Array,
  complete: boolean,
  { inside, digests, dumped }: Reading,
): boolean {
  if (search.judge(bytes, complete, inside)) return true;
  if (inside) return false;
  if (digests) return looksLikeText(bytes) && isText(bytes);
  if (dumped && isMostlyText(bytes)) return true;
  if (bytes.length > RANDOM_FROM) {
    const meter = new EntropyMeter();
    meter.update(bytes, false);
    if (meter.finish()) return true;
  }
  return looksLikeText(bytes) && holdsMore(search, bytes);
}

/** The first bytes are characters that text is made of, in ASCII, UTF-16 or EBCDIC; of random bytes hardly any are. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, TEXT_HEAD);
  if (head.length < TEXT_HEAD) return false;
  if (isAscii(head) && !hasNul(head)) return head.every((byte) => byte >= 0x20 || (byte >= 9 && byte <= 13));
  return guessCharset(bytes) !== undefined && guessCharset(bytes) !== 'iso-8859-1';
}

/** Printable to the last byte, in ASCII. */
export function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => TEXT[byte] === 1);
}

/** Says of dumped bytes if they are worth reading. */
export function isMostlyText(bytes: Uint8Array): boolean {
  const printable = bytes.reduce((sum, byte) => sum + TEXT[byte]!, 0);
  return bytes.length >= SHORTEST_TEXT && printable >= TEXT_SHARE * bytes.length;
}

function holdsMore(search: Search, bytes: Uint8Array): boolean {
  const nested = search.nested();
  try {
    nested.update(bytes);
    return nested.finish();
  } finally {
    nested.close();
  }
}

/** Looks at decoded bytes that are not kept: what was noticed late is at least told. */
class Watch {
  private readonly nested: ReturnType<Search['nested']>;
  private readonly zip = new ZipEndWatch();
  private readonly entropy = new EntropyMeter();

  constructor(nested: ReturnType<Search['nested']>) {
    this.nested = nested;
  }

  update(bytes: Uint8Array): void {
    this.nested.update(bytes);
    this.zip.update(bytes);
    this.entropy.update(bytes, false);
  }

  *finish(offset: number): Iterable<Missed> {
    if (this.nested.finish() || this.zip.finish() !== undefined) {
      yield { code: 'embedded-archive', detail: 'an archive lies deep inside of encoded data', offset };
    } else if (this.entropy.finish()) {
      yield { code: 'high-entropy', detail: 'encoded data that looks compressed or encrypted', offset };
    }
  }

  close(): void {
    this.nested.close();
  }
}
