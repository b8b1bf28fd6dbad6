import fc from 'fast-check';
import type { DocumentAccount, Finding, Gap, ResultEntry, StoredResult, Verdict } from '../../src/model/index.ts';
import { stored } from './samples.ts';

/** Text as a hostile archive may carry it: any code point, signs that mean something to a format, control characters. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed()),
  fc.constantFrom(
    '=1+1',
    '@SUM(A1)',
    '-2+3',
    '<script>',
    ']]>',
    '&amp;',
    '"',
    '\u202Egnp',
    '\u0000',
    'a\r\nb',
    '漢字',
    '../..',
    '%41',
  ),
);

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const code = fc.constantFrom('truncated', 'encrypted', 'over-budget', 'duplicate-name', 'unsafe-path');
const size = fc.option(fc.nat(2 ** 40), { nil: null });
const severity = fc.constantFrom('critical', 'high', 'medium', 'low', 'info' as const);

const gap: fc.Arbitrary<Gap> = fc.record(
  { code, detail: hostileText, offset: fc.nat() },
  { requiredKeys: ['code', 'detail'] },
) as fc.Arbitrary<Gap>;

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    rule: fc.constantFrom('credentials/password', 'personal/email', 'network/ipv4'),
    class: fc.constantFrom('secret.password', 'pii.email', 'net.ipv4'),
    tier: fc.constantFrom('T0', 'T1', 'T2', 'T3'),
    severity,
    confidence: fc.constantFrom('high', 'medium', 'low'),
    state: fc.constantFrom(
      'client-data',
      'undocumented',
      'disclosed-as-documented',
      'environment-identifier',
      'test-value',
      'suppressed',
    ),
    by: hostileText,
    at: fc.record({
      offset: fc.nat(),
      line: fc.integer({ min: 1, max: 1e6 }),
      column: fc.integer({ min: 1, max: 1e6 }),
      length: fc.nat(4096),
      view: fc.constantFrom('utf-8', 'utf-16le', 'ebcdic-037', 'base64>utf-8'),
      where: fc.constantFrom('content', 'name', 'link-target', 'archive-comment', 'tail'),
    }),
    excerpt: hostileText,
    fingerprint: hex(24),
    evidence: fc.array(hostileText, { maxLength: 3 }),
    count: fc.integer({ min: 2, max: 1e6 }),
  },
  { requiredKeys: ['rule', 'class', 'tier', 'severity', 'confidence', 'state', 'at', 'excerpt', 'evidence'] },
) as fc.Arbitrary<Finding>;

const path = fc
  .array(hostileText, { minLength: 0, maxLength: 4 })
  .map((inner): readonly string[] => ['payload.tgz', ...inner]);

const entry: fc.Arbitrary<ResultEntry> = fc.record(
  {
    path,
    kind: fc.constantFrom('file', 'directory', 'symlink', 'hardlink', 'special', 'pseudo'),
    size,
    sha256: fc.option(hex(64), { nil: null }),
    media: fc.constantFrom('text/plain; charset=utf-8', 'application/gzip', 'application/octet-stream'),
    coverage: fc.constantFrom('decoded', 'raw', 'opened', 'unread'),
    gaps: fc.array(gap, { maxLength: 3 }),
    item: fc.record({
      id: fc.option(fc.constantFrom('messages', 'bmcdump'), { nil: null }),
      status: fc.constantFrom(
        'documented',
        'documented-ambiguous',
        'known-from-other-source',
        'undocumented',
        'forbidden',
      ),
      context: fc.constantFrom('top', 'acuppd', 'esa'),
    }),
    findings: fc.array(finding, { maxLength: 4 }),
    nameMasked: fc.constant(true),
  },
  { requiredKeys: ['path', 'kind', 'size', 'sha256', 'media', 'coverage', 'gaps', 'findings'] },
) as fc.Arbitrary<ResultEntry>;

const reason = fc.record({
  code: fc.constantFrom('client-data', 'undocumented-file', 'unread-content', 'nothing-examined'),
  severity,
  path: fc.option(path, { nil: null }),
  message: hostileText,
  count: fc.integer({ min: 1, max: 1e6 }),
});

const cite = fc.record(
  { document: hostileText, edition: hostileText, section: hostileText, quote: hostileText },
  { requiredKeys: ['document', 'section'] },
);
const id = fc.constantFrom('first', 'second', 'third');

/** What a document says beyond files, hostile to whoever prints it. */
const document = fc.record(
  {
    claims: fc.uniqueArray(
      fc.record({ id, quote: hostileText, meaning: hostileText, contradicts: fc.array(id, { maxLength: 2 }), cite }),
      { selector: (claim) => claim.id },
    ),
    conflicts: fc.uniqueArray(
      fc.record({
        id,
        title: hostileText,
        kind: fc.constantFrom('contradiction', 'damage'),
        statements: fc.array(cite, { minLength: 1, maxLength: 3 }),
        readings: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
        handling: hostileText,
      }),
      { selector: (conflict) => conflict.id },
    ),
    reasonsServed: fc.uniqueArray(
      fc.record({ id, title: hostileText, items: fc.array(id, { maxLength: 3 }), forbidden: fc.boolean(), cite }),
      { selector: (served) => served.id },
    ),
  },
  { requiredKeys: ['claims', 'conflicts', 'reasonsServed'] },
) as fc.Arbitrary<DocumentAccount>;

const transport = fc.record({
  observations: fc.constant([]),
  verdicts: fc.array(
    fc.record(
      {
        subject: fc.record({ host: hostileText, port: fc.integer({ min: 1, max: 65_535 }) }),
        what: hostileText,
        word: fc.constantFrom('acceptable', 'disallowed', 'deprecated', 'unknown', 'no-protection'),
        document: hostileText,
        section: hostileText,
        reason: hostileText,
      },
      { requiredKeys: ['word'] },
    ),
    { maxLength: 4 },
  ),
});

/** Any result the schema allows: also those no audit would make. */
export const anyResult: fc.Arbitrary<StoredResult> = fc
  .record({
    entries: fc.array(entry, { maxLength: 12 }),
    verdict: fc.record({
      outcome: fc.constantFrom('cleared', 'held', 'incomplete'),
      level: fc.constantFrom('L0', 'L1', 'L2', 'L3'),
      reasons: fc.array(reason, { maxLength: 4 }),
      notices: fc.array(reason, { maxLength: 3 }),
    }) as fc.Arbitrary<Verdict>,
    payloads: fc.array(fc.record({ name: hostileText, size, sha256: fc.option(hex(64), { nil: null }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    document: fc.option(document, { nil: undefined }),
    transport,
  })
  .map(({ entries, verdict, payloads, document, transport }) =>
    stored(entries, verdict, { payloads, transport, ...(document === undefined ? {} : { document }) }),
  );
