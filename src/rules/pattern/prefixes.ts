import { ANY_BYTE, type ByteSet, LINE_END, NONE, negate, union, WORD } from './ast.ts';
import { numberOf } from './likelihood.ts';
import { OP, type Program } from './program.ts';

/** Bytes from a match's start on that a prefix tells. */
export const PREFIX_BYTES = 4;

/** One way a match can begin: the byte before it, if there is one, and its first bytes lie in these sets. */
export type Prefix = readonly ByteSet[];

const ENDED = -1;

/** Beyond this, ways are taken together. */
const MAX_PREFIXES = 96;

const NO_WORD = negate(WORD);
const ASSERT = { word: 0, notWord: 1, lineStart: 2, textStart: 4 } as const;

/**
 * All ways in which a match of the program can begin: it begins nowhere else, though not wherever one of them fits.
 * `null` if a match may be empty.
 */
export function prefixesOf(program: Program): readonly Prefix[] | null {
  const begins = firstSets(program);
  if (!begins) return null;
  let ways = merged(begins.map(({ before, pc }) => ({ sets: [before, program.sets[program.x[pc]!]!], pcs: [pc + 1] })));
  for (let at = 1; at < PREFIX_BYTES; at++) {
    const longer = merged(ways.flatMap((way) => onward(program, way)));
    ways = longer.length <= MAX_PREFIXES ? longer : ways.map((way) => asOne(way, onward(program, way)));
  }
  return ways.map(({ sets }) => sets);
}

interface Way {
  readonly sets: readonly ByteSet[];
  /** Instructions from which the match goes on; `ENDED` among them if it may be over. */
  readonly pcs: readonly number[];
}

/** The first instructions that take a byte, each with what may stand before it. */
function firstSets({ op, x, y, sets }: Program): { readonly before: ByteSet; readonly pc: number }[] | null {
  const found: { before: ByteSet; pc: number }[] = [];
  const seen = new Set<string>();
  const stack = [{ pc: 0, before: ANY_BYTE, border: 0 }];
  while (stack.length > 0) {
    const { pc, before, border } = stack.pop()!;
    const key = `${pc} ${border} ${numberOf(before)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const code = op[pc];
    if (code === OP.match) return null;
    if (code === OP.split) stack.push({ pc: x[pc]!, before, border }, { pc: y[pc]!, before, border });
    else if (code === OP.jump) stack.push({ pc: x[pc]!, before, border });
    else if (code === OP.save) stack.push({ pc: pc + 1, before, border });
    else if (code === OP.assert) {
      const kind = x[pc]!;
      const next = kind === ASSERT.lineStart ? both(before, LINE_END) : kind === ASSERT.textStart ? NONE : before;
      const flag = kind === ASSERT.word ? 1 : kind === ASSERT.notWord ? 2 : 0;
      stack.push({ pc: pc + 1, before: next, border: border | flag });
    } else {
      const set = sets[x[pc]!]!;
      const inWord = both(set, NO_WORD) === NONE;
      const outside = both(set, WORD) === NONE;
      let allowed = before;
      if (border === 1 && (inWord || outside)) allowed = both(before, inWord ? NO_WORD : WORD);
      if (border === 2 && (inWord || outside)) allowed = both(before, inWord ? WORD : NO_WORD);
      found.push({ before: allowed, pc });
    }
  }
  return found;
}

/** All that a way may go on with. Assertions are taken to hold: what they exclude is found out later. */
function onward({ op, x, y, sets }: Program, way: Way): Way[] {
  const next = new Map<ByteSet, number[]>();
  const seen = new Set<number>();
  const stack = [...way.pcs];
  let ended = false;
  while (stack.length > 0) {
    const pc = stack.pop()!;
    if (seen.has(pc)) continue;
    seen.add(pc);
    const code = pc === ENDED ? OP.match : op[pc];
    if (code === OP.match) ended = true;
    else if (code === OP.split) stack.push(x[pc]!, y[pc]!);
    else if (code === OP.jump) stack.push(x[pc]!);
    else if (code === OP.set) {
      const set = sets[x[pc]!]!;
      const pcs = next.get(set);
      if (pcs) pcs.push(pc + 1);
      else next.set(set, [pc + 1]);
    } else stack.push(pc + 1);
  }
  if (ended) return [{ sets: [...way.sets, ANY_BYTE], pcs: [ENDED] }];
  return [...next].map(([set, pcs]) => ({ sets: [...way.sets, set], pcs }));
}

/** Ways with the same sets become one. */
function merged(ways: readonly Way[]): Way[] {
  const distinct = new Map<string, Way>();
  for (const way of ways) {
    const key = way.sets.map(numberOf).join();
    const other = distinct.get(key);
    distinct.set(key, other ? { sets: way.sets, pcs: [...new Set([...other.pcs, ...way.pcs])] } : way);
  }
  return [...distinct.values()];
}

function asOne(way: Way, next: readonly Way[]): Way {
  const sets = next.map((one) => one.sets.at(-1)!);
  return { sets: [...way.sets, union(...sets)], pcs: [...new Set(next.flatMap(({ pcs }) => pcs))] };
}

function both(left: ByteSet, right: ByteSet): ByteSet {
  return negate(union(negate(left), negate(right)));
}
