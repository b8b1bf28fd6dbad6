import { readCatalogFile } from '../catalog/index.ts';
import { DataError, type RawFinding, type Tier } from '../model/index.ts';

/** A finding that a person answers for until a date (`schemas/waivers.schema.json`). */
export interface Waiver {
  readonly id: string;
  /** `<pack id>/<rule id>` */
  readonly rule: string;
  /** Keyed: says which value, and nothing of it. */
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, ISO date. */
  readonly expires: string;
}

/** What an earlier audit found. */
export interface Baseline {
  /** Of the earlier result's file, lower-case hex. */
  readonly sha256: string;
  /** `<rule> <fingerprint>` of every finding that counted or was suppressed. */
  readonly known: ReadonlySet<string>;
}

export interface WaiverFile {
  readonly sha256: string;
  readonly waivers: readonly Waiver[];
}

/** Tiers that a person may set aside; absent from a policy means all but T0. */
export interface SuppressionPolicy {
  readonly waivers: readonly Tier[];
  readonly baseline: readonly Tier[];
}

const DEFAULT: SuppressionPolicy = { waivers: ['T1', 'T2', 'T3'], baseline: ['T1', 'T2', 'T3'] };

/** Waivers and baseline as one audit applies them. */
export interface Suppressions {
  readonly waivers: WaiverFile | undefined;
  readonly baseline: Baseline | undefined;
  readonly asOf: string;
  readonly policy: SuppressionPolicy | undefined;
}

/**
 * Reads a waiver file.
 * @throws DataError with file and line for a file that does not validate, a date that does not exist, an id used twice
 */
export function loadWaivers(path: string): WaiverFile {
  const document = readCatalogFile<{ waivers: readonly Waiver[] }>(path, 'waivers');
  const { waivers } = document.value;
  const problems = waivers.flatMap(({ id, expires }, index) => {
    const found = [];
    const date = new Date(`${expires}T00:00:00Z`);
    if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== expires) {
      found.push({ pointer: `/waivers/${index}/expires`, message: 'no such date' });
    }
    if (waivers.findIndex((other) => other.id === id) < index) {
      found.push({ pointer: `/waivers/${index}/id`, message: `a second waiver "${id}"` });
    }
    return found;
  });
  if (problems.length > 0) throw document.fail(problems);
  return { sha256: document.sha256, waivers };
}

/** What a waiver or the baseline says of a finding: that it is set aside, that it was, or nothing. */
export type Suppression = { readonly by: string; readonly expired: boolean };

/**
 * Asks for one finding. Only what has a fingerprint can be set aside, so never a finding that stands for many values.
 * Nothing of the payload is asked.
 */
export function suppressionOf(
  { rule, fingerprint, tier, count }: Pick<RawFinding, 'rule' | 'fingerprint' | 'tier' | 'count'>,
  { waivers, baseline, asOf, policy = DEFAULT }: Suppressions,
): Suppression | undefined {
  if (fingerprint === undefined || count !== undefined) return undefined;
  const matching = policy.waivers.includes(tier)
    ? (waivers?.waivers.filter((waiver) => waiver.fingerprint === fingerprint && waiver.rule === rule) ?? [])
    : [];
  const valid = matching.find(({ expires }) => asOf <= expires);
  if (valid) return { by: `waiver ${valid.id}`, expired: false };
  if (policy.baseline.includes(tier) && baseline?.known.has(`${rule} ${fingerprint}`)) {
    return { by: 'baseline', expired: false };
  }
  return matching[0] && { by: `waiver ${matching[0].id}, expired ${matching[0].expires}`, expired: true };
}

/** @throws DataError where the baseline names no value, although it has findings: made without a key, it suppresses nothing */
export function baselineOf(
  path: string,
  sha256: string,
  findings: Iterable<Pick<RawFinding, 'rule' | 'fingerprint'>>,
): Baseline {
  const known = new Set<string>();
  let blank = 0;
  for (const { rule, fingerprint } of findings) {
    if (fingerprint === undefined) blank += 1;
    else known.add(`${rule} ${fingerprint}`);
  }
  if (blank > 0 && known.size === 0) {
    throw new DataError(
      `the baseline ${path} has findings without fingerprints`,
      [{ file: path, pointer: '/entries', message: 'it was made without a fingerprint key' }],
      ['make it again with the key: clearance audit --fingerprint-key FILE --json'],
    );
  }
  return { sha256, known };
}
