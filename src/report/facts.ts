import type {
  Coverage,
  Finding,
  FindingState,
  ItemStatus,
  ResultEntry,
  ResultHead,
  Severity,
  StoredResult,
} from '../model/index.ts';
import { ContainerStack } from './container-stack.ts';
import { holdingFindings } from './holding.ts';

/** A finding with the entry it lies in, as reports list it. */
export interface ListedFinding {
  readonly ordinal: number;
  readonly path: readonly string[];
  readonly nameMasked: boolean;
  readonly finding: Finding;
}

/** An entry that a report names by itself. */
export interface ListedEntry {
  readonly ordinal: number;
  readonly entry: ResultEntry;
}

/** Sums over one group of entries. Bytes are those of entries that are no container, so nothing counts twice. */
export interface Tally {
  entries: number;
  bytes: number;
}

/** A container on the nesting ladder. */
export interface Rung {
  readonly ordinal: number;
  readonly path: readonly string[];
  readonly depth: number;
  readonly media: string;
  readonly size: number | null;
  members: number;
  memberBytes: number;
}

/** What every report counts, gathered in one pass over the entries; lists are cut at `LISTED`, counts never. */
export interface Facts {
  readonly entryCount: number;
  readonly statuses: ReadonlyMap<ItemStatus | 'none', Tally>;
  /** By item id, or by status where there is no item. */
  readonly items: ReadonlyMap<string, Tally & { readonly status: ItemStatus | 'none' }>;
  readonly coverage: ReadonlyMap<Coverage, Tally>;
  readonly rungs: readonly Rung[];
  readonly deepest: number;
  readonly findings: ReadonlyMap<FindingState, number>;
  /** Rule pack -> severity -> number of findings that count against the payload. */
  readonly matrix: ReadonlyMap<string, ReadonlyMap<Severity, number>>;
  /** Rule -> state -> number. */
  readonly rules: ReadonlyMap<string, ReadonlyMap<FindingState, number>>;
  readonly counting: readonly ListedFinding[];
  readonly countingTotal: number;
  readonly gaps: ReadonlyMap<string, number>;
  readonly unread: readonly ListedEntry[];
  readonly outside: readonly ListedEntry[];
  readonly outsideTotal: number;
  readonly unreadTotal: number;
}

/** So many entries or findings are named one by one; the attached result has them all. */
const LISTED = 300;
/** The first LISTED of a register that is too long to print would hide what lies behind them: then only counts are shown. */
export const REGISTER_ROWS = 2000;

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Reads all entries once. */
export async function gatherFacts(result: StoredResult): Promise<Facts> {
  const gatherer = new Gatherer(result.head);
  for await (const entry of result.entries()) gatherer.add(entry);
  return gatherer.facts();
}

/** The pass itself, for those who read the entries anyway. */
export class Gatherer {
  readonly #holding: (entry: ResultEntry) => ReadonlySet<Finding>;
  #ordinal = 0;
  #deepest = 0;
  #countingTotal = 0;
  #outsideTotal = 0;
  #unreadTotal = 0;
  readonly #statuses = new Map<ItemStatus | 'none', Tally>();
  readonly #items = new Map<string, Tally & { status: ItemStatus | 'none' }>();
  readonly #coverage = new Map<Coverage, Tally>();
  readonly #rungs: Rung[] = [];
  readonly #open = new ContainerStack<Rung>();
  readonly #findings = new Map<FindingState, number>();
  readonly #matrix = new Map<string, Map<Severity, number>>();
  readonly #rules = new Map<string, Map<FindingState, number>>();
  readonly #counting: ListedFinding[] = [];
  readonly #gaps = new Map<string, number>();
  readonly #unread: ListedEntry[] = [];
  readonly #outside: ListedEntry[] = [];

  constructor(head: ResultHead) {
    this.#holding = holdingFindings(head);
  }

  add(entry: ResultEntry): void {
    const ordinal = this.#ordinal;
    this.#ordinal += 1;
    const container = entry.coverage === 'opened';
    const bytes = container ? 0 : (entry.size ?? 0);
    const status = entry.item?.status ?? 'none';
    tally(this.#statuses, status, bytes);
    tally(this.#coverage, entry.coverage, container ? (entry.size ?? 0) : bytes);
    if (!container && entry.kind !== 'directory') {
      const name = entry.item?.id ?? status;
      const item = this.#items.get(name) ?? { entries: 0, bytes: 0, status };
      this.#items.set(name, { entries: item.entries + 1, bytes: item.bytes + bytes, status });
    }
    this.#climb(entry, ordinal, bytes);
    if (status === 'undocumented' || status === 'forbidden' || status === 'known-from-other-source') {
      this.#outsideTotal += 1;
      if (this.#outside.length < LISTED) this.#outside.push({ ordinal, entry });
    }
    if (entry.coverage === 'unread' || entry.gaps.length > 0) {
      this.#unreadTotal += 1;
      if (this.#unread.length < LISTED) this.#unread.push({ ordinal, entry });
    }
    for (const gap of entry.gaps) this.#gaps.set(gap.code, (this.#gaps.get(gap.code) ?? 0) + 1);
    if (entry.findings.length === 0) return;
    const holding = this.#holding(entry);
    for (const finding of entry.findings) this.#addFinding(entry, ordinal, finding, holding.has(finding));
  }

  facts(): Facts {
    return {
      entryCount: this.#ordinal,
      statuses: this.#statuses,
      items: this.#items,
      coverage: this.#coverage,
      rungs: this.#rungs,
      deepest: this.#deepest,
      findings: this.#findings,
      matrix: sortedMap(this.#matrix),
      rules: sortedMap(this.#rules),
      counting: this.#counting,
      countingTotal: this.#countingTotal,
      gaps: sortedMap(this.#gaps),
      unread: this.#unread,
      unreadTotal: this.#unreadTotal,
      outside: this.#outside,
      outsideTotal: this.#outsideTotal,
    };
  }

  #climb(entry: ResultEntry, ordinal: number, bytes: number): void {
    const { path } = entry;
    this.#deepest = Math.max(this.#deepest, path.length - 1);
    const parent = this.#open.parentOf(path);
    if (parent) {
      parent.members += 1;
      parent.memberBytes += entry.coverage === 'opened' ? (entry.size ?? 0) : bytes;
    }
    if (entry.coverage !== 'opened' || entry.kind === 'directory') return;
    const rung = {
      ordinal,
      path,
      depth: path.length - 1,
      media: entry.media,
      size: entry.size,
      members: 0,
      memberBytes: 0,
    };
    this.#open.open(path, rung);
    if (this.#rungs.length < LISTED) this.#rungs.push(rung);
  }

  #addFinding(entry: ResultEntry, ordinal: number, finding: Finding, counts: boolean): void {
    const count = finding.count ?? 1;
    bump(this.#findings, finding.state, count);
    bump(nested(this.#rules, finding.rule), finding.state, count);
    if (!counts) return;
    this.#countingTotal += count;
    bump(nested(this.#matrix, finding.rule.split('/')[0] ?? finding.rule), finding.severity, count);
    if (this.#counting.length < LISTED) {
      this.#counting.push({ ordinal, path: entry.path, nameMasked: entry.nameMasked === true, finding });
    }
  }
}

function tally<K>(map: Map<K, Tally>, key: K, bytes: number): void {
  const sum = map.get(key) ?? { entries: 0, bytes: 0 };
  map.set(key, { entries: sum.entries + 1, bytes: sum.bytes + bytes });
}

function bump<K>(map: Map<K, number>, key: K, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

function nested<K, L>(map: Map<K, Map<L, number>>, key: K): Map<L, number> {
  let inner = map.get(key);
  if (inner === undefined) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}

function sortedMap<V>(map: ReadonlyMap<string, V>): Map<string, V> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
