import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { exchanges, type Json, parsed, pemSightings, select, untold } from './scanner-sightings.ts';
import { tlsVersion } from './tls-settings.ts';

interface TestsslRow {
  readonly id: string;
  readonly finding: string;
  readonly ip?: string;
  readonly port?: string;
}

/** testssl.sh, `--jsonfile` and `--jsonfile-pretty`. */
export const testsslAdapter: Adapter = {
  type: 'testssl',
  version: '1',
  detect: ({ text }) =>
    /^\s*[[{]/.test(text) &&
    /"id"\s*:\s*"(?:SSLv2|TLS1_2|cipher-tls1|engine_problem|service)/.test(text) &&
    /"finding"/.test(text),
  read: ({ text }) => {
    const rows = testsslRows(parsed(text));
    const places = new Map<string, TestsslRow[]>();
    for (const row of rows) {
      const place = `${row.ip ?? ''} ${row.port ?? ''}`;
      places.set(place, [...(places.get(place) ?? []), row]);
    }
    // What it says of its own run has no place, or "/".
    const groups = [...places.values()];
    const endpoints = groups.filter(([row]) => row?.ip !== undefined && row.ip !== '/');
    return (endpoints.length > 0 ? endpoints : groups).flatMap((group) => [...testssl(group)]);
  },
};

function testsslRows(value: unknown, around: Partial<TestsslRow> = {}, depth = 0): TestsslRow[] {
  if (depth > 12 || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => testsslRows(one, around, depth + 1));
  const row = value as Json;
  const text = (key: string): string | undefined => (typeof row[key] === 'string' ? row[key] : undefined);
  const [ip, port] = [text('ip') ?? around.ip, text('port') ?? around.port];
  const place = { ...(ip !== undefined && { ip }), ...(port !== undefined && { port }) };
  const [id, finding] = [text('id'), text('finding')];
  if (id !== undefined && finding !== undefined) return [{ id, finding, ...place }];
  return Object.values(row).flatMap((one) => testsslRows(one, place, depth + 1));
}

function* testssl(rows: readonly TestsslRow[]): Generator<Sighting> {
  const [host, address] = (rows.find(({ ip }) => ip !== undefined && ip !== '/')?.ip ?? '').split('/');
  const port = Number(rows[0]?.port);
  const subject = { ...(host && { host }), ...(address && { address }), ...(port > 0 && { port }) };
  const found: Sighting[] = [];
  for (const { id, finding } of rows) {
    const cipher = /^cipher-(ssl2|ssl3|tls1(?:_[123])?)_x([0-9a-f]+)$/i.exec(id);
    if (!cipher) continue;
    const version = tlsVersion(cipher[1]!.replace('_', '.')) ?? 'TLS';
    const suite = cipher[2]!.toLowerCase().padStart(version === 'SSLv2' ? 6 : 4, '0');
    const size = / DH (\d+)/.exec(finding)?.[1];
    found.push(select(version, suite, subject, size === undefined ? undefined : Number(size)));
  }
  yield* found;
  for (const { id, finding } of rows) {
    const version = tlsVersion(id.replace('_', '.'));
    if (version && /^offered/.test(finding) && !found.some((one) => one.version === version)) {
      yield { layer: 'tls', role: 'offer', version, alg: version, subject };
      yield untold('offer', version, subject, `the result holds no cipher of ${version}`);
    }
    if (/^(?:PFS|FS)_ECDHE_curves$|^DH_groups$|^FS_KEMs$/.test(id)) {
      for (const group of finding.split(/\s+/)) {
        if (!/^[A-Za-z0-9_-]+$/.test(group) || /^(?:No|None|not)$/i.test(group)) continue;
        yield { layer: 'tls', role: 'kex', alg: 'group', params: { group }, subject };
      }
    }
    if (/^cert(?: <cert#\d+>)?$/.test(id)) yield* pemSightings(finding, subject);
  }
  const { field, curve } = exchanges(found);
  if (curve && !rows.some(({ id }) => /_ECDHE_curves$/.test(id)))
    yield untold('kex', 'ECDHE', subject, 'the result holds no curves');
  if (field && !found.some(({ params }) => params?.bits))
    yield untold('kex', 'DHE', subject, 'the result holds no field size');
  if (!rows.some(({ id }) => /^cert(?: |$)/.test(id)))
    yield untold('key', 'certificate', subject, 'the result holds no certificate');
  if (found.length === 0) yield untold('offer', 'TLS', subject, 'the result holds no cipher of this endpoint');
}
