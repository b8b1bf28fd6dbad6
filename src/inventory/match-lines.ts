import { Buffer } from 'node:buffer';
import { DataError } from '../model/index.ts';
import type { Inventory } from './inventory.ts';
import { type MatchOptions, matchNormal } from './match.ts';
import { normalise, shownName } from './path-name.ts';

/** Longer than any path that an archive format can hold in practice; keeps memory bounded. */
const LONGEST_LINE = 1 << 20;

/**
 * Matches one path a line: LF ends it, nothing is trimmed, the last one needs no LF. Yields JSON Lines in the order of
 * the input, many at a time.
 * @throws DataError for a line longer than 1 MiB
 */
export async function* matchLines(
  inventory: Inventory,
  context: string,
  input: AsyncIterable<Uint8Array>,
  options: MatchOptions = {},
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let count = 0;
  const place = JSON.stringify(context);
  const answer = (line: Buffer): string => {
    count++;
    const text = line.toString('latin1');
    const path = normalise(text);
    const match = path && matchNormal(inventory, context, path, options);
    const shown = JSON.stringify(/^[\0-\x7f]*$/.test(text) ? text : shownName(line));
    const item = match?.item === undefined ? 'null' : `"${match.item.id}"`;
    const { status = 'undocumented', ambiguous = false } = match ?? {};
    return `{"path":${shown},"context":${place},"item":${item},"status":"${status}","ambiguous":${ambiguous}}\n`;
  };
  for await (const chunk of input) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    let lines = '';
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      lines += answer(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (lines !== '') yield lines;
    if (rest.length > LONGEST_LINE) {
      throw new DataError('a path is too long', [{ file: '-', line: count + 1, message: 'longer than 1 MiB' }]);
    }
  }
  if (rest.length > 0) yield answer(rest);
}
