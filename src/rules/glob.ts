import {
  byteSet,
  compileProgram,
  everywhere,
  LazyDfa,
  negate,
  type PatternNode,
  parsePattern,
} from './pattern/index.ts';

const NOT_SLASH = negate(byteSet([0x2f, 0x2f]));
const ANY = byteSet([0, 255]);

/**
 * A glob over a path: `*` and `?` stay within a name, `**` crosses `/`, `[...]` is a class; a glob without `/` is matched
 * against the last name. Runs on the linear engine like every pattern of a pack.
 */
export function compileGlob(glob: string): (path: Uint8Array) => boolean {
  // Every entry is put to every glob: an automaton made once answers in a step a byte.
  const dfa = new LazyDfa(compileProgram(globNode(glob), 0));
  const found = { end: 0, from: 0 };
  const start = everywhere(0, 0);
  const nameOnly = !glob.includes('/');
  return (path) => {
    const begin = nameOnly ? path.lastIndexOf(0x2f) + 1 : 0;
    const text = { bytes: path, begin, end: path.length };
    start.pairs.fill(begin);
    return dfa.find(text, start, begin, path.length, found);
  };
}

function globNode(glob: string): PatternNode {
  const items: PatternNode[] = [];
  const star = (set: Uint8Array): PatternNode => {
    return { type: 'repeat', item: { type: 'set', set }, min: 0, max: Infinity, lazy: false };
  };
  for (const part of glob.match(/\*\*\/|\*\*|\*|\?|\[\^?[^\]]+\]|[^*?[]+|\[/g) ?? []) {
    if (part === '**/') {
      const folders: PatternNode = { type: 'concat', items: [star(ANY), { type: 'set', set: byteSet([0x2f, 0x2f]) }] };
      items.push({ type: 'repeat', item: folders, min: 0, max: 1, lazy: false });
    } else if (part === '**') items.push(star(ANY));
    else if (part === '*') items.push(star(NOT_SLASH));
    else if (part === '?') items.push({ type: 'set', set: NOT_SLASH });
    else if (part.startsWith('[') && part.length > 1) items.push(parsePattern(part).node);
    else {
      for (const byte of new TextEncoder().encode(part)) items.push({ type: 'set', set: byteSet([byte, byte]) });
    }
  }
  items.push({ type: 'assert', kind: 'text-end' });
  return { type: 'concat', items };
}
