import {
  canonicalJson,
  type EntryKind,
  type Finding,
  type ResultEntry,
  type ResultHead,
  type Severity,
  type StoredResult,
} from '../model/index.ts';
import { holdingFindings } from './holding.ts';
import { resultDigest, uuid5 } from './identifiers.ts';
import { shownPath, shownPlace } from './names.ts';
import { groupReasons } from './reason-words.ts';
import { VERDICT } from './wording.ts';

/** OCSF 1.4: severity_id of the base event. */
const SEVERITY: Readonly<Record<Severity, readonly [id: number, name: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

type Category = readonly [id: number, name: string];
const PERSONAL: Category = [1, 'Personal'];
const GOVERNMENTAL: Category = [2, 'Governmental'];
const FINANCIAL: Category = [3, 'Financial'];
const BUSINESS: Category = [4, 'Business'];
const SECURITY: Category = [6, 'Security'];

/**
 * `data_classification.category_id`, by class of finding, else by its family. The standard counts identity and tax
 * numbers as governmental, and addresses of the network as security data.
 */
const CATEGORY: ReadonlyMap<string, Category> = new Map([
  ['pii', PERSONAL],
  ['pii.tax-id', GOVERNMENTAL],
  ['pii.national-id', GOVERNMENTAL],
  ['pii.passport', GOVERNMENTAL],
  ['pii.driver-license', GOVERNMENTAL],
  ['pii.company', GOVERNMENTAL],
  ['pii.card', FINANCIAL],
  ['pii.bank-account', FINANCIAL],
  ['pii.iban', FINANCIAL],
  ['pii.bic', FINANCIAL],
  ['secret', SECURITY],
  ['net', SECURITY],
  ['content', BUSINESS],
  ['content.health', PERSONAL],
  ['content.payment', FINANCIAL],
  ['content.password-store', SECURITY],
]);

/** `file.type_id`; what the standard has no type for is 99, and the type then our own word. */
const FILE_TYPE: Readonly<Record<EntryKind, readonly [id: number, name: string]>> = {
  file: [1, 'Regular File'],
  hardlink: [1, 'Regular File'],
  directory: [2, 'Folder'],
  symlink: [7, 'Symbolic Link'],
  special: [99, 'special'],
  pseudo: [99, 'pseudo'],
};

/** Reasons that say that there was no result: "Warning" in the standard's words, where "Fail" is a check that failed. */
const NO_RESULT: ReadonlySet<string> = new Set([
  'unread-content',
  'untrusted-structure',
  'nothing-examined',
  'transport-unknown',
]);

/** `compliance.status_id`. */
const WARNING = [2, 'Warning'] as const;
const FAIL = [3, 'Fail'] as const;

const COMPLIANCE = { uid: 2003, name: 'Compliance Finding' } as const;
const DATA_SECURITY = { uid: 2006, name: 'Data Security Finding' } as const;

/**
 * OCSF 1.4 events, one JSON object a line: a Compliance Finding for the verdict and for each kind of reason, a Data
 * Security Finding for each finding that counts. Times are those of the as-of date, identifiers follow the content.
 */
export async function* renderOcsf(result: StoredResult): AsyncGenerator<Uint8Array> {
  const { head } = result;
  const digest = await resultDigest(result);
  const base = (kind: { uid: number; name: string }, severity: Severity, name: string) => ({
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: kind.uid,
    class_name: kind.name,
    type_uid: kind.uid * 100 + 1,
    severity_id: SEVERITY[severity][0],
    severity: SEVERITY[severity][1],
    status_id: 1,
    status: 'New',
    time: Date.parse(`${head.asOf}T00:00:00Z`),
    metadata: {
      uid: uuid5(`${digest} ocsf ${name}`),
      correlation_uid: digest,
      version: '1.4.0',
      product: { name: head.tool.name, vendor_name: 'clearance', version: head.tool.version },
    },
  });
  const { outcome, reasons } = head.verdict;
  const state = ({ cleared: [1, 'Pass'], held: FAIL, incomplete: WARNING } as const)[outcome];
  const compliance = ([status_id, status]: readonly [number, string], control: string) => ({
    compliance: { control, standards: [`${head.catalog.policy.id} ${head.catalog.policy.version}`], status_id, status },
  });
  yield line({
    ...base(COMPLIANCE, outcome === 'cleared' ? 'info' : 'high', 'verdict'),
    ...compliance(state, 'verdict'),
    finding_info: {
      uid: uuid5(`${digest} verdict`),
      title: VERDICT[outcome].word,
      desc: VERDICT[outcome].advice,
      types: ['verdict'],
    },
    resources: payloads(head),
    ...conflicts(head),
  });
  for (const { code, title, severity, count } of groupReasons(reasons)) {
    yield line({
      ...base(COMPLIANCE, severity, `reason ${code}`),
      ...compliance(NO_RESULT.has(code) ? WARNING : FAIL, code),
      finding_info: { uid: uuid5(`${digest} reason ${code}`), title, desc: `${title}: ${count}`, types: [code] },
      resources: payloads(head),
    });
  }
  const holding = holdingFindings(head);
  let ordinal = -1;
  for await (const entry of result.entries()) {
    ordinal += 1;
    for (const [at, finding] of [...holding(entry)].entries()) {
      const name = `finding ${ordinal} ${at}`;
      yield line({
        ...base(DATA_SECURITY, finding.severity, name),
        ...detail(entry, finding, uuid5(`${digest} ${name}`)),
      });
    }
  }
}

function detail(entry: ResultEntry, finding: Finding, uid: string): Record<string, unknown> {
  const [category_id, category] = CATEGORY.get(finding.class) ??
    CATEGORY.get(finding.class.split('.')[0] ?? '') ?? [99, finding.class];
  const [type_id, type] = FILE_TYPE[entry.kind];
  const inner = entry.path.at(-1) ?? '';
  const [confidence_id, confidence] = { low: [1, 'Low'], medium: [2, 'Medium'], high: [3, 'High'] }[finding.confidence];
  return {
    confidence_id,
    confidence,
    count: finding.count ?? 1,
    finding_info: {
      uid,
      title: finding.class,
      desc: `${finding.rule} at ${shownPlace(finding.at)}: ${finding.state}`,
      types: [finding.state],
      analytic: { name: finding.rule, type_id: 1, type: 'Rule' },
    },
    data_security: {
      category_id,
      category,
      data_lifecycle_state_id: 1,
      data_lifecycle_state: 'Data at-Rest',
      detection_pattern: finding.rule,
      pattern_match: finding.excerpt,
    },
    file: {
      name: shownPath([inner.split('/').findLast((part) => part !== '') ?? inner]),
      path: shownPath(entry.path),
      type_id,
      type,
      ...(entry.size === null ? {} : { size: entry.size }),
      ...(entry.sha256 === null ? {} : { hashes: [{ algorithm_id: 3, algorithm: 'SHA-256', value: entry.sha256 }] }),
    },
  };
}

/** What the standard has no attribute for stands in `unmapped` (base event): where the inventory's document contradicts itself. */
function conflicts({ document }: ResultHead): object {
  if (document === undefined || document.conflicts.length === 0) return {};
  const list = document.conflicts.map(({ id, title, readings, handling }) => ({ id, title, readings, handling }));
  return { unmapped: { source_conflicts: list } };
}

function payloads(head: ResultHead): unknown[] {
  return head.payloads.map(({ name, sha256 }) => ({
    name: shownPath([name]),
    type: 'payload',
    ...(sha256 ? { uid: sha256 } : {}),
  }));
}

function line(event: unknown): Uint8Array {
  return Buffer.from(`${canonicalJson(event)}\n`);
}
