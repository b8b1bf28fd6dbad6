import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { DataError, type FilePosition } from '../model/index.ts';
import { packageRoot } from './package-root.ts';
import { readPrepared } from './prepared.ts';
import { validate } from './validate.ts';

/** A problem in a catalog file, before its place was looked up. */
export interface Problem {
  /** JSON Pointer (RFC 6901) to the offending value. */
  readonly pointer: string;
  readonly message: string;
}

/** A parsed and schema-valid catalog file. */
export interface CatalogDocument<T> {
  readonly value: T;
  /** Path as it is shown to people: relative to the package or as the operator gave it. */
  readonly file: string;
  /** SHA-256 of the file's bytes, lower-case hex. */
  readonly sha256: string;
  /** Line and column (from 1) of the value a JSON Pointer names, or of its nearest parent. */
  position(pointer: string): FilePosition;
  /** A DataError that lists all problems with their lines. */
  fail(problems: readonly Problem[]): DataError;
}

/**
 * Reads a YAML or JSON file (JSON is YAML 1.2) and validates it by `schemas/<schema>.schema.json`.
 * @throws DataError with file, line, column and pointer of every problem found
 */
export function readCatalogFile<T>(path: string, schema: string): CatalogDocument<T> {
  const bytes = readBytes(path);
  const file = shownPath(path);
  const value = path.startsWith(join(packageRoot, 'catalog')) ? readBuiltIn(path, bytes, file, schema) : undefined;
  return value === undefined ? parseCatalog<T>(bytes, file, schema) : placedLater<T>(value as T, bytes, file, schema);
}

/** What is our own is not read as YAML, an order of magnitude slower; `undefined` if it has to be. */
function readBuiltIn(path: string, bytes: Uint8Array, file: string, schema: string): unknown {
  if (!path.endsWith('.json')) return readPrepared(bytes, schema);
  const value: unknown = JSON.parse(decodeUtf8(bytes, file));
  return validate(schema, value).length > 0 ? undefined : value;
}

/** Places are looked up only if something is wrong. */
function placedLater<T>(value: T, bytes: Uint8Array, file: string, schema: string): CatalogDocument<T> {
  let slow: CatalogDocument<T> | undefined;
  const placed = () => {
    slow ??= parseCatalog<T>(bytes, file, schema);
    return slow;
  };
  return {
    value,
    file,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    position: (pointer) => placed().position(pointer),
    fail: (problems) => placed().fail(problems),
  };
}

/** As `readCatalogFile`, on bytes already in memory; `file` names them in errors. */
export function parseCatalog<T>(bytes: Uint8Array, file: string, schema: string): CatalogDocument<T> {
  const text = decodeUtf8(bytes, file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new DataError(
      `${file} is not valid YAML`,
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { file, line, column: col, message: error.message };
      }),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1000 });
  } catch (cause) {
    throw new DataError(`${file} cannot be used`, [{ file, line: 1, message: (cause as Error).message }]);
  }
  const position = (pointer: string): FilePosition => {
    const offset = nearestOffset(document.contents, pointer);
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, pointer };
  };
  const fail = (problems: readonly Problem[]): DataError =>
    new DataError(
      `${file} is not a valid ${schema}`,
      problems.map((problem) => ({ ...position(problem.pointer), message: problem.message })),
    );
  const problems = validate(schema, value);
  if (problems.length > 0) throw fail(problems);
  return { value: value as T, file, sha256: createHash('sha256').update(bytes).digest('hex'), position, fail };
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const file = shownPath(path);
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new DataError(`cannot read ${file}`, [{ file, message: `cannot be read (${code})` }]);
  }
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(`${file} is not UTF-8`, [{ file, line: 1, message: 'save the file as UTF-8' }]);
  }
}

function shownPath(path: string): string {
  const inside = relative(packageRoot, path);
  return isAbsolute(path) && !inside.startsWith('..') ? inside : path;
}

function nearestOffset(root: unknown, pointer: string): number {
  let node = root as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair?.value;
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
      offset = (next as Node | undefined)?.range?.[0] ?? offset;
    }
    if (next === undefined || next === null) break;
    node = next as Node;
  }
  return offset;
}
