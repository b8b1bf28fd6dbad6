import { MalformedEvidence } from '../der.ts';

/** A directive with its words, and the block it opens. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly line: number;
  readonly block?: readonly Directive[];
}

const MAX_DEPTH = 64;

/** Reads the block syntax of nginx: `name args;` and `name args { ... }`, with quotes and `#` comments. @throws MalformedEvidence */
export function parseBraces(text: string): Directive[] {
  const root: Directive[] = [];
  const open: Directive[][] = [root];
  let words: string[] = [];
  let line = 1;
  let began = 1;
  const end = (block?: Directive[]): void => {
    const [name, ...args] = words;
    if (name !== undefined) open.at(-1)!.push({ name, args, line: began, ...(block && { block }) });
    words = [];
  };
  const token = /\n|#[^\n]*|[{};]|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|[^\s{};"'#][^\s{};]*|["']/g;
  for (const match of text.matchAll(token)) {
    const found = match[0];
    if (found === '\n') line++;
    else if (found === ';') end();
    else if (found === '{') {
      const block: Directive[] = [];
      end(block);
      open.push(block);
      if (open.length > MAX_DEPTH) throw new MalformedEvidence('blocks nest too deep', match.index);
    } else if (found === '}') {
      if (open.length === 1) throw new MalformedEvidence('a block ends that never began', match.index);
      open.pop();
      words = [];
    } else if (found === '"' || found === "'") throw new MalformedEvidence('a quote is not closed', match.index);
    else if (!found.startsWith('#')) {
      if (words.length === 0) began = line;
      words.push(match[1] ?? match[2] ?? found);
      line += found.split('\n').length - 1;
    }
  }
  if (open.length > 1) throw new MalformedEvidence('a block is not closed', text.length);
  return root;
}
