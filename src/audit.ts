import {
  type CryptoObservation,
  type CryptoPolicy,
  type CryptoVerdict,
  type EntryObservations,
  isViolation,
  judge as judgeCrypto,
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
  const record = new EntryRecord();
  try {
    const configured: EntryObservations[] = [];
    const kept: EvidenceText[] = [];
    const configuring = watchEntries(unpack(request.payloads, { limits: request.limits }), (seen) =>
      configured.push(seen),
    );
    const walk = keepEvidence(configuring, request.endpoints ? inventory : null, (text) => kept.push(text));
    const names = request.learnFrom && (await learnNames(unpack(request.learnFrom, { limits: request.limits }), rules));
    await gather(scan(walk, rules, { ...scanOptions(request), ...(names && { names }) }), facts, request.onProgress);

    const placement = placeAll(facts, inventory, request.platform);
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
  tell: AuditRequest['onProgress'],
): Promise<void> {
  let bytes = 0;
  for await (const one of scanned) {
    facts.put(one.entry.ordinal, toFact(one));
    bytes += one.tail.size ?? 0;
    tell?.(bytes, facts.length);
  }
}

/** What entries of the payload configure: reported, and no ground for the verdict on the payload. */
function inside(configured: readonly EntryObservations[], record: EntryRecord): CryptoObservation[] {
  return configured.flatMap(({ ordinal, observations }) => {
    const file = record.pathOf(ordinal).join('/');
    return numbered(`p.${ordinal}`, observations).map((one) => ({ ...one, subject: { ...one.subject, file } }));
  });
}

/** What the document says beyond files, and what the payload shows of its endpoints: no ground for the verdict either. */
function documentOf(
  { endpoints, platform }: AuditRequest,
  inventory: Inventory,
  placement: Placement,
  kept: readonly EvidenceText[],
  record: EntryRecord,
): DocumentAccount {
  const account = accountOf(inventory, placement, record.length, platform);
  if (endpoints === undefined) return account;
  const evidence = evidenceAmong(kept, inventory, placement).map(({ ordinal, text }) => ({
    path: record.pathOf(ordinal),
    text,
  }));
  return { ...account, endpoints: noticeEndpoints(endpoints, evidence, platform) };
}

/** Ids begin with where the evidence is from: `p` a payload's entry, `t` the transport it will leave on. */
function numbered(origin: string, observations: readonly CryptoObservation[]): CryptoObservation[] {
  return observations.map((observation) => ({ ...observation, id: `${origin}.${observation.id}` }));
}

function wordOf(verdict: CryptoVerdict): TransportVerdict {
  const passes = !isViolation(verdict) && verdict.word !== 'unknown';
  return { verdict: passes ? 'acceptable' : verdict.word, what: verdict.what };
}
