import { createHash } from 'node:crypto';
import { loadInventory } from '../../src/inventory/index.ts';
import type {
  Coverage,
  CoverageCounts,
  Finding,
  ResultEntry,
  ResultHead,
  StoredResult,
  Verdict,
} from '../../src/model/index.ts';
import type { LedgerEvent, LedgerExtract } from '../../src/report/index.ts';

const sha = (seed: string): string => createHash('sha256').update(seed).digest('hex');

/** A stored result in memory, with coverage counted from its entries. */
export function stored(
  entries: readonly ResultEntry[],
  verdict: Verdict,
  head: Partial<ResultHead> = {},
): StoredResult {
  return {
    head: { ...baseHead, verdict, coverage: count(entries), ...head },
    entryCount: entries.length,
    async *entries() {
      yield* entries;
    },
  };
}

const baseHead: Omit<ResultHead, 'verdict' | 'coverage'> = {
  schema: 'clearance.result/1',
  asOf: '2026-11-23',
  tool: { name: 'clearance', version: '0.1.0', engine: sha('engine') },
  catalog: {
    inventory: { id: 'ibm-hmc-860', version: '1.0.0', sha256: sha('inventory') },
    packs: ['content', 'credentials', 'network', 'personal'].map((id) => ({ id, version: '1.0.0', sha256: sha(id) })),
    policy: { id: 'default', version: '1.0.0', sha256: sha('policy') },
  },
  optionsSha256: sha('options'),
  payloads: [{ name: 'HMC_V8R860_callhome_7042CR9_20261122.tgz', size: 48_318_466, sha256: sha('payload') }],
  transport: { observations: [], verdicts: [] },
  reproducible: true,
};

function count(entries: readonly ResultEntry[]): ResultHead['coverage'] {
  const zero = () => ({ seen: 0, decoded: 0, raw: 0, opened: 0, unread: 0 });
  const sums: Record<'entries' | 'bytes', Record<keyof CoverageCounts, number>> = { entries: zero(), bytes: zero() };
  for (const entry of entries) {
    for (const key of ['seen', entry.coverage] as const) {
      sums.entries[key] += 1;
      sums.bytes[key] += entry.size ?? 0;
    }
  }
  return sums;
}

export function entry(path: readonly string[], more: Partial<ResultEntry> = {}): ResultEntry {
  const name = path.join('/');
  return {
    path,
    kind: 'file',
    size: 100 + (Number.parseInt(sha(name).slice(0, 6), 16) % 400_000),
    sha256: sha(name),
    media: 'text/plain; charset=utf-8',
    coverage: 'decoded',
    gaps: [],
    item: { id: itemOf(path), status: 'documented', context: path.length > 2 ? 'acuppd' : 'top' },
    findings: [],
    ...more,
  };
}

function itemOf(path: readonly string[]): string {
  const last = path.at(-1)?.split('/').at(-1) ?? 'file';
  return (
    last
      .replace(/[^a-z]+/gi, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'file'
  );
}

const NAMES = [
  'var/log/messages',
  'var/log/hmc.log',
  'var/log/secure',
  'opt/ccfw/data/iqyylog.log',
  'var/hsc/log/cimserver.log',
  'var/hsc/log/hmclogger.log',
  'etc/hosts',
  'etc/sysconfig/network',
  'commands/ps_-AFLww',
  'commands/netstat_-anpoe',
  'commands/ls_-lR_.proc',
  'console/log/trace/hwdbg.trm',
];

/** Entries of a bundle as it looks on a real console: a wrapper, an inner archive, logs and a dump. */
function bundle(count = 60): ResultEntry[] {
  const name = 'HMC_V8R860_callhome_7042CR9_20261122.tgz';
  const container = (path: readonly string[], size: number) => {
    const { item: _item, ...rest } = entry(path, { coverage: 'opened', media: 'application/gzip', size });
    return path.length === 1
      ? rest
      : { ...rest, item: { id: 'acuppd', status: 'documented', context: 'top' } as const };
  };
  const entries: ResultEntry[] = [
    container([name], 48_318_466),
    entry([name, 'problems.xml'], { media: 'application/xml' }),
    entry([name, 'iqyvpd.dat'], { item: { id: 'iqyvpd', status: 'documented-ambiguous', context: 'top' } }),
    entry([name, 'BMCDUMP.7042CR9.06A1B2C.20261122101500'], {
      coverage: 'raw',
      size: 31_000_000,
      media: 'application/octet-stream',
      item: { id: 'bmcdump', status: 'documented', context: 'top' },
    }),
    container([name, 'acuppd.tgz'], 9_100_000),
  ];
  for (let at = entries.length; at < count; at += 1) {
    const base = NAMES[at % NAMES.length] as string;
    const turn = Math.floor(at / NAMES.length);
    entries.push(entry([name, 'acuppd.tgz', turn === 0 ? base : `${base}.${turn}`]));
  }
  return entries;
}

export function finding(at: number, more: Partial<Finding> = {}): Finding {
  const kinds = [
    ['credentials/password-assignment', 'secret.password', 'T0', 'critical', 'client-data', 'password=[masked 9-16]'],
    ['personal/email', 'pii.email', 'T1', 'high', 'undocumented', 'From: [masked] <[masked]@[masked].example>'],
    ['content/sql-dump', 'content.database', 'T0', 'high', 'client-data', 'INSERT INTO [masked] VALUES ([masked])'],
    ['network/ipv4', 'net.ipv4', 'T2', 'low', 'environment-identifier', 'tcp 0 0 [masked]:443 ESTABLISHED'],
    ['personal/phone', 'pii.phone', 'T1', 'medium', 'disclosed-as-documented', '<phone>[masked]</phone>'],
  ] as const;
  const [rule, type, tier, severity, state, excerpt] = kinds[at % kinds.length] as (typeof kinds)[number];
  return {
    rule,
    class: type,
    tier,
    severity,
    confidence: 'high',
    state,
    at: {
      offset: 1000 + at * 77,
      line: 12 + at,
      column: 5,
      length: 12,
      view: at % 7 === 6 ? 'utf-16le' : 'utf-8',
      where: 'content',
    },
    excerpt,
    evidence: ['pattern', 'entropy 3.9 of 3.0'],
    ...more,
  };
}

export const cleared = (): StoredResult =>
  stored(bundle(), {
    outcome: 'cleared',
    level: 'L3',
    reasons: [],
    notices: [
      {
        code: 'documented-ambiguous',
        severity: 'info',
        path: ['HMC_V8R860_callhome_7042CR9_20261122.tgz', 'iqyvpd.dat'],
        message: 'item iqyvpd rests on an ambiguous place of the document',
        count: 1,
      },
    ],
  });

/** Thirty findings, undocumented files, names that try to break a page. */
export function held(): StoredResult {
  const entries = bundle(90).map((item, at) =>
    at > 5 && at < 36 ? { ...item, findings: [finding(at), ...(at % 4 === 0 ? [finding(at + 1)] : [])] } : item,
  );
  const name = entries[0]?.path[0] as string;
  const odd = (segment: string, more: Partial<ResultEntry> = {}) =>
    entry([name, 'acuppd.tgz', segment], { item: { id: null, status: 'undocumented', context: 'acuppd' }, ...more });
  entries.push(
    odd(`home/customer/exports/${'orders-and-invoices-of-the-last-quarter-'.repeat(6)}final.csv`, {
      findings: [finding(0, { count: 4210 })],
    }),
    odd('tmp/\u202Efdp.exe\u0000\u001B[31m.log'),
    odd('tmp/漢字/データ.txt'),
    odd('=HYPERLINK("http://x.example","click")'),
    entry([name, 'acuppd.tgz', '********.txt'], {
      nameMasked: true,
      findings: [finding(1, { at: { ...finding(1).at, where: 'name' } })],
    }),
  );
  const codes = { 'client-data': 'client-data', undocumented: 'undocumented-disclosure' } as const;
  return stored(entries, {
    outcome: 'held',
    level: 'L0',
    reasons: [
      ...(['client-data', 'undocumented'] as const).flatMap((state) =>
        entries.flatMap(({ path, findings }) => {
          const found = findings.filter((each) => each.state === state);
          if (found.length === 0) return [];
          const count = found.reduce((sum, each) => sum + (each.count ?? 1), 0);
          const rules = [...new Set(found.map(({ rule }) => rule))].join(', ');
          return [
            { code: codes[state], severity: found[0]?.severity ?? 'high', path, message: `found by ${rules}`, count },
          ];
        }),
      ),
      ...entries
        .filter(({ item }) => item?.status === 'undocumented')
        .map(({ path }) => ({
          code: 'undocumented-file',
          severity: 'high' as const,
          path,
          message: 'the inventory names no such file in context acuppd',
          count: 1,
        })),
    ],
    notices: [],
  });
}

export function incomplete(): StoredResult {
  const entries = bundle(40);
  const name = entries[0]?.path[0] as string;
  const unread = (segment: string, code: string, detail: string, offset?: number): ResultEntry =>
    entry([name, segment], {
      coverage: 'unread' as Coverage,
      sha256: null,
      size: 2_400_000,
      gaps: [{ code, detail, ...(offset === undefined ? {} : { offset }) }],
    });
  entries.push(
    unread(
      'SYSDUMP.7042CR9.06A1B2C.00000001.20261122101500',
      'truncated',
      'the gzip stream ends before its trailer',
      1_048_576,
    ),
    unread('secrets.zip', 'encrypted', 'the member is encrypted and no key can be given'),
    unread('core.1234.gz', 'over-budget', 'the expansion ratio passes 1:1000'),
  );
  return stored(entries, {
    outcome: 'incomplete',
    level: 'L0',
    reasons: entries
      .filter(({ coverage }) => coverage === 'unread')
      .map(({ path, gaps }) => ({
        code: 'unread-content',
        severity: 'high' as const,
        path,
        message: `not all of it could be examined: ${gaps[0]?.code}`,
        count: 1,
      })),
    notices: [],
  });
}

/** A result with `count` entries, for the sizes and times that are promised. */
export const large = (count: number): StoredResult =>
  stored(bundle(count), { outcome: 'cleared', level: 'L3', reasons: [], notices: [] });

export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Verdicts of the path as the crypto room makes them. */
export function withTransport(result: StoredResult): StoredResult {
  const ground = (word: string, more: object = {}) => ({
    word,
    clause: 'nist-800-131a-r2/tls',
    document: 'NIST SP 800-131A',
    edition: 'Rev. 2',
    section: '2',
    caption: 'Table 1',
    validFrom: '2019-03-21',
    validTo: null,
    next: null,
    verified: true,
    ...more,
  });
  const on = (host: string) => ({
    subject: { host, port: 443 },
    observation: host,
    asOf: '2026-11-23',
    policy: 'nist-800-131a-r2',
    atoms: [],
  });
  const soon = { next: { date: '2030-12-31', word: 'disallowed' }, validTo: '2030-12-31' };
  const verdicts = [
    { ...ground('acceptable'), ...on('esupport.ibm.example'), what: 'TLSv1.3 TLS_AES_256_GCM_SHA384' },
    { ...ground('deprecated', soon), ...on('esupport.ibm.example'), what: 'RSA-2048 certificate key' },
    { ...ground('acceptable'), ...on('www-945.ibm.example'), what: 'TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384' },
    { ...ground('disallowed'), ...on('www-945.ibm.example'), what: 'TLSv1.0 TLS_RSA_WITH_3DES_EDE_CBC_SHA' },
    {
      ...ground('unknown', { reason: 'the handshake was not answered' }),
      ...on('proxy.customer.example'),
      what: 'TLSv1.2',
    },
  ];
  return {
    ...result,
    head: { ...result.head, transport: { observations: verdicts.map(({ what }) => ({ id: what })), verdicts } },
  };
}

/** A ledger that approved the result whose digest is given. */
export function ledgerFor(resultSha256: string): LedgerExtract {
  const act = (
    seq: number,
    time: string,
    type: LedgerEvent['type'],
    id: string,
    more: Partial<LedgerEvent> = {},
  ): LedgerEvent => ({
    seq,
    time,
    type,
    actor: { id, method: 'signing key', key: `p256:${'0123456789ab'.slice(seq % 4, (seq % 4) + 8)}` },
    ...more,
  });
  return {
    schema: 'clearance.ledger-extract/1',
    resultSha256,
    approvals: { given: 2, required: 2, validUntil: '2026-11-26T09:30:00Z' },
    events: [
      act(118, '2026-11-23T08:02:11Z', 'audit', 'hmc-gateway'),
      act(119, '2026-11-23T08:40:00Z', 'submit', 'm.keller'),
      act(120, '2026-11-23T09:12:45Z', 'approve', 'a.novak', {
        reason: 'Standard call-home bundle of PMR 1234',
        expires: '2026-11-26T09:30:00Z',
      }),
      act(121, '2026-11-23T09:30:00Z', 'approve', 'j.tanaka', {
        reason: 'Second look at the dumps',
        expires: '2026-11-26T09:30:00Z',
      }),
      act(122, '2026-11-23T10:00:03Z', 'verify', 'hmc-gateway'),
      act(123, '2026-11-23T10:00:04Z', 'release', 'hmc-gateway'),
    ],
    checkpoint: { origin: 'ledger.customer.example', size: 124, root: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=' },
  };
}

/** What a document says beyond files, in the words of the built-in inventory, with connections that the payload shows. */
export function withDocument(result: StoredResult): StoredResult {
  const { claims, conflicts, reasons } = loadInventory('ibm-hmc-860');
  const path = [result.head.payloads[0]?.name ?? 'payload', 'acuppd.tgz', 'commands/netstat_-anpoe'];
  const open = 'open to others; whether a remote service session was open is not known';
  return {
    ...result,
    head: {
      ...result.head,
      document: {
        claims: claims.map(({ id, quote, meaning, contradicts, cite }) => ({ id, quote, meaning, contradicts, cite })),
        conflicts,
        reasonsServed: reasons.map(({ id, title, cite }, at) => ({
          id,
          title,
          items: ['acuppd', 'problems-xml', 'bmcdump'].slice(0, (at % 3) + 1),
          forbidden: at === 6,
          cite,
        })),
        endpoints: {
          catalog: { id: 'ibm-hmc-860', version: '1.0.0', sha256: sha('endpoints') },
          read: [{ path, format: 'sockets' }],
          notices: [22, 443].map((port) => ({
            path,
            code: 'inbound-open',
            message: `tcp ${port}: ${open}`,
            line: 3,
            port,
            count: 1,
          })),
          more: 0,
        },
      },
    },
  };
}
