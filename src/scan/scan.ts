import type { EntryHead, FindingWhere, Gap, Locator, RawFinding, Scanned, UnpackEvent } from '../model/index.ts';
import type { RuleSet } from '../rules/index.ts';
import { type Engine, engineFor } from './engine.ts';
import { byPlace, EntryCollector } from './entry-collector.ts';
import { extractorsFor } from './extractors.ts';
import { LearnedNames } from './learned-names.ts';
import { LocatedPlaces, trackersFor } from './locators/index.ts';
import { ViewScanner } from './view-scanner.ts';

export interface ScanOptions {
  /** Key of the fingerprints; without one there are none. */
  readonly fingerprintKey?: Uint8Array;
  /** Places that a disclosure may allow, by their id; findings inside one say so in `located`. */
  readonly locators?: ReadonlyMap<string, Locator>;
  /** Names that entries are swept for, and that grow with them; an empty set where absent. */
  readonly names?: LearnedNames;
}

/** Places of learned names that are listed one by one in an entry; then they are counted. */
const SWEPT = 8;
/** How the unpacker names an archive that it took out of a text: by the offset of its first character. */
const WRITTEN_OUT = /^(\d+)\.(?:base64|hex)$/;
const ENTRY_VIEW = { prefix: '', encoding: 'utf-8', depth: 0 } as const;

/** Content of one entry while it streams by. */
class EntryScan {
  readonly #collector: EntryCollector;
  readonly #scanner: ViewScanner;
  readonly #sweep: { readonly collector: EntryCollector; readonly scanner: ViewScanner } | undefined;

  constructor(engine: Engine, where: FindingWhere, path: Uint8Array | null, options: ScanOptions) {
    const places = new LocatedPlaces();
    const trackers = where === 'content' && options.locators ? trackersFor(options.locators, places) : [];
    this.#collector = new EntryCollector(engine, where, path, options.fingerprintKey, places, options);
    this.#sweep = sweepFor(where, path, options);
    this.#scanner = new ViewScanner(engine, this.#collector, ENTRY_VIEW, (scanner) =>
      scanner.kind.depth === 0 ? [...extractorsFor(scanner), ...trackers] : extractorsFor(scanner),
    );
  }

  push(bytes: Uint8Array): void {
    this.#collector.earn(bytes.length);
    this.#scanner.push(bytes);
    this.#sweep?.scanner.push(bytes);
  }

  end(opened?: ReadonlySet<number>): { findings: RawFinding[]; gaps: Gap[] } {
    this.#scanner.end();
    const found = this.#collector.finish(opened);
    if (!this.#sweep) return found;
    this.#sweep.scanner.end();
    const swept = this.#sweep.collector.finish().findings.filter(({ at }) => !isKnown(found.findings, at));
    return swept.length === 0 ? found : { ...found, findings: [...found.findings, ...swept].sort(byPlace) };
  }
}

/** Names learned so far are looked for in the bytes as they are, by an engine of their own. */
function sweepFor(where: FindingWhere, path: Uint8Array | null, options: ScanOptions) {
  const rules = options.names?.rules();
  if (!rules) return undefined;
  const engine = engineFor(rules);
  const few = { listed: SWEPT };
  const collector = new EntryCollector(engine, where, path, options.fingerprintKey, new LocatedPlaces(), few);
  return { collector, scanner: new ViewScanner(engine, collector, ENTRY_VIEW, () => []) };
}

/** A place that another rule found says more than that a name stands there. */
function isKnown(findings: readonly RawFinding[], { offset, length }: RawFinding['at']): boolean {
  return findings.some(
    ({ at, count, class: entity }) =>
      count === undefined &&
      entity.startsWith('net.') &&
      at.offset <= offset &&
      offset + length <= at.offset + at.length,
  );
}

/** Scans one text that is at hand; `name` is what rules for some files only are asked with. */
export function scanText(
  bytes: Uint8Array,
  place: { readonly where: FindingWhere; readonly name?: string },
  rules: RuleSet,
  options: ScanOptions = {},
): { findings: RawFinding[]; gaps: Gap[] } {
  const path = place.name === undefined ? null : new TextEncoder().encode(place.name);
  const scan = new EntryScan(engineFor(rules), place.where, path, options);
  scan.push(bytes);
  return scan.end();
}

/**
 * Scans a walk: for every entry that ends, its content, name and link target. Entries come out in the order of their
 * ends, findings within one by where they lie (name, link target, content), offset and rule.
 */
export async function* scan(
  events: AsyncIterable<UnpackEvent>,
  rules: RuleSet,
  options: ScanOptions = {},
): AsyncGenerator<Scanned> {
  const engine = engineFor(rules);
  const withNames = { ...options, names: options.names ?? new LearnedNames() };
  const open = new Map<number, EntryScan>();
  const opened = new Map<number, Set<number>>();
  for await (const event of events) {
    const { entry } = event;
    if (event.type === 'begin') {
      const run =
        entry.kind === 'pseudo' && entry.parent !== undefined ? WRITTEN_OUT.exec(entry.path.at(-1) ?? '') : null;
      if (run) opened.set(entry.parent!, (opened.get(entry.parent!) ?? new Set()).add(Number(run[1])));
    } else if (event.type === 'bytes') {
      let current = open.get(entry.ordinal);
      if (!current) {
        current = new EntryScan(engine, entry.where, pathOf(entry), withNames);
        open.set(entry.ordinal, current);
      }
      current.push(event.bytes);
    } else if (event.type === 'end') {
      const parts = [...headParts(entry, engine, withNames)];
      const content = open.get(entry.ordinal);
      if (content) parts.push(content.end(opened.get(entry.ordinal)));
      open.delete(entry.ordinal);
      opened.delete(entry.ordinal);
      yield {
        entry,
        tail: event.tail,
        findings: parts.flatMap(({ findings }) => findings),
        gaps: parts.flatMap(({ gaps }) => gaps),
      };
    }
  }
}

/**
 * A pass of its own that only learns, so that the next one sweeps every entry for the names of all.
 */
export async function learnNames(events: AsyncIterable<UnpackEvent>, rules: RuleSet): Promise<LearnedNames> {
  const names = new LearnedNames(', in a pass before');
  const learning = { ...rules, rules: rules.rules.filter(({ definition }) => definition.learn) };
  for await (const _scanned of scan(events, learning, { names }));
  return names;
}

/** Path within the container, as far as it can be shown. */
function pathOf(entry: EntryHead): Uint8Array {
  return new TextEncoder().encode(entry.path.at(-1));
}

function* headParts(entry: EntryHead, engine: Engine, options: ScanOptions) {
  // The name of a pseudo entry was made by the unpacker: what stands in the container is its content.
  if (entry.kind === 'pseudo') return;
  const texts: [FindingWhere, Uint8Array | undefined][] = [
    ['name', entry.name],
    ['link-target', entry.linkTarget],
  ];
  for (const [where, bytes] of texts) {
    if (!bytes || bytes.length === 0) continue;
    const scan = new EntryScan(engine, where, pathOf(entry), options);
    scan.push(bytes);
    yield scan.end();
  }
}
