import { Candidate, type Finds, type Reading } from './candidate.ts';
import { RUN } from './characters.ts';
import { mayStart } from './judge.ts';
import { SHORTEST, type Survey } from './survey.ts';

/** Characters behind a stretch that have to be seen to know if the run goes on. */
const LOOK_AHEAD = 256;
/** From so many characters on, a run may hold what shows only behind its first bytes: a tar, a dump, a disc image. */
const LONG = 684;
/** Places in a run at which its first bytes may stand, behind other characters of the alphabet that are none of it. */
const MOST_HITS = 16;
const MOST_STARTS = 8;

/** Values of the characters of base64 and base64url (RFC 4648, sections 4 and 5), 255 for all others. */
const SIX = new Uint8Array(256).fill(255);
for (const alphabet of ['+/', '-_']) {
  [...`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`].forEach((character, value) => {
    SIX[character.charCodeAt(0)] = value;
  });
}
/** Values of hexadecimal digits, 255 for all other characters. */
const FOUR = new Uint8Array(256).fill(255);
for (const digits of ['0123456789abcdef', '0123456789ABCDEF']) {
  [...digits].forEach((character, value) => {
    FOUR[character.charCodeAt(0)] = value;
  });
}

/** A character of the alphabet as JSON, JavaScript, XML and URLs write it. */
const ESCAPED = /^(?:\\\/|(?:%|\\u00|\\x|&#x)(2b|2f|3d|2d|5f);?|&#(43|47|61);)/i;
/** What may stand between two lines of a run: line ends, also escaped; indentation, quotes, marks of comments, joins of strings. */
const BETWEEN =
  /^(?:\\+[rnt]|\\+u000[ad]|\\+x0[ad]|&#(?:10|13|x0*[ad]);|%0[ad]|<br ?\/?>|["'] *[+.&] *\r?\n? *["']|\r?\n[ \t]*\/\/ |[\s"'`,;>#|*\\])+/i;
const LINE_END = /[\r\n]|\\+[rn]|\\+u000[ad]|\\+x0[ad]|&#(?:10|13|x0*[ad]);|%0[ad]|<br/i;

interface Hit {
  readonly at: number;
  readonly hex: boolean;
  /** The digits begin here, so it need not be confirmed. */
  readonly begins: boolean;
}

interface Run {
  readonly candidate: Candidate;
  /** Where the stretches of the run begin, as characters and in the text. */
  readonly stretches: { readonly character: number; readonly offset: number }[];
  readonly hits: Hit[];
  /** The last three bytes, as six bits and as four bits a character. */
  six: number;
  four: number;
  /** Characters from here on are all hexadecimal digits. */
  hexFrom: number;
  /** Characters of the line at hand, and of the longest so far. */
  line: number;
  longest: number;
}

/** Finds runs of base64 and of hexadecimal digits in a text, on one line or on many, and keeps those that are archives. */
export class RunFinder {
  private readonly finds: Finds;
  private run: Run | undefined;

  constructor(finds: Finds) {
    this.finds = finds;
  }

  /** Works off what it can; gives the number of bytes it is done with. The others come again, with what follows them. */
  feed(bytes: Uint8Array, offset: number, last: boolean, survey: Survey): number {
    let at = 0;
    for (;;) {
      if (!this.run) {
        const start = nextRun(bytes, at, survey);
        if (start < 0) return last ? bytes.length : Math.max(~start, bytes.length - trailing(bytes));
        at = start;
        this.run = this.begin(at + offset);
      }
      at = this.stretch(this.run, bytes, at, offset);
      if (at === bytes.length) return at;
      if (bytes.length - at < LOOK_AHEAD && !last) return at;
      const onward = this.onward(this.run, bytes, at);
      if (onward > 0) {
        at += onward;
      } else {
        this.end();
        // What ended it is no part of the next one.
        at += 1;
      }
    }
  }

  finish(): void {
    if (this.run) this.end();
  }

  private begin(offset: number): Run {
    const stretches: { character: number; offset: number }[] = [{ character: 0, offset }];
    const hits: Hit[] = [];
    const run: Run = {
      candidate: new Candidate(
        this.finds,
        2,
        (characters) => readings(characters, run),
        (character) => {
          const found = stretches.findLast((stretch) => stretch.character <= character) ?? stretches[0]!;
          return found.offset + character - found.character;
        },
      ),
      stretches,
      hits,
      six: 0,
      four: 0,
      hexFrom: 0,
      line: 0,
      longest: 0,
    };
    return run;
  }

  /** Takes characters up to the first that is none of the alphabet. */
  private stretch(run: Run, bytes: Uint8Array, from: number, offset: number): number {
    const { candidate, hits, stretches } = run;
    const last = stretches.at(-1)!;
    const start = candidate.count;
    if (last.offset + start - last.character !== from + offset && candidate.undecided) {
      stretches.push({ character: start, offset: from + offset });
    }
    let at = from;
    if (candidate.undecided) {
      let { six, four, hexFrom } = run;
      for (; at < bytes.length; at += 1) {
        const byte = bytes[at]!;
        const value = SIX[byte]!;
        if (value === 255) break;
        six = ((six << 6) | value) & 0xffffff;
        if (mayStart(six) && hits.length < MOST_HITS && start + at - from >= 3) {
          hits.push({ at: start + at - from - 3, hex: false, begins: false });
        }
        const digit = FOUR[byte]!;
        if (digit === 255) {
          hexFrom = start + at - from + 1;
          continue;
        }
        four = ((four << 4) | digit) & 0xffffff;
        if (mayStart(four) && hits.length < MOST_HITS && start + at - from - 5 >= hexFrom) {
          const place = start + at - from - 5;
          hits.push({ at: place, hex: true, begins: place === hexFrom });
        }
      }
      run.six = six;
      run.four = four;
      run.hexFrom = hexFrom;
    } else {
      while (at < bytes.length && SIX[bytes[at]!] !== 255) at += 1;
    }
    candidate.add(bytes.subarray(from, at));
    run.line += at - from;
    return at;
  }

  /** Bytes between here and the next characters of the run; 0 if it ends here. */
  private onward(run: Run, bytes: Uint8Array, at: number): number {
    const ahead = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(LOOK_AHEAD, bytes.length - at));
    const text = ahead.toString('latin1');
    const escaped = ESCAPED.exec(text);
    if (escaped) {
      const code = escaped[1] ? Number.parseInt(escaped[1], 16) : Number(escaped[2] ?? 0x2f);
      if (code === 0x3d) return 0;
      run.candidate.add(Uint8Array.of(code));
      run.hexFrom = run.candidate.count;
      run.line += 1;
      return escaped[0].length;
    }
    const soft = /^=\r?\n/.exec(text);
    // A whole group needs no padding: this is the soft line break of RFC 2045, section 6.7.
    const between = soft && run.candidate.count % 4 < 2 ? soft : BETWEEN.exec(text);
    if (!between) return 0;
    const { line } = run;
    run.longest = Math.max(run.longest, line);
    let next = between[0].length;
    while (next < ahead.length && next - between[0].length < SHORTEST && SIX[ahead[next]!] !== 255) next += 1;
    const following = next - between[0].length;
    const short = line === run.longest && following > 0 && endsLine(text, next);
    const goesOn = line >= SHORTEST && (following >= SHORTEST || short) && LINE_END.test(between[0]);
    run.line = 0;
    return goesOn ? between[0].length : 0;
  }

  private end(): void {
    const run = this.run!;
    this.run = undefined;
    const { candidate } = run;
    // Most runs are names, paths and digests: none of them is decoded.
    if (candidate.undecided && candidate.count < LONG && run.hits.length === 0 && !candidate.mayBeText()) return;
    candidate.end();
  }
}

/** 1 for what may stand between stretches of one run, or begins an escape of it. */
const JOINS = new Uint8Array(256);
for (const character of ' \t\r\n"\'`,;>#|*\\%&<=+') JOINS[character.charCodeAt(0)] = 1;
/** 1 for what text is made of, in ASCII and in UTF-16. */
const TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0 || (byte >= 9 && byte <= 13) || (byte >= 0x20 && byte < 0x7f) ? 1 : 0,
);

/**
 * Most stretches are names, paths and digests: a stretch that is short, begins no archive and no text, and does not go on.
 * Gives its end; the place itself if it deserves a closer look. The answer is that of the closer look.
 */
function harmless(bytes: Uint8Array, from: number): number {
  const most = Math.min(bytes.length, from + LONG);
  let six = 0;
  let four = 0;
  let digits = 0;
  let at = from;
  for (; at < most; at += 1) {
    const value = SIX[bytes[at]!]!;
    if (value === 255) break;
    six = ((six << 6) | value) & 0xffffff;
    if (mayStart(six)) return from;
    const digit = FOUR[bytes[at]!]!;
    digits = digit === 255 ? 0 : digits + 1;
    four = ((four << 4) | digit) & 0xffffff;
    if (digits >= 6 && mayStart(four)) return from;
  }
  if (at === most) return from;
  if (JOINS[bytes[at]!] === 1 && mayGoOn(bytes, at)) return from;
  if (beginsText(bytes, from, at, SIX, 6)) return from;
  return digits >= SHORTEST && beginsText(bytes, at - digits, at, FOUR, 4) ? from : at;
}

function mayGoOn(bytes: Uint8Array, from: number): boolean {
  const most = Math.min(bytes.length, from + LOOK_AHEAD);
  let at = from;
  let newLine = false;
  for (; at < most && JOINS[bytes[at]!] === 1; at += 1) {
    // Escapes are read by the closer look.
    if (bytes[at] === 0x5c || bytes[at] === 0x25 || bytes[at] === 0x26 || bytes[at] === 0x3c) return true;
    if (bytes[at] === 0x0a || bytes[at] === 0x0d) newLine = true;
  }
  if (!newLine) return at === bytes.length;
  const enough = at + SHORTEST;
  if (enough > bytes.length) return true;
  while (at < enough && SIX[bytes[at]!] !== 255) at += 1;
  return at === enough;
}

/** Says if the first twelve bytes that a stretch decodes to are of text. */
function beginsText(bytes: Uint8Array, from: number, to: number, values: Uint8Array, width: number): boolean {
  let bits = 0;
  let held = 0;
  let count = 0;
  for (let at = from; at < to && count < 12; at += 1) {
    bits = ((bits << width) | values[bytes[at]!]!) & 0xffff;
    held += width;
    if (held < 8) continue;
    held -= 8;
    if (TEXT[(bits >> held) & 0xff] === 0) return false;
    count += 1;
  }
  return true;
}

/** Bytes in front of a run that belong to a mark before it: a line end that is escaped, `0x` or `\\x` of digits. */
function leadLength(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first !== 0x5c && first !== 0x25 && first !== 0x30) return 0;
  const lead = /^(?:\\+(?:[nrt](?:\\+n)?|x(?=[0-9a-f]{16})|(?=[^\\/ux]))|0x|%0[ad])/i;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(64, bytes.length - start)).toString(
    'latin1',
  );
  return lead.exec(text)?.[0].length ?? 0;
}

function isEscaped(bytes: Uint8Array, at: number): boolean {
  return ESCAPED.test(
    Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(8, bytes.length - at)).toString('latin1'),
  );
}

/** Nothing else stands on the line, or only what closes it. */
function endsLine(text: string, at: number): boolean {
  return at >= text.length || /^(?:[\s=\\"'`,;)<&%]|$)/.test(text.slice(at, at + 1));
}

/** Says cheaply if content that is here as a whole may hold a run. */
export const mayHoldRun = (bytes: Uint8Array, survey: Survey): boolean => nextRun(bytes, 0, survey) >= 0;

/** Where the next run begins that deserves a closer look; `~end` if there is none, all before `end` being harmless. */
function nextRun(bytes: Uint8Array, from: number, survey: Survey): number {
  for (let at = from; ; ) {
    const start = survey.stretch('runs', at);
    if (start < 0) return ~at;
    const rule = separator(bytes, start);
    if (rule > start) {
      at = rule;
      continue;
    }
    at = start + leadLength(bytes, start);
    if (at < bytes.length && SIX[bytes[at]!] === 255 && !isEscaped(bytes, at)) {
      at += 1;
      continue;
    }
    const passed = harmless(bytes, at);
    if (passed === at) return at;
    at = passed;
  }
}

/** Characters at the end that may belong to a stretch that goes on. */
function trailing(bytes: Uint8Array): number {
  let count = 0;
  while (count < SHORTEST && count < bytes.length && RUN[bytes[bytes.length - 1 - count]!] === 1) count += 1;
  return count;
}

/**
 * Where a line of one repeated character ends, as it separates parts of a text; `from` if there is none. No archive begins
 * like that, but for zeros, which some have in front.
 */
function separator(bytes: Uint8Array, from: number): number {
  const mark = bytes[from]!;
  if (mark === 0x41 || mark === 0x30) return from;
  let at = from;
  while (at < bytes.length && bytes[at] === mark) at += 1;
  return at - from >= SHORTEST / 2 ? at : from;
}

/** Characters as a string, byte by byte. */
export const latin1 = (characters: Uint8Array): string =>
  Buffer.from(characters.buffer, characters.byteOffset, characters.length).toString('latin1');

const base64 = (skip: number, inside: boolean): Reading => ({
  coding: 'base64',
  skip,
  inside,
  group: 4,
  decode: (characters) => Buffer.from(latin1(characters), 'base64'),
});

const hex = (skip: number, inside: boolean): Reading => ({
  coding: 'hex',
  skip,
  inside,
  group: 2,
  decode: (characters) => Buffer.from(latin1(characters), 'hex'),
});

/** From the beginning first, then from where first bytes of an archive stand, or where the lines get another length. */
function* readings(characters: Uint8Array, { hexFrom, hits, stretches }: Run): Iterable<Reading> {
  const digits = characters.length - hexFrom >= SHORTEST;
  if (digits) yield hex(hexFrom, false);
  yield base64(0, false);
  for (const hit of hits) {
    // Digits end where another character stands: what is left of the archive then is still one.
    if (hit.hex && !(digits && hit.at === hexFrom)) yield hex(hit.at, !hit.begins);
    else if (!hit.hex && hit.at > 0) yield base64(hit.at, true);
  }
  let starts = 0;
  for (let index = 1; index < stretches.length && starts < MOST_STARTS; index += 1) {
    const at = stretches[index]!.character;
    const before = at - stretches[index - 1]!.character;
    const length = (stretches[index + 1]?.character ?? characters.length) - at;
    if (before === length || characters.length - at < LONG) continue;
    starts += 1;
    yield base64(at, false);
  }
}
