import { type Anchor, type ByteSet, type CompiledRule, likelihood } from '../rules/index.ts';
import type { StartWindows } from './start-windows.ts';

/** One distinct run of sets, and the rules that are looked for around it. */
export interface PreparedAnchor {
  readonly sets: readonly ByteSet[];
  /** Pairs in parallel: rule index and how far before the anchor its match may begin. */
  readonly rules: number[];
  readonly least: number[];
  readonly most: number[];
}

/** Anchors of all rules, told apart by how they are found: by the hash of three folded bytes, or by their shape. */
export interface PreparedAnchors {
  readonly anchors: readonly PreparedAnchor[];
  /** Anchor index and place of its rarest three bytes, by hash. */
  readonly buckets: ReadonlyMap<number, readonly { readonly anchor: number; readonly at: number }[]>;
  /** Anchors without three literal bytes. */
  readonly shapes: readonly number[];
}

/** Finds anchors in a text and marks where matches of their rules may begin. */
export interface Prefilter {
  run(bytes: Uint8Array, from: number, to: number, windows: StartWindows): void;
}

export function prepareAnchors(rules: readonly CompiledRule[]): PreparedAnchors {
  const anchors: PreparedAnchor[] = [];
  const known = new Map<string, PreparedAnchor>();
  rules.forEach((rule, index) => {
    for (const { sets, before } of rule.anchors.anchors) {
      const key = sets.map((set) => set.join('')).join('|');
      let anchor = known.get(key);
      if (!anchor) {
        anchor = { sets, rules: [], least: [], most: [] };
        anchors.push(anchor);
        known.set(key, anchor);
      }
      anchor.rules.push(index);
      anchor.least.push(before.min);
      anchor.most.push(before.max);
    }
  });
  const buckets = new Map<number, { anchor: number; at: number }[]>();
  const shapes: number[] = [];
  anchors.forEach((anchor, index) => {
    const at = rarestTrigram(anchor.sets);
    if (at < 0) {
      shapes.push(index);
      return;
    }
    const [a, b, c] = [0, 1, 2].map((step) => folded(anchor.sets[at + step]!)) as [number, number, number];
    const hash = trigramHash(a, b, c);
    const bucket = buckets.get(hash) ?? [];
    bucket.push({ anchor: index, at });
    buckets.set(hash, bucket);
  });
  return { anchors, buckets, shapes };
}

/** Hash of three bytes, 16 bits; letter case is folded away by setting bit 5. */
export function trigramHash(a: number, b: number, c: number): number {
  return (((a | 0x20) << 12) ^ ((b | 0x20) << 6) ^ (c | 0x20)) & 0xffff;
}

/** The byte all members of a set fold to, or -1. */
function folded(set: ByteSet): number {
  let found = -1;
  for (let byte = 0; byte < 256; byte++) {
    if (set[byte] !== 1) continue;
    if (found >= 0 && found !== (byte | 0x20)) return -1;
    found = byte | 0x20;
  }
  return found;
}

function rarestTrigram(sets: readonly ByteSet[]): number {
  let best = -1;
  let least = Infinity;
  for (let at = 0; at + 3 <= sets.length; at++) {
    const three = sets.slice(at, at + 3);
    if (three.some((set) => folded(set) < 0)) continue;
    const chance = three.reduce((product, set) => product * likelihood(set), 1);
    if (chance < least) {
      least = chance;
      best = at;
    }
  }
  return best;
}

/** True if all sets of an anchor hold from `at` on. */
export function anchorHolds(anchor: Pick<Anchor, 'sets'>, bytes: Uint8Array, at: number, to: number): boolean {
  const { sets } = anchor;
  if (at < 0 || at + sets.length > to) return false;
  for (let index = 0; index < sets.length; index++) if (sets[index]![bytes[at + index]!] !== 1) return false;
  return true;
}
