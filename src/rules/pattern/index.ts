export { type Anchor, type AnchorSet, anchorsOf } from './anchors.ts';
export { type ByteSet, byteSet, foldCase, negate, PatternError, type PatternNode, type Span, spanOf } from './ast.ts';
export { type FoundEnd, LazyDfa } from './lazy-dfa.ts';
export { likelihood } from './likelihood.ts';
export { parsePattern } from './parse.ts';
export { Pike } from './pike.ts';
export { compileProgram, type Program } from './program.ts';
export { everywhere, type Starts, type Text } from './text.ts';
