import type { Artifact, Location, Log, ReportingDescriptor, Result } from 'sarif';
import type { Finding, Gap, ResultEntry, Severity, StoredResult } from '../model/index.ts';
import { ContainerStack } from './container-stack.ts';
import { type Facts, gatherFacts } from './facts.ts';
import { holdingFindings, holdingStatus, STATUS_CODE } from './holding.ts';
import { resultDigest, uuid5 } from './identifiers.ts';
import { shownPlace } from './names.ts';
import type { ReportOptions } from './options.ts';
import { reasonWords } from './reason-words.ts';
import { Elements, streamJson } from './stream-json.ts';

const LEVEL: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** GitHub orders alerts by this number (0 to 10). */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.0',
  low: '2.0',
  info: '0.0',
};

/**
 * SARIF 2.1.0. `full`: every entry as an artifact inside its container's artifact (3.24.13), every finding with its
 * state, gaps as `open` results. `github`: only what counts, with joined paths and without excerpts, since GitHub shows
 * any result as an open alert.
 */
export async function* renderSarif(result: StoredResult, options: ReportOptions): AsyncGenerator<Uint8Array> {
  const github = options.sarifProfile === 'github';
  const { head } = result;
  const facts = await gatherFacts(result);
  const digest = await resultDigest(result);
  const rules = descriptors(result, facts, github);
  const indexOf = new Map(rules.map(({ id }, at) => [id, at]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0' as const,
    runs: [
      {
        tool: {
          driver: {
            name: head.tool.name,
            version: head.tool.version,
            semanticVersion: head.tool.version,
            informationUri: 'https://clearance.invalid/',
            rules,
            properties: { engineSha256: head.tool.engine },
          },
          extensions: head.catalog.packs.map(({ id, version, sha256 }) => ({
            name: id,
            version,
            properties: { sha256 },
          })),
        },
        automationDetails: { id: `clearance/${digest}`, guid: uuid5(`run ${digest}`) },
        // A tool that could not read everything did not run successfully (3.20.14): such a log must not pass for a clean one.
        invocations: [
          { executionSuccessful: head.verdict.outcome !== 'incomplete', exitCode: EXIT_CODE[head.verdict.outcome] },
        ],
        columnKind: 'unicodeCodePoints' as const,
        artifacts: new Elements(github ? nothing() : artifacts(result)),
        results: new Elements(results(result, github, indexOf)),
        properties: {
          outcome: head.verdict.outcome,
          level: head.verdict.level,
          asOf: head.asOf,
          resultSha256: digest,
          coverage: head.coverage,
          payloads: head.payloads,
          // The vendor's statements and the notices, as the result has them; never results of this run.
          ...(head.document && !github ? { document: head.document } : {}),
        },
      },
    ],
  };
  log satisfies Shape<Log>;
  yield* streamJson(log);
}

const EXIT_CODE = { cleared: 0, held: 1, incomplete: 3 } as const;

/** The published types with streamed arrays in place of `artifacts` and `results`. */
type Shape<T extends Log> = Omit<T, 'runs'> & {
  runs: (Omit<T['runs'][number], 'artifacts' | 'results'> & { artifacts: Elements; results: Elements })[];
};

async function* nothing(): AsyncGenerator<never> {}

async function* artifacts(result: StoredResult): AsyncGenerator<Artifact> {
  const stack = new ContainerStack<{ index: number; depth: number }>();
  let index = 0;
  for await (const entry of result.entries()) {
    const parent = stack.parentOf(entry.path);
    const inner = entry.path.slice(parent?.depth ?? 0);
    yield {
      location: { uri: uri(inner) },
      ...(parent ? { parentIndex: parent.index } : {}),
      ...(entry.size === null ? {} : { length: entry.size }),
      ...(entry.sha256 === null ? {} : { hashes: { 'sha-256': entry.sha256 } }),
      mimeType: (entry.media.split(';')[0] ?? entry.media).trim(),
      properties: {
        kind: entry.kind,
        coverage: entry.coverage,
        ...(entry.item ? { item: entry.item } : {}),
        ...(entry.nameMasked ? { nameMasked: true } : {}),
      },
    };
    if (entry.coverage === 'opened') stack.open(entry.path, { index, depth: entry.path.length });
    index += 1;
  }
}

async function* results(
  { head, entries }: StoredResult,
  github: boolean,
  indexOf: ReadonlyMap<string, number>,
): AsyncGenerator<Result> {
  const of = (ruleId: string) => ({ ruleId, ruleIndex: indexOf.get(ruleId) ?? -1 });
  for (const { code, severity, path, message, count } of head.verdict.reasons) {
    if (path !== null) continue;
    yield { ...of(`verdict/${code}`), level: LEVEL[severity], message: { text: `${message} (${count})` } };
  }
  const holding = holdingFindings(head);
  const holds = holdingStatus(head);
  const stack = new ContainerStack<number>();
  let index = 0;
  for await (const entry of entries()) {
    const depth = stack.parentOf(entry.path) ?? 0;
    const place = (finding?: Finding): Location[] => [
      {
        physicalLocation: {
          artifactLocation: github ? { uri: uri(entry.path) } : { uri: uri(entry.path.slice(depth)), index },
          ...region(finding),
        },
      },
    ];
    const status = entry.item?.status;
    if (status !== undefined && Object.hasOwn(STATUS_CODE, status)) {
      const code = STATUS_CODE[status as keyof typeof STATUS_CODE];
      const counts = holds(entry);
      if (counts || !github) {
        yield {
          ...of(`inventory/${code}`),
          ...(counts ? { level: 'error' as const } : { kind: 'review' as const, level: 'none' as const }),
          message: { text: reasonWords(code) },
          locations: place(),
        };
      }
    }
    for (const gap of entry.gaps) {
      yield {
        ...of(`coverage/${gap.code}`),
        // `open` says that the evidence did not suffice (3.27.9); GitHub would close such a result.
        ...(github ? { level: 'error' as const } : { kind: 'open' as const, level: 'none' as const }),
        message: { text: gapText(gap) },
        locations: place(),
      };
    }
    const counting = holding(entry);
    for (const finding of entry.findings) {
      if (github && !counting.has(finding)) continue;
      yield fromFinding(finding, counting.has(finding), of(finding.rule), place(finding), entry, github);
    }
    if (entry.coverage === 'opened') stack.open(entry.path, entry.path.length);
    index += 1;
  }
}

function fromFinding(
  finding: Finding,
  counts: boolean,
  rule: { ruleId: string; ruleIndex: number },
  locations: Location[],
  entry: ResultEntry,
  github: boolean,
): Result {
  const { state, severity } = finding;
  // What might be client data but did not hold the payload is for a person to look at (3.27.9).
  const asks = state === 'client-data' || state === 'undocumented';
  const fails = counts || state === 'suppressed';
  return {
    ...rule,
    ...(fails ? { level: LEVEL[severity] } : { kind: asks ? 'review' : 'informational', level: 'none' }),
    message: { text: `${finding.class} at ${shownPlace(finding.at)}: ${state}, confidence ${finding.confidence}` },
    locations,
    ...(finding.fingerprint ? { partialFingerprints: { 'clearanceHmac/v1': finding.fingerprint } } : {}),
    ...(finding.count === undefined ? {} : { occurrenceCount: finding.count }),
    ...(state === 'suppressed' ? { suppressions: [{ kind: 'external', justification: finding.by ?? 'waived' }] } : {}),
    properties: {
      state,
      tier: finding.tier,
      confidence: finding.confidence,
      view: finding.at.view,
      where: finding.at.where,
      ...(entry.nameMasked ? { nameMasked: true } : {}),
      // Masked at birth; still nothing a public alert should quote.
      ...(github ? {} : { excerpt: finding.excerpt, evidence: finding.evidence }),
      ...(finding.by ? { by: finding.by } : {}),
    },
  };
}

function region(finding: Finding | undefined): { region?: NonNullable<Location['physicalLocation']>['region'] } {
  if (finding?.at.where !== 'content') return {};
  const { line, column, offset, length } = finding.at;
  return { region: { startLine: line, startColumn: column, byteOffset: offset, byteLength: length } };
}

function descriptors({ head }: StoredResult, facts: Facts, github: boolean): ReportingDescriptor[] {
  const describe = (id: string, text: string, severity: Severity): ReportingDescriptor => ({
    id,
    name: id.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, letter?: string) => letter?.toUpperCase() ?? ''),
    shortDescription: { text },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: { 'security-severity': SECURITY_SEVERITY[severity], tags: ['security', 'data-loss-prevention'] },
  });
  const overall = new Set(head.verdict.reasons.filter(({ path }) => path === null).map(({ code }) => code));
  const worst = new Map<string, Severity>();
  for (const { finding } of facts.counting) if (!worst.has(finding.rule)) worst.set(finding.rule, finding.severity);
  return [
    ...[...facts.rules]
      .filter(([, states]) => !github || states.has('client-data') || states.has('undocumented'))
      .map(([rule]) => describe(rule, `Rule ${rule}`, worst.get(rule) ?? 'low')),
    ...Object.values(STATUS_CODE).map((code) => describe(`inventory/${code}`, reasonWords(code), 'high')),
    ...[...facts.gaps.keys()].map((code) => describe(`coverage/${code}`, `Not, or not all, examined: ${code}`, 'high')),
    ...[...overall].map((code) => describe(`verdict/${code}`, reasonWords(code), 'high')),
  ];
}

function gapText({ code, detail, offset }: Gap): string {
  return `${code}: ${detail}${offset === undefined ? '' : ` (byte ${offset})`}`;
}

/**
 * A relative URI reference (RFC 3986, 4.2): every segment percent-encoded, so that no name can be a scheme or climb. A
 * segment `..` is encoded twice, since `%2E%2E` climbs as well (WHATWG URL, double-dot segment).
 */
function uri(segments: readonly string[]): string {
  return segments
    .flatMap((segment) => segment.split('/'))
    .map((part) =>
      part === '.' || part === '..' ? part.replaceAll('.', '%252E') : encodeURIComponent(part.toWellFormed()),
    )
    .join('/')
    .replace(/^\/+/, (slashes) => '%2F'.repeat(slashes.length));
}
