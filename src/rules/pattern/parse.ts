import {
  type ByteSet,
  byteSet,
  DIGIT,
  foldCase,
  LINE_END,
  negate,
  PatternError,
  type PatternNode,
  SPACE,
  union,
  WORD,
} from './ast.ts';

/** Highest count in a bounded repeat. */
const MAX_REPEAT = 4096;
const MAX_DEPTH = 100;

export interface ParsedPattern {
  readonly node: PatternNode;
  /** Number of capturing groups. */
  readonly groups: number;
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

/**
 * Parses the pattern language of rule packs (docs/pattern-language.md): a subset of common regular expressions over
 * bytes that is linear by construction. Characters beyond ASCII stand for their UTF-8 bytes.
 * @throws PatternError with the place in the pattern
 */
export function parsePattern(source: string, ignoreCase = false): ParsedPattern {
  const parser = new Parser(source);
  const node = parser.alternation({ ignoreCase, dotAll: false }, 0);
  if (!parser.atEnd()) throw new PatternError('")" without "("', parser.at);
  return { node, groups: parser.groups };
}

const NUL = byteSet([0, 0]);
const CLASS_ESCAPES: Readonly<Record<string, ByteSet>> = {
  d: DIGIT,
  D: negate(DIGIT),
  w: WORD,
  W: negate(WORD),
  s: SPACE,
  S: negate(SPACE),
};
const BYTE_ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, '0': 0 };
const ASSERTIONS = { b: 'word', B: 'not-word', A: 'text-start', z: 'text-end' } as const;
const POSIX: Readonly<Record<string, ByteSet>> = {
  alnum: byteSet([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]),
  alpha: byteSet([0x41, 0x5a], [0x61, 0x7a]),
  digit: DIGIT,
  lower: byteSet([0x61, 0x7a]),
  upper: byteSet([0x41, 0x5a]),
  space: SPACE,
  xdigit: byteSet([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]),
  punct: byteSet([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  word: WORD,
};
const NO_LOOKAROUND: Readonly<Record<string, string>> = {
  '=': 'lookahead',
  '!': 'lookahead',
  '>': 'atomic groups',
  '#': 'comments',
};

class Parser {
  readonly source: string;
  at = 0;
  groups = 0;

  constructor(source: string) {
    this.source = source;
  }

  atEnd(): boolean {
    return this.at >= this.source.length;
  }

  alternation(outer: Flags, depth: number): PatternNode {
    if (depth > MAX_DEPTH) throw new PatternError(`groups nest deeper than ${MAX_DEPTH}`, this.at);
    let flags = outer;
    const branches: PatternNode[] = [];
    let items: PatternNode[] = [];
    while (!this.atEnd() && this.source[this.at] !== ')') {
      if (this.source[this.at] === '|') {
        this.at++;
        branches.push(concat(items));
        items = [];
        continue;
      }
      const inline = /^\(\?([a-z]*(?:-[a-z]+)?)\)/.exec(this.source.slice(this.at, this.at + 12));
      if (inline) {
        flags = this.flags(flags, inline[1]!);
        this.at += inline[0].length;
        continue;
      }
      const begin = this.at;
      items.push(this.quantified(this.atom(flags, depth), begin));
    }
    branches.push(concat(items));
    return branches.length === 1 ? branches[0]! : { type: 'alternate', items: branches };
  }

  private atom(flags: Flags, depth: number): PatternNode {
    const start = this.at;
    const char = this.source[this.at++]!;
    switch (char) {
      case '(':
        return this.group(flags, depth, start);
      case '[':
        return this.bracket(flags, start);
      case '.':
        return { type: 'set', set: flags.dotAll ? byteSet([0, 255]) : negate(LINE_END) };
      case '^':
        return { type: 'assert', kind: 'line-start' };
      case '$':
        return { type: 'assert', kind: 'line-end' };
      case '\\':
        return this.escape(flags, start);
      case '*':
      case '+':
      case '?':
        throw new PatternError(`"${char}" has nothing to repeat`, start);
      case '{':
        if (/^\d+(?:,\d*)?\}/.test(this.source.slice(this.at))) {
          throw new PatternError('"{" has nothing to repeat', start);
        }
        return byteNode(0x7b, flags);
      default:
        this.at = start;
        return this.character(flags);
    }
  }

  /** One character, as its UTF-8 bytes. */
  private character(flags: Flags): PatternNode {
    const code = this.source.codePointAt(this.at)!;
    this.at += code > 0xffff ? 2 : 1;
    return characterNode(code, flags);
  }

  private group(flags: Flags, depth: number, start: number): PatternNode {
    let inner = flags;
    let index = 0;
    if (this.source[this.at] === '?') {
      const rest = this.source.slice(this.at + 1);
      const named = /^P?<([A-Za-z_]\w*)>/.exec(rest);
      const scoped = /^([a-z]*(?:-[a-z]+)?):/.exec(rest);
      if (scoped) {
        inner = this.flags(flags, scoped[1]!);
        this.at += 1 + scoped[0].length;
      } else if (named) {
        this.at += 1 + named[0].length;
        index = ++this.groups;
      } else {
        const what = NO_LOOKAROUND[rest[0] ?? ''] ?? (/^<[=!]/.test(rest) ? 'lookbehind' : 'this kind of group');
        throw new PatternError(`${what} is not in the language`, start);
      }
    } else {
      index = ++this.groups;
    }
    const item = this.alternation(inner, depth + 1);
    if (this.source[this.at] !== ')') throw new PatternError('"(" without ")"', start);
    this.at++;
    return index === 0 ? item : { type: 'group', item, index };
  }

  private flags(flags: Flags, text: string): Flags {
    let { ignoreCase, dotAll } = flags;
    let on = true;
    for (const letter of text) {
      if (letter === '-') on = false;
      else if (letter === 'i') ignoreCase = on;
      else if (letter === 's') dotAll = on;
      else if (letter !== 'm' || !on) throw new PatternError(`flag "${letter}" is not in the language`, this.at);
    }
    return { ignoreCase, dotAll };
  }

  private escape(flags: Flags, start: number): PatternNode {
    if (this.atEnd()) throw new PatternError('"\\" at the end', start);
    const char = this.source[this.at]!;
    if (char in ASSERTIONS) {
      this.at++;
      return { type: 'assert', kind: ASSERTIONS[char as keyof typeof ASSERTIONS] };
    }
    const set = CLASS_ESCAPES[char];
    if (set) {
      this.at++;
      return { type: 'set', set };
    }
    return byteNode(this.escapedByte(start), flags);
  }

  /** A byte written as an escape; `at` stands on the character after the backslash. */
  private escapedByte(start: number): number {
    const char = this.source[this.at]!;
    const hex = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,2})\})/.exec(this.source.slice(this.at, this.at + 6));
    if (hex) {
      this.at += hex[0].length;
      return Number.parseInt((hex[1] ?? hex[2])!, 16);
    }
    if (/[1-9k]/.test(char)) throw new PatternError('backreferences are not in the language', start);
    const byte = BYTE_ESCAPES[char];
    if (byte === undefined && (/[A-Za-z]/.test(char) || char.codePointAt(0)! > 0x7e)) {
      throw new PatternError(`"\\${char}" is not in the language`, start);
    }
    this.at++;
    return byte ?? char.codePointAt(0)!;
  }

  private bracket(flags: Flags, start: number): PatternNode {
    const negated = this.source[this.at] === '^';
    if (negated) this.at++;
    let set = byteSet();
    const wide: PatternNode[] = [];
    for (let first = true; ; first = false) {
      if (this.atEnd()) throw new PatternError('"[" without "]"', start);
      if (this.source[this.at] === ']' && !first) break;
      const posix = /^\[:(\w+):\]/.exec(this.source.slice(this.at, this.at + 12));
      if (posix) {
        const named = POSIX[posix[1]!];
        if (!named) throw new PatternError(`no class named "${posix[1]}"`, this.at);
        set = union(set, named);
        this.at += posix[0].length;
        continue;
      }
      const place = this.at;
      const from = this.member();
      const isRange =
        this.source[this.at] === '-' && this.source[this.at + 1] !== ']' && this.at + 1 < this.source.length;
      if (typeof from !== 'number') {
        if (isRange) throw new PatternError('a class cannot begin a range', place);
        set = union(set, from);
      } else if (isRange) {
        this.at++;
        const to = this.member();
        if (typeof to !== 'number') throw new PatternError('a class cannot end a range', place);
        if (from > 0xff || to > 0xff || from > 0x7f !== to > 0x7f) {
          throw new PatternError('a range beyond ASCII is not in the language; list the characters', place);
        }
        if (from > to) throw new PatternError('a range that runs backwards', place);
        set = union(set, byteSet([from, to]));
      } else if (from > 0xff) {
        wide.push(characterNode(from - 0x100, flags));
      } else {
        set = union(set, byteSet([from, from]));
      }
    }
    this.at++;
    if (wide.length > 0 && negated) throw new PatternError('characters beyond ASCII in a negated class', start);
    if (flags.ignoreCase) set = foldCase(set);
    if (negated) set = negate(set);
    const empty = set.every((flag) => flag === 0);
    if (wide.length > 0) return { type: 'alternate', items: empty ? wide : [{ type: 'set', set }, ...wide] };
    if (empty) throw new PatternError('a class that matches nothing', start);
    return { type: 'set', set };
  }

  /** A member of a class: a set, a byte (0-255), or a character beyond ASCII as its code point plus 256. */
  private member(): ByteSet | number {
    const start = this.at;
    const code = this.source.codePointAt(this.at)!;
    if (code !== 0x5c) {
      this.at += code > 0xffff ? 2 : 1;
      return code > 0x7f ? code + 0x100 : code;
    }
    this.at++;
    if (this.atEnd()) throw new PatternError('"\\" at the end', start);
    const char = this.source[this.at]!;
    const set = CLASS_ESCAPES[char];
    if (set) {
      this.at++;
      return set;
    }
    if (char === 'b') {
      this.at++;
      return 8;
    }
    return this.escapedByte(start);
  }

  private quantified(atom: PatternNode, begin: number): PatternNode {
    const start = this.at;
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.source.slice(this.at, this.at + 24));
    if (!match) return atom;
    if (atom.type === 'assert') throw new PatternError('an assertion cannot be repeated', start);
    this.at += match[0].length;
    let [min, max] = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[match[0]] ?? [0, 0];
    if (match[1] !== undefined) {
      min = Number(match[1]);
      max = match[2] === '' ? min : match[3] === '' ? Infinity : Number(match[3]);
      if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Infinity)) {
        throw new PatternError(`a repeat of more than ${MAX_REPEAT}`, start);
      }
      if (min > max) throw new PatternError('a repeat whose minimum is above its maximum', start);
    }
    const lazy = this.source[this.at] === '?';
    if (lazy) this.at++;
    if (/[*+?]/.test(this.source[this.at] ?? '')) throw new PatternError('a repeat of a repeat', this.at);
    const item = max! > 1 ? withinString(atom, this.source.slice(begin, start)) : atom;
    return { type: 'repeat', item, min: min!, max: max!, lazy };
  }
}

function concat(items: readonly PatternNode[]): PatternNode {
  return items.length === 0 ? { type: 'empty' } : items.length === 1 ? items[0]! : { type: 'concat', items };
}

const EXACT: readonly PatternNode[] = Array.from({ length: 256 }, (_, byte) => {
  return { type: 'set', set: byteSet([byte, byte]) };
});
const FOLDED: readonly PatternNode[] = Array.from({ length: 256 }, (_, byte) => {
  return { type: 'set', set: foldCase(byteSet([byte, byte])) };
});

function byteNode(byte: number, flags: Flags): PatternNode {
  return (flags.ignoreCase ? FOLDED : EXACT)[byte]!;
}

function characterNode(code: number, flags: Flags): PatternNode {
  if (code < 0x80) return byteNode(code, flags);
  const bytes = [...new TextEncoder().encode(String.fromCodePoint(code))];
  return concat(bytes.map((byte) => byteNode(byte, flags)));
}

/** `.`, `[^...]` and the escapes of complements: what a class does not name, rather than what it names. */
const COMPLEMENT = /^(?:\.|\\[DWS]|\[\^|\[[^\]]*\\[DWS])/;

/**
 * NUL ends a string in memory and never lies in one: a repeated complement stops there, so that a value in a dump does not
 * run on into the next string. A class that wants NUL names it; one byte of complement, as a border, may be NUL.
 */
function withinString(atom: PatternNode, source: string): PatternNode {
  if (atom.type !== 'set' || atom.set[0] === 0 || !COMPLEMENT.test(source)) return atom;
  if (atom.set.every((flag) => flag === 1)) return atom;
  return { type: 'set', set: negate(union(negate(atom.set), NUL)) };
}
