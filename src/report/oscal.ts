import type { Finding, ResultEntry, ResultHead, StoredResult } from '../model/index.ts';
import { CONTROLS } from './controls.ts';
import { shownCitation, shownReadings, shownStatements } from './document.ts';
import { holdingFindings } from './holding.ts';
import { resultDigest, uuid5 } from './identifiers.ts';
import { shownPath, shownPlace } from './names.ts';
import type { ReportOptions } from './options.ts';
import { groupReasons } from './reason-words.ts';
import { Elements, streamJson } from './stream-json.ts';
import { attestation, VERDICT } from './wording.ts';

const NAMESPACE = 'https://clearance.invalid/ns/oscal';

/**
 * OSCAL assessment results: the verdict and its reasons as findings on NIST SP 800-53 objectives, every entry that is
 * not in order as an observation, the canonical result as evidence in the back matter. Identifiers are UUIDv5, dates
 * come from the as-of date.
 */
export async function* renderOscal(result: StoredResult, options: ReportOptions): AsyncGenerator<Uint8Array> {
  const { head } = result;
  const digest = await resultDigest(result);
  const id = (name: string) => uuid5(`${digest} ${name}`);
  const time = `${head.asOf}T00:00:00Z`;
  const overview = {
    uuid: id('observation verdict'),
    title: 'Verdict of the examination',
    description: attestation({ head, resultSha256: digest, ledger: options.ledger }),
    props: [
      property('outcome', head.verdict.outcome),
      property('wording-level', head.verdict.level),
      ...(['seen', 'decoded', 'raw', 'opened', 'unread'] as const).flatMap((word) => [
        property(`entries-${word}`, String(head.coverage.entries[word])),
        property(`bytes-${word}`, String(head.coverage.bytes[word])),
      ]),
    ],
    methods: ['TEST'],
    types: ['finding'],
    subjects: head.payloads.map((payload, at) => ({
      'subject-uuid': id(`payload ${at}`),
      type: 'resource',
      title: markup(payload.name),
    })),
    'relevant-evidence': [{ href: `#${id('result')}`, description: 'The canonical result of the audit.' }],
    collected: time,
  };
  yield* streamJson({
    'assessment-results': {
      uuid: id('document'),
      metadata: {
        title: `Examination of an outgoing payload: ${VERDICT[head.verdict.outcome].word}`,
        'last-modified': time,
        version: digest.slice(0, 16),
        'oscal-version': options.oscalVersion,
        props: [property('tool', `${head.tool.name} ${head.tool.version}`), property('as-of', head.asOf)],
      },
      'import-ap': {
        href: `#${id('plan')}`,
        remarks: 'The plan is the policy, inventory and rule packs named in the back matter.',
      },
      results: [
        {
          uuid: id('results'),
          title: 'May this payload leave the building?',
          description: `${VERDICT[head.verdict.outcome].word}: ${VERDICT[head.verdict.outcome].advice}.`,
          start: time,
          end: time,
          'reviewed-controls': {
            'control-selections': [
              {
                'include-controls': CONTROLS.filter(({ oscal }) => oscal).map(({ oscal }) => ({ 'control-id': oscal })),
              },
            ],
          },
          observations: new Elements(observations(result, overview, id, time)),
          findings: findings(head, id, overview.uuid),
        },
      ],
      'back-matter': { resources: resources(head, digest, id) },
    },
  });
}

async function* observations(
  result: StoredResult,
  overview: unknown,
  id: (name: string) => string,
  time: string,
): AsyncGenerator<unknown> {
  yield overview;
  const holding = holdingFindings(result.head);
  let ordinal = -1;
  for await (const entry of result.entries()) {
    ordinal += 1;
    const lines = remarks(entry, holding(entry));
    if (lines.length === 0) continue;
    yield {
      uuid: id(`observation ${ordinal}`),
      title: `Entry ${ordinal}`,
      description: markup(shownPath(entry.path)),
      props: [
        property('ordinal', String(ordinal)),
        property('coverage', entry.coverage),
        ...(entry.item ? [property('inventory-status', entry.item.status)] : []),
        ...(entry.sha256 ? [property('sha256', entry.sha256)] : []),
      ],
      methods: ['TEST'],
      types: ['finding'],
      'relevant-evidence': lines.map((text) => ({ href: `#${id('result')}`, description: markup(text) })),
      collected: time,
    };
  }
}

function remarks(entry: ResultEntry, holding: ReadonlySet<Finding>): string[] {
  const status = entry.item?.status;
  const outside = status === 'undocumented' || status === 'forbidden' || status === 'known-from-other-source';
  return [
    ...(outside ? [`Inventory: ${status}.`] : []),
    ...entry.gaps.map(({ code, detail }) => `Gap ${code}: ${detail}`),
    ...[...holding].map(
      ({ rule, class: type, at, state, count }) =>
        `${rule} (${type}) at ${shownPlace(at)}: ${state}${(count ?? 1) > 1 ? `, ${count} times` : ''}`,
    ),
  ];
}

function findings(head: ResultHead, id: (name: string) => string, observation: string): unknown[] {
  const groups = groupReasons(head.verdict.reasons);
  const made = groups.map(({ code, title, count }) => ({
    uuid: id(`finding ${code}`),
    title: markup(title),
    description: markup(`${title}: ${count}.`),
    target: target('ac-4_obj', 'not-satisfied'),
    'related-observations': [{ 'observation-uuid': observation }],
  }));
  if (made.length > 0) return made;
  const satisfied = head.verdict.outcome === 'cleared';
  return [
    {
      uuid: id('finding verdict'),
      title: VERDICT[head.verdict.outcome].word,
      description: VERDICT[head.verdict.outcome].advice,
      target: target('ac-4_obj', satisfied ? 'satisfied' : 'not-satisfied'),
      'related-observations': [{ 'observation-uuid': observation }],
    },
  ];
}

function target(objective: string, state: 'satisfied' | 'not-satisfied'): unknown {
  return { type: 'objective-id', 'target-id': objective, status: { state } };
}

function resources(head: ResultHead, digest: string, id: (name: string) => string): unknown[] {
  const hashes = (value: string) => [{ algorithm: 'SHA-256', value }];
  const { inventory, packs, policy, crypto } = head.catalog;
  const catalog = [
    ...(inventory ? [{ kind: 'inventory', ...inventory }] : []),
    ...packs.map((pack) => ({ kind: 'rule-pack', ...pack })),
    { kind: 'policy', ...policy },
    ...(crypto ? [{ kind: 'crypto', ...crypto }] : []),
  ];
  const linked = catalog.map(({ kind, id: name, version, sha256 }) => ({
    uuid: id(`${kind} ${name}`),
    title: markup(`${kind} ${name} ${version}`),
    rlinks: [{ href: `./${kind}/${encodeURIComponent(name)}`, hashes: hashes(sha256) }],
  }));
  // Every resource has a place, and none twice (constraints of the model that JSON Schema does not know): that of the
  // plan is the whole catalog, and what the vendor says stands in the inventory.
  const source = inventory ? { rlinks: linked[0]?.rlinks } : {};
  return [
    {
      uuid: id('result'),
      title: 'Result',
      rlinks: [{ href: 'result.json', 'media-type': 'application/json', hashes: hashes(digest) }],
    },
    {
      uuid: id('plan'),
      title: 'Plan',
      description: 'Policy, inventory and rule packs that the examination followed.',
      rlinks: linked.flatMap(({ rlinks }) => rlinks),
    },
    ...(head.document?.claims ?? []).map(({ id: claim, quote, cite }) => ({
      uuid: id(`claim ${claim}`),
      title: markup(`Statement of the vendor: ${claim}`),
      description: markup(`“${quote}” (${shownCitation(cite)})`),
      ...source,
    })),
    ...(head.document?.conflicts ?? []).map((conflict) => ({
      uuid: id(`conflict ${conflict.id}`),
      title: markup(`Source conflict: ${conflict.title}`),
      description: markup(
        `${shownStatements(conflict)} Readings: ${shownReadings(conflict)} Handling: ${conflict.handling}`,
      ),
      ...source,
    })),
    ...head.payloads.map(({ name, sha256 }, at) => ({
      uuid: id(`payload ${at}`),
      title: markup(name),
      rlinks: [{ href: `./${encodeURIComponent(name.toWellFormed())}`, ...(sha256 ? { hashes: hashes(sha256) } : {}) }],
    })),
    ...linked,
  ];
}

function property(name: string, value: string): unknown {
  return { name, ns: NAMESPACE, value: line(value) };
}

/** OSCAL strings start and end with a visible character and hold no line end. */
function line(text: string): string {
  return shownPath([text]).trim() || '(empty)';
}

/**
 * Titles, descriptions and remarks are Markdown (Metaschema, markup-line and markup-multiline: CommonMark with quotes,
 * sub- and superscript and inserts). A file name must show as itself there, and be no link, image, element or list. An
 * underscore between letters or digits is none of these (CommonMark 0.31, 6.2), so most names stay as they are.
 */
function markup(text: string): string {
  return line(text)
    .replace(/[\\`*{}[\]<>~^"]|&(?=[#A-Za-z])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/^[-+#]|(?<=^\d{1,9})[.)]/, '\\$&');
}
