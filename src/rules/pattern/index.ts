export { type Anchor, type AnchorSet, anchorsOf } from './anchors.ts';
export {
  ANY_BYTE,
  type ByteSet,
  byteSet,
  negate,
  PatternError,
  type PatternNode,
  placesOf,
  type Span,
  setOfBits,
  spanOf,
} from './ast.ts';
export { Backtracker } from './backtracker.ts';
export { type FoundEnd, LazyDfa } from './lazy-dfa.ts';
export { BYTE_SHARES, likelihood, numberOf } from './likelihood.ts';
export { Openers } from './openers.ts';
export { parsePattern } from './parse.ts';
export { Pike } from './pike.ts';
export { PREFIX_BYTES, type Prefix, prefixesOf } from './prefixes.ts';
export { compileProgram, type Program } from './program.ts';
export { everywhere, latin1, rangeFrom, type Starts, type Text } from './text.ts';
