import { stringify } from 'yaml';
import { normalise } from './path-name.ts';
import { isTimestamp } from './segment.ts';

/** An entry of a known-good bundle, as `inspect --json` prints it. */
export interface SeenEntry {
  /** Names from the payload inwards, one for each container level. */
  readonly path: readonly string[];
  readonly kind: string;
  readonly coverage?: string;
}

export interface DraftOptions {
  readonly id: string;
  readonly title: string;
}

interface Context {
  readonly id: string;
  readonly title: string;
  /** Container whose members these are, as names from the payload inwards; empty for the payload. */
  readonly container: readonly string[];
  readonly membersOf?: string;
  readonly items: Map<string, { id: string; printed: string; content: Set<string> }>;
}

/**
 * Drafts an inventory from a bundle that is known to be good, for a person to edit: one item for each name, with dates and
 * runs of digits generalised. Its items are `known-from-other-source`: seen, not documented, until a person cites the
 * vendor's statement. Returns YAML.
 */
export function draftInventory(entries: readonly SeenEntry[], options: DraftOptions): string {
  const top: Context = { id: 'top', title: 'top level of the bundle', container: [], items: new Map() };
  const contexts = new Map<string, Context>([['', top]]);
  const files = entries.filter(({ kind }) => kind === 'file' || kind === 'symlink' || kind === 'hardlink');
  const ids = new Set<string>();
  const contextIds = new Set([top.id]);
  const holders = archives(files);
  const wrapper = wrapperOf(files);
  for (const { path, coverage } of files) {
    if (path.length < 2) continue;
    const container = path.slice(1, -1);
    const context = contexts.get(container.join('\n'));
    // Members of a file that is merely compressed, and of archives in archives, inherit the item of their container.
    if (context === undefined) continue;
    const name = normalise(path.at(-1) as string);
    const segments = context === top && wrapper !== undefined ? name?.segments.slice(1) : name?.segments;
    if (segments === undefined || segments.length === 0) continue;
    const pattern = patternOf(segments);
    const opened = holders.has(path.slice(1).join('\n'));
    const item = context.items.get(pattern) ?? { id: '', printed: segments.join('/'), content: new Set<string>() };
    item.id ||= uniqueId(slug(context === top ? pattern : `${context.id}-${pattern}`), ids);
    for (const kind of contentOf(segments.at(-1) as string, coverage, opened)) item.content.add(kind);
    context.items.set(pattern, item);
    if (opened && path.length === 2) {
      const id = uniqueId(slug(segments.at(-1) as string), contextIds);
      const members = { id, title: `members of ${segments.join('/')}`, container: path.slice(1), membersOf: item.id };
      contexts.set(path.slice(1).join('\n'), { ...members, items: new Map() });
    }
  }
  return write([...contexts.values()], options);
}

/** Containers of more than a single compressed file, by their names from the payload inwards. */
function archives(files: readonly SeenEntry[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const container = path.slice(1, -1).join('\n');
    if (container !== '') counts.set(container, (counts.get(container) ?? 0) + 1);
  }
  const compressed = /\.(?:gz|bz2|xz|zst|lz4|Z)$/;
  const tarball = /\.tar\.\w+$/;
  return new Set(
    [...counts]
      .filter(([name, count]) => count > 1 || !compressed.test(name) || tarball.test(name))
      .map(([name]) => name),
  );
}

function wrapperOf(files: readonly SeenEntry[]): string | undefined {
  const paths = files
    .filter(({ path }) => path.length === 2)
    .map(({ path }) => normalise(path[1] as string)?.segments ?? []);
  const first = paths[0]?.[0];
  return first !== undefined && paths.every((path) => path[0] === first && path.length > 1) ? first : undefined;
}

/** A pattern has at most 30 segments; what lies deeper is taken as a whole. */
function patternOf(segments: readonly string[]): string {
  const general = segments.map(generalise);
  return general.length > 30 ? [...general.slice(0, 29), '**'].join('/') : general.join('/');
}

/** Pieces of a name that change from one bundle to the next become placeholders. */
function generalise(segment: string): string {
  const literal = segment.replace(/\\x[0-9a-f]{2}|[*{}]/g, '*').replace(/\*+/g, '*');
  return literal.replace(/\d+/g, (digits) => {
    if (digits.length === 14 && isTimestamp(digits, 0)) return '{timestamp}';
    return digits.length >= 4 ? '{number}' : digits;
  });
}

const KINDS: readonly [RegExp, string][] = [
  [/^core(?:\.|$)|dump/i, 'dump'],
  [/\.xml$/i, 'xml'],
  [/\.(?:tgz|tar|zip|gz|bz2|xz|zst|7z|cpio|rpm|deb)$/i, 'archive'],
];

function contentOf(name: string, coverage: string | undefined, opened: boolean): string[] {
  if (opened || coverage === 'opened') return ['archive'];
  const known = KINDS.find(([pattern]) => pattern.test(name))?.[1];
  if (known !== undefined) return [known];
  return coverage === 'raw' ? ['binary'] : ['text'];
}

function uniqueId(base: string, taken: Set<string>): string {
  let id = base;
  for (let number = 2; taken.has(id); number++) id = `${base}-${number}`;
  taken.add(id);
  return id;
}

function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return words.slice(-80).replace(/^-+/, '') || 'entry';
}

function write(contexts: readonly Context[], { id, title }: DraftOptions): string {
  const items = contexts.flatMap((context) =>
    [...context.items].map(([pattern, item]) => ({
      id: item.id,
      context: context.id,
      title: item.printed.slice(0, 300),
      patterns: [pattern],
      status: 'known-from-other-source',
      content: [...item.content].sort(),
      cite: { document: 'bundle', section: 'as seen' },
    })),
  );
  const document = {
    id,
    version: '0.1.0',
    title,
    documents: { bundle: { title: `${title}: seen in a bundle that was taken to be good` } },
    contexts: contexts.map(({ id, title, membersOf }) =>
      membersOf === undefined ? { id, title } : { id, title, membersOf },
    ),
    placeholders: {
      number: { title: 'a run of digits', chars: '0-9', min: 1, max: 32 },
      timestamp: { title: 'date and time', timestamp: 'yyyymmddhhmmss' },
    },
    items,
  };
  const note = ` A draft: what a bundle held, not what its vendor documents. Name the vendor's document, cite a section in each
 item, set its status to documented, and describe it; delete what must not be sent. Then: clearance inventory check FILE`;
  return `${note.replace(/^/gm, '#')}\n${stringify(document, { lineWidth: 0 })}`;
}

/**
 * Reads the entries of a bundle from `inspect --json` (JSON Lines), or from a listing with one path a line (`tar tzf`).
 */
export function parseEntries(text: string): SeenEntry[] {
  return text.split('\n').flatMap((line): SeenEntry[] => {
    if (line === '') return [];
    const entry = line.startsWith('{') ? jsonOf(line) : undefined;
    if (entry === undefined) return [{ path: ['bundle', line], kind: line.endsWith('/') ? 'directory' : 'file' }];
    return Array.isArray(entry.path) && typeof entry.kind === 'string' ? [entry as SeenEntry] : [];
  });
}

function jsonOf(line: string): Partial<SeenEntry> | undefined {
  try {
    return JSON.parse(line) as Partial<SeenEntry>;
  } catch {
    return undefined;
  }
}
