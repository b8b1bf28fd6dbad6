import {
  type CryptoObservation,
  type CryptoPolicy,
  type CryptoVerdict,
  type EntryObservations,
  inside,
  isViolation,
  judge as judgeCrypto,
  numbered,
  watchEntries,
} from './crypto/index.ts';
import { type EndpointCatalog, noticeEndpoints } from './endpoints/index.ts';
import { Spool } from './evidence/index.ts';
import {
  accountOf,
  disclosureLocators,
  EntryRecord,
  type EvidenceText,
  evidenceAmong,
  examine,
  type Fact,
  keepEvidence,
  type Placement,
  placeAll,
  toFact,
  WalkNotes,
} from './examine/index.ts';
import type { Inventory } from './inventory/index.ts';
import type { DocumentAccount, Payload, ResultHead, StoredResult } from './model/index.ts';
import { judge, type Policy, type Suppressions, type TransportVerdict } from './policy/index.ts';
import type { RuleSet } from './rules/index.ts';
import { engineIdentity, learnNames, scan } from './scan/index.ts';
import { type Limits, unpack } from './unpack/index.ts';

export interface AuditRequest {
  readonly payloads: AsyncIterable<Payload>;
  /** The same payloads once more: names are learned from all of them before the first is swept for them. */
  readonly learnFrom?: AsyncIterable<Payload> | undefined;
  /** `null` skips matching, and result, summary and reports say so. */
  readonly inventory: Inventory | null;
  readonly platform: string | undefined;
  readonly rules: RuleSet;
  readonly policy: Policy;
  readonly cryptoPolicy: CryptoPolicy;
  /** Evidence of the path on which the payload will leave; `undefined` if none was given. */
  readonly transport: readonly CryptoObservation[] | undefined;
  /** The documented endpoints that evidence inside the payload is compared with, where there are any. */
  readonly endpoints?: EndpointCatalog | undefined;
  /** ISO date the verdict speaks for. */
  readonly asOf: string;
  readonly limits: Limits;
  /** Other readers read tar and zip as well; where they disagree is a gap. */
  readonly secondReader?: boolean;
  /** Without one, findings carry no fingerprints. */
  readonly fingerprintKey: Uint8Array | undefined;
  /** What persons set aside; `undefined` without waivers and baseline. */
  readonly suppressions?: Suppressions | undefined;
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
  const { inventory, rules, policy, cryptoPolicy, asOf } = request;
  const facts = new Spool<Fact>();
  const notes = new WalkNotes(inventory);
  const record = new EntryRecord();
  try {
    const configured: EntryObservations[] = [];
    const kept: EvidenceText[] = [];
    const names = request.learnFrom && (await learnNames(unpack(request.learnFrom, { limits: request.limits }), rules));
    const { limits, secondReader = false } = request;
    const unpacked = unpack(request.payloads, { limits, secondReader });
    const watched = watchEntries(unpacked, (seen) => configured.push(seen));
    const walk = keepEvidence(watched, request.endpoints ? inventory : null, (text) => kept.push(text));
    const options = { ...scanOptions(request), ...(names && { names }) };
    await gather(scan(walk, rules, options), facts, notes, request.onProgress);

    const placement = placeAll(facts, notes, inventory, request.platform);
    const entries = record.keep(examine(facts.records(), placement, inventory, request.suppressions));
    const transport = request.transport && judgeCrypto(request.transport, cryptoPolicy, asOf);
    const judged = { entries, inventoryApplied: inventory !== null, transport: transport?.map(wordOf) };
    const { verdict, coverage } = judge(judged, policy);

    const observations = [...inside(configured, record), ...numbered('t', request.transport ?? [])];
    const head: ResultHead = {
      schema: 'clearance.result/1',
      asOf,
      tool: { ...request.tool, engine: engineIdentity() },
      catalog: {
        inventory: inventory?.identity ?? null,
        packs: rules.packs,
        policy: policy.identity,
        crypto: cryptoPolicy.identity,
      },
      optionsSha256: request.optionsSha256,
      payloads: record.payloads,
      coverage,
      transport: { observations, verdicts: judgeCrypto(observations, cryptoPolicy, asOf) },
      ...(inventory && { document: documentOf(request, inventory, placement, kept, record) }),
      verdict,
      reproducible: !record.stopped,
    };
    return { head, entryCount: record.length, entries: record.entries, close: () => record.close() };
  } catch (error) {
    record.close();
    throw error;
  } finally {
    facts.close();
  }
}

function scanOptions({ inventory, fingerprintKey }: AuditRequest): Parameters<typeof scan>[2] {
  return { locators: disclosureLocators(inventory), ...(fingerprintKey && { fingerprintKey }) };
}

async function gather(
  scanned: ReturnType<typeof scan>,
  facts: Spool<Fact>,
  notes: WalkNotes,
  tell: AuditRequest['onProgress'],
): Promise<void> {
  let bytes = 0;
  for await (const one of scanned) {
    const fact = toFact(one);
    facts.put(one.entry.ordinal, fact);
    notes.note(fact, one.entry.ordinal);
    bytes += fact.size ?? 0;
    tell?.(bytes, facts.length);
  }
}

/** What the document says beyond files, and what the payload shows of its endpoints: no ground for the verdict. */
function documentOf(
  { endpoints, platform }: AuditRequest,
  inventory: Inventory,
  placement: Placement,
  kept: readonly EvidenceText[],
  record: EntryRecord,
): DocumentAccount {
  const account = accountOf(inventory, placement, record.length, platform);
  if (endpoints === undefined) return account;
  const evidence = evidenceAmong(kept, inventory, placement, record);
  return { ...account, endpoints: noticeEndpoints(endpoints, evidence, platform) };
}

function wordOf(verdict: CryptoVerdict): TransportVerdict {
  const passes = !isViolation(verdict) && verdict.word !== 'unknown';
  return { verdict: passes ? 'acceptable' : verdict.word, what: verdict.what };
}
