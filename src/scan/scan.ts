import type { EntryHead, FindingWhere, Gap, Locator, RawFinding, Scanned, UnpackEvent } from '../model/index.ts';
import type { RuleSet } from '../rules/index.ts';
import { type Engine, engineFor } from './engine.ts';
import { EntryCollector } from './entry-collector.ts';
import { extractorsFor } from './extractors.ts';
import { LocatedPlaces, trackersFor } from './locators/index.ts';
import { ViewScanner } from './view-scanner.ts';

export interface ScanOptions {
  /** Key of the fingerprints; without one there are none. */
  readonly fingerprintKey?: Uint8Array;
  /** Places that a disclosure may allow, by their id; findings inside one say so in `located`. */
  readonly locators?: ReadonlyMap<string, Locator>;
}

const ENTRY_VIEW = { prefix: '', encoding: 'utf-8', depth: 0 } as const;

/** Content of one entry while it streams by. */
class EntryScan {
  readonly #collector: EntryCollector;
  readonly #scanner: ViewScanner;

  constructor(engine: Engine, where: FindingWhere, path: Uint8Array | null, options: ScanOptions) {
    const places = new LocatedPlaces();
    const trackers = where === 'content' && options.locators ? trackersFor(options.locators, places) : [];
    this.#collector = new EntryCollector(engine, where, path, options.fingerprintKey, places);
    this.#scanner = new ViewScanner(engine, this.#collector, ENTRY_VIEW, (scanner) =>
      scanner.kind.depth === 0 ? [...extractorsFor(scanner), ...trackers] : extractorsFor(scanner),
    );
  }

  push(bytes: Uint8Array): void {
    this.#collector.earn(bytes.length);
    this.#scanner.push(bytes);
  }

  end(): { findings: RawFinding[]; gaps: Gap[] } {
    this.#scanner.end();
    return this.#collector.finish();
  }
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
  const open = new Map<number, EntryScan>();
  for await (const event of events) {
    const { entry } = event;
    if (event.type === 'bytes') {
      let current = open.get(entry.ordinal);
      if (!current) {
        current = new EntryScan(engine, entry.where, pathOf(entry), options);
        open.set(entry.ordinal, current);
      }
      current.push(event.bytes);
    } else if (event.type === 'end') {
      const parts = [...headParts(entry, engine, options)];
      const content = open.get(entry.ordinal);
      if (content) parts.push(content.end());
      open.delete(entry.ordinal);
      yield {
        entry,
        tail: event.tail,
        findings: parts.flatMap(({ findings }) => findings),
        gaps: parts.flatMap(({ gaps }) => gaps),
      };
    }
  }
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
