import type { ByteSet, PatternNode } from './pattern/index.ts';

/** Source of chance: an integer from 0 to n - 1. */
export type Below = (n: number) => number;

/** Reproducible chance (xorshift32). */
export function seededBelow(seed: number): Below {
  let state = seed >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
}

/** A text that a pattern is likely to match, as latin1 chars: assertions are left to the caller's check. */
export function samplePattern(node: PatternNode, below: Below): string {
  switch (node.type) {
    case 'empty':
    case 'assert':
      return '';
    case 'set':
      return byteOf(node.set, below);
    case 'group':
      return samplePattern(node.item, below);
    case 'concat':
      return node.items.map((item) => samplePattern(item, below)).join('');
    case 'alternate':
      return samplePattern(node.items[below(node.items.length)]!, below);
    case 'repeat': {
      const room = Math.min(node.max - node.min, node.min < 2 && node.max === Infinity ? 12 : 3);
      const times = node.min + below(room + 1);
      return Array.from({ length: times }, () => samplePattern(node.item, below)).join('');
    }
  }
}

/** Letters and digits where the set has some, else what can be printed, else anything. */
function byteOf(set: ByteSet, below: Below): string {
  const all = [...set.keys()].filter((byte) => set[byte] === 1);
  const plain = all.filter((byte) => /[A-Za-z0-9]/.test(String.fromCharCode(byte)));
  const printable = all.filter((byte) => byte >= 0x20 && byte < 0x7f);
  const choice = plain.length > 0 ? plain : printable.length > 0 ? printable : all;
  return String.fromCharCode(choice[below(choice.length)]!);
}
