import { Spool } from '../evidence/index.ts';
import type { ResultEntry, StoredResult } from '../model/index.ts';

/** Gaps of a run that the clock or a watchdog stopped: the same payload may read further another time. */
const STOPPED = new Set(['over-time', 'over-memory']);

/** Keeps every entry on its way to the judge, and what the result's head says of the whole. */
export class EntryRecord {
  readonly payloads: { name: string; size: number | null; sha256: string | null }[] = [];
  stopped = false;
  readonly #spool = new Spool<ResultEntry>();

  get length(): number {
    return this.#spool.length;
  }

  *keep(entries: Iterable<ResultEntry>): Generator<ResultEntry> {
    let index = 0;
    for (const entry of entries) {
      this.#spool.put(index, entry);
      index += 1;
      const { path, kind, size, sha256 } = entry;
      // A directory has bytes of no order of its own: what was seen below it stands in the coverage.
      if (path.length === 1)
        this.payloads.push({ name: path[0] as string, size: kind === 'directory' ? null : size, sha256 });
      this.stopped ||= entry.gaps.some(({ code }) => STOPPED.has(code));
      yield entry;
    }
  }

  /** The path under which the result shows an entry. */
  pathOf(ordinal: number): readonly string[] {
    return this.#spool.get(ordinal)?.path ?? [];
  }

  readonly entries: StoredResult['entries'] = async function* (this: EntryRecord) {
    yield* this.#spool.records();
  }.bind(this);

  close(): void {
    this.#spool.close();
  }
}
