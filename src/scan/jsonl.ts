import { type Finding, type Gap, UsageError } from '../model/index.ts';
import type { RuleSet } from '../rules/index.ts';
import { type ScanOptions, scanText } from './scan.ts';
import { holds, standaloneFinding } from './standalone.ts';

/** Longest line that is read; what is longer belongs into a file of its own. */
const MAX_LINE = 256 * 1024 * 1024;

/** The answer to one line, and what it means for the exit code. */
export interface JsonlAnswer {
  readonly line: string;
  readonly holds: boolean;
  readonly unread: boolean;
  /** There was something to examine. */
  readonly content: true;
}

/**
 * Scans texts given one a line as `{"id", "text" | "base64", "name"?}`; answers `{"id", "findings": [...]}` in order, with
 * `gaps` where something could not be examined.
 * @throws UsageError with the number of the first line that is no such object
 */
export async function* scanJsonl(
  input: AsyncIterable<Uint8Array>,
  rules: RuleSet,
  options: ScanOptions = {},
): AsyncGenerator<JsonlAnswer> {
  let number = 0;
  for await (const line of lines(input)) {
    number++;
    if (line.trim() === '') continue;
    yield answer(line, number, rules, options);
  }
}

function answer(line: string, number: number, rules: RuleSet, options: ScanOptions): JsonlAnswer {
  const { id, bytes, name } = parse(line, number);
  const place = { where: 'content', ...(name !== undefined && { name }) } as const;
  const parts = [scanText(bytes, place, rules, options)];
  if (name !== undefined) parts.push(scanText(Buffer.from(name), { where: 'name', name }, rules, options));
  const findings: Finding[] = parts.flatMap((part) => part.findings.map(standaloneFinding));
  const gaps: Gap[] = parts.flatMap((part) => part.gaps);
  return {
    line: JSON.stringify({ id, findings, ...(gaps.length > 0 && { gaps }) }),
    holds: findings.some(holds),
    unread: gaps.length > 0,
    content: true,
  };
}

function parse(line: string, number: number): { id: unknown; bytes: Uint8Array; name: string | undefined } {
  const fail = (message: string): never => {
    throw new UsageError(`line ${number} of the input: ${message}`, [
      'each line is an object {"id", "text" or "base64", "name"?}',
    ]);
  };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fail('not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('not an object');
  const { id, text, base64, name } = value as Record<string, unknown>;
  if (id === undefined) return fail('no "id"');
  if (name !== undefined && typeof name !== 'string') return fail('"name" is not a string');
  if (typeof text === 'string' && base64 === undefined) return { id, bytes: Buffer.from(text), name };
  if (typeof base64 === 'string' && text === undefined) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 === 1) return fail('"base64" is not base64');
    return { id, bytes: Buffer.from(base64, 'base64'), name };
  }
  return fail('needs "text" or "base64", a string, and not both');
}

async function* lines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      held.push(chunk.subarray(from, at));
      yield Buffer.concat(held).toString('utf8');
      held = [];
      size = 0;
      from = at + 1;
    }
    held.push(Uint8Array.from(chunk.subarray(from)));
    size += chunk.length - from;
    if (size > MAX_LINE) throw new UsageError(`a line of the input is longer than ${MAX_LINE} bytes`);
  }
  if (size > 0) yield Buffer.concat(held).toString('utf8');
}
