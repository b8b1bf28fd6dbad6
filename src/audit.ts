import { Spool } from './evidence/index.ts';
import { disclosureLocators, examine, type Fact, placeAll, toFact } from './examine/index.ts';
import type { Inventory } from './inventory/index.ts';
import type { Payload, ResultEntry, ResultHead, StoredResult } from './model/index.ts';
import { judge, type Policy } from './policy/index.ts';
import type { RuleSet } from './rules/index.ts';
import { engineIdentity, scan } from './scan/index.ts';
import { type Limits, unpack } from './unpack/index.ts';

export interface AuditRequest {
  readonly payloads: AsyncIterable<Payload>;
  /** `null` skips matching, and result, summary and reports say so. */
  readonly inventory: Inventory | null;
  readonly platform: string | undefined;
  readonly rules: RuleSet;
  readonly policy: Policy;
  /** ISO date the verdict speaks for. */
  readonly asOf: string;
  readonly limits: Limits;
  /** Without one, findings carry no fingerprints. */
  readonly fingerprintKey: Uint8Array | undefined;
  readonly tool: { readonly name: string; readonly version: string };
  /** SHA-256 over the options that can change the verdict. */
  readonly optionsSha256: string;
  readonly onProgress?: (bytes: number, entries: number) => void;
}

/**
 * The flow: source -> unpack -> scan -> match -> judge -> result. A payload never makes it throw: what cannot be read is
 * a gap in the result. The result's entries lie in a spool; `close()` gives it back.
 */
export async function audit(request: AuditRequest): Promise<StoredResult & { close(): void }> {
  const { inventory, rules, policy } = request;
  const facts = new Spool<Fact>();
  const recorded = new Spool<ResultEntry>();
  try {
    const events = unpack(request.payloads, { limits: request.limits });
    const { fingerprintKey } = request;
    const options = { locators: disclosureLocators(inventory), ...(fingerprintKey && { fingerprintKey }) };
    let bytes = 0;
    for await (const scanned of scan(events, rules, options)) {
      facts.put(scanned.entry.ordinal, toFact(scanned));
      bytes += scanned.tail.size ?? 0;
      request.onProgress?.(bytes, facts.length);
    }
    const placement = placeAll(facts, inventory, request.platform);
    const record = new Record(recorded);
    const entries = record.keep(examine(facts.records(), placement, inventory));
    const { verdict, coverage } = judge(
      { entries, inventoryApplied: inventory !== null, transport: undefined },
      policy,
    );
    const head: ResultHead = {
      schema: 'clearance.result/1',
      asOf: request.asOf,
      tool: { ...request.tool, engine: engineIdentity() },
      catalog: { inventory: inventory?.identity ?? null, packs: rules.packs, policy: policy.identity },
      optionsSha256: request.optionsSha256,
      payloads: record.payloads,
      coverage,
      transport: { observations: [], verdicts: [] },
      verdict,
      reproducible: !record.stopped,
    };
    return { head, entryCount: recorded.length, entries: () => stream(recorded), close: () => recorded.close() };
  } catch (error) {
    recorded.close();
    throw error;
  } finally {
    facts.close();
  }
}

/** Gaps of a run that the clock or a watchdog stopped: the same payload may read further another time. */
const STOPPED = new Set(['over-time', 'over-memory']);

/** Keeps every entry on its way to the judge, and notes what the result's head says of the whole. */
class Record {
  readonly payloads: { name: string; size: number | null; sha256: string | null }[] = [];
  stopped = false;
  readonly #spool: Spool<ResultEntry>;

  constructor(spool: Spool<ResultEntry>) {
    this.#spool = spool;
  }

  *keep(entries: Iterable<ResultEntry>): Generator<ResultEntry> {
    let index = 0;
    for (const entry of entries) {
      this.#spool.put(index, entry);
      index += 1;
      const { path, size, sha256 } = entry;
      if (path.length === 1) this.payloads.push({ name: path[0] as string, size, sha256 });
      this.stopped ||= entry.gaps.some(({ code }) => STOPPED.has(code));
      yield entry;
    }
  }
}

async function* stream(spool: Spool<ResultEntry>): AsyncGenerator<ResultEntry> {
  yield* spool.records();
}
