import { type Kernel, KernelLease } from '../codec/index.ts';
import { DUMP, OPENS, RUN, TEXT, VISIBLE } from './characters.ts';
import { START_FILTER } from './judge.ts';
import { baseOf, PAIRS, RADIXES } from './radix.ts';

/** Shortest stretch of characters of one kind that makes a place of a text worth a look. */
export const SHORTEST = 32;

/** The exports of the kernel `survey`. */
type SurveyKernel = Readonly<
  Record<
    | 'MOST'
    | 'RUNS'
    | 'DUMPS'
    | 'PLACES'
    | 'ESCAPES'
    | 'INPUT'
    | 'MEMORY_END'
    | 'KINDS'
    | 'NIBBLES'
    | 'MARKS'
    | 'PAIRS'
    | 'VALUES'
    | 'BASES'
    | 'STARTS'
    | 'runs'
    | 'dumps'
    | 'places'
    | 'escapes',
    { readonly value: number }
  >
> & { survey(length: number): void };

/** Three characters in a row that stand in each way to write an archive out in escapes or numbers, by their alternatives. */
const MARKS: readonly (readonly [string, string, string])[] = [
  ['3', '7', '\\'],
  ['1', 'fF', '\\'],
  ['1', 'fF', '%'],
  ['1', 'fF', '='],
  ['3', '1', ','],
  ['P', 'K', '\\%'],
  ['8', '0', ','],
  ['7', 'z', 'X'],
];

const NONE = new Uint32Array(0);

/** Where in a piece of content something may be written out: found in one pass, for all who look for it. */
export class Survey {
  /** First characters and ends of long stretches, in turn. */
  readonly runs: Uint32Array;
  readonly dumps: Uint32Array;
  /** Where a run of base85 or base32 may begin. */
  readonly places: Uint32Array;
  /** Where one of the marks of escaped archives stands. */
  readonly escapes: Uint32Array;
  private readonly base: number;

  private constructor(lists: Pick<Survey, 'runs' | 'dumps' | 'places' | 'escapes'>, base: number) {
    this.runs = lists.runs;
    this.dumps = lists.dumps;
    this.places = lists.places;
    this.escapes = lists.escapes;
    this.base = base;
  }

  static of(bytes: Uint8Array): Survey {
    const kernel = ready();
    const { call } = kernel;
    if (bytes.length > call.MOST.value) throw new RangeError('a piece that is too long to be surveyed');
    kernel.put(bytes, call.INPUT.value);
    call.survey(bytes.length);
    const list = (from: number, count: number): Uint32Array => {
      if (count === 0) return NONE;
      const { buffer, byteOffset } = kernel.view(from, from + 4 * count);
      return new Uint32Array(buffer, byteOffset, count).slice();
    };
    const lists = {
      runs: list(call.RUNS.value, call.runs.value),
      dumps: list(call.DUMPS.value, call.dumps.value),
      places: list(call.PLACES.value, call.places.value),
      escapes: list(call.ESCAPES.value, call.escapes.value),
    };
    return new Survey(lists, 0);
  }

  /** The same for the piece without its first bytes. */
  behind(bytes: number): Survey {
    return bytes === 0 ? this : new Survey(this, this.base + bytes);
  }

  /** Where from `from` on the first long stretch begins, or goes on for long enough; -1 if there is none. */
  stretch(kind: 'runs' | 'dumps', from: number): number {
    const list = this[kind];
    const place = from + this.base;
    // The first whose end leaves enough.
    let low = 0;
    let high = list.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[2 * middle + 1]! < place + SHORTEST) low = middle + 1;
      else high = middle;
    }
    return 2 * low === list.length ? -1 : Math.max(list[2 * low]!, place) - this.base;
  }

  /** Where from `from` on the first run of base85 or base32 may begin; -1 if there is none. */
  place(from: number): number {
    const list = this.places;
    const place = from + this.base;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]! < place) low = middle + 1;
      else high = middle;
    }
    return low === list.length ? -1 : list[low]! - this.base;
  }
}

let kept: Kernel<SurveyKernel> | undefined;

/** The one instance, with its tables in place. */
function ready(): Kernel<SurveyKernel> {
  if (kept) return kept;
  const { kernel } = new KernelLease<SurveyKernel>('survey');
  const { call } = kernel;
  if (!kernel.reserve(call.MEMORY_END.value)) throw new RangeError('there is no memory to look for encoded archives');
  const kinds = [RUN, DUMP, VISIBLE, OPENS, TEXT];
  const bits = Uint8Array.from({ length: 256 }, (_, byte) =>
    kinds.reduce((sum, kind, bit) => sum | (kind[byte]! << bit), 0),
  );
  kernel.put(bits, call.KINDS.value);
  kernel.put(nibbles(RUN), call.NIBBLES.value);
  kernel.put(nibbles(DUMP), call.NIBBLES.value + 32);
  for (const column of [0, 1, 2] as const) {
    const tables = new Uint8Array(32);
    for (const [bit, mark] of MARKS.entries()) {
      for (const character of mark[column]) {
        tables[character.charCodeAt(0) & 15]! |= 1 << bit;
        tables[16 + (character.charCodeAt(0) >> 4)]! |= 1 << bit;
      }
    }
    kernel.put(tables, call.MARKS.value + 32 * column);
  }
  kernel.put(PAIRS, call.PAIRS.value);
  for (const [index, radix] of RADIXES.entries()) {
    kernel.put(radix.values.subarray(0, 128), call.VALUES.value + 128 * index);
    kernel.put(Uint8Array.of(baseOf(radix)), call.BASES.value + index);
  }
  kernel.put(START_FILTER, call.STARTS.value);
  kept = kernel;
  return kernel;
}

/** Two tables by the nibbles of a byte that share a bit if it is in the set: one bit for each set of low nibbles. */
function nibbles(set: Uint8Array): Uint8Array {
  const tables = new Uint8Array(32);
  const sets: string[] = [];
  for (let high = 0; high < 16; high += 1) {
    const lows = Array.from({ length: 16 }, (_, low) => low).filter((low) => set[16 * high + low] === 1);
    if (lows.length === 0) continue;
    if (!sets.includes(lows.join())) sets.push(lows.join());
    const bit = sets.indexOf(lows.join());
    for (const low of lows) tables[low]! |= 1 << bit;
    tables[16 + high]! |= 1 << bit;
  }
  if (sets.length > 8) throw new RangeError('a set that nibbles cannot tell');
  return tables;
}
