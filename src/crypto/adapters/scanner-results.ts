import { certificateSightings } from '../certificate.ts';
import { MalformedEvidence } from '../der.ts';
import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { registry } from '../registry.ts';
import { tlsVersion } from './tls-settings.ts';

type Json = Readonly<Record<string, unknown>>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    throw new MalformedEvidence('not JSON');
  }
}

const select = (version: string, suite: string, subject: Sighting['subject'], bits?: number): Sighting => {
  const name = registry().suites.get(suite)?.name;
  const params = bits === undefined ? {} : { params: { bits } };
  return {
    layer: 'tls',
    role: 'select',
    version,
    suite,
    ...(name !== undefined && { alg: name }),
    ...params,
    ...(subject && { subject }),
  };
};

/** What a tool does not tell is not tested: it is never taken for absent. */
const untold = (role: Sighting['role'], alg: string, subject: Sighting['subject'], note: string): Sighting => ({
  layer: role === 'key' ? 'cert' : 'tls',
  role,
  alg,
  state: 'not-tested',
  ...(subject && { subject }),
  note,
});

/** The kinds of key exchange among suites, for which groups have to be told. */
function exchanges(found: readonly Sighting[]): { field: boolean; curve: boolean } {
  const parts = found.map(({ suite }) => registry().suites.get(suite ?? '')?.kx);
  return { field: parts.includes('DHE'), curve: parts.some((kx) => kx === 'ECDHE' || kx === 'any') };
}

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

function* pemSightings(text: string, subject: Sighting['subject']): Generator<Sighting> {
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/.exec(text)?.[1];
  try {
    const der = Buffer.from(body ?? '', 'base64');
    for (const sighting of certificateSightings(der, 'leaf')) yield { ...sighting, ...(subject && { subject }) };
  } catch {
    yield untold('key', 'certificate', subject, 'the certificate in the result cannot be read');
  }
}

/** sslyze 5 and 6, `--json_out`. */
export const sslyzeAdapter: Adapter = {
  type: 'sslyze',
  version: '1',
  detect: ({ text }) => /^\s*\{/.test(text) && /"server_scan_results"/.test(text),
  read: ({ text }) => {
    const results = (parsed(text) as Json)['server_scan_results'];
    return Array.isArray(results) ? results.flatMap((one) => [...sslyze(one as Json)]) : [];
  },
};

const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((now, key) => (typeof now === 'object' && now !== null ? (now as Json)[key] : undefined), value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function* sslyze(result: Json): Generator<Sighting> {
  const location = at(result, 'server_location');
  const [host, port, address] = [at(location, 'hostname'), at(location, 'port'), at(location, 'ip_address')];
  const subject = {
    ...(typeof host === 'string' && { host }),
    ...(typeof port === 'number' && { port }),
    ...(typeof address === 'string' && { address }),
  };
  const scan = at(result, 'scan_result') ?? at(result, 'scan_commands_results');
  const found: Sighting[] = [];
  const curves = new Set<string>();
  for (const [key, version] of [
    ['ssl_2_0', 'SSLv2'],
    ['ssl_3_0', 'SSLv3'],
    ['tls_1_0', 'TLSv1.0'],
    ['tls_1_1', 'TLSv1.1'],
    ['tls_1_2', 'TLSv1.2'],
    ['tls_1_3', 'TLSv1.3'],
  ] as const) {
    const command = at(scan, `${key}_cipher_suites`);
    const suites = at(command, 'result', 'accepted_cipher_suites') ?? at(command, 'accepted_cipher_suites');
    if (!Array.isArray(suites)) {
      found.push({ ...untold('offer', version, subject, 'the result does not hold this version'), version });
      continue;
    }
    for (const one of suites) {
      const name = at(one, 'cipher_suite', 'name');
      const suite =
        typeof name === 'string' ? (registry().byName.get(name) ?? registry().byOpenssl.get(name)) : undefined;
      const size = at(one, 'ephemeral_key', 'size');
      const curve = at(one, 'ephemeral_key', 'curve_name');
      if (typeof curve === 'string') curves.add(curve);
      if (suite)
        found.push(
          select(version, suite.id, subject, suite.kx === 'DHE' && typeof size === 'number' ? size : undefined),
        );
      else found.push({ ...untold('select', 'cipher suite', subject, 'a suite this version does not know'), version });
    }
  }
  yield* found;
  for (const one of list(at(scan, 'elliptic_curves', 'result', 'supported_curves'))) {
    const name = at(one, 'name');
    if (typeof name === 'string') curves.add(name);
  }
  for (const group of [...curves].sort()) yield { layer: 'tls', role: 'kex', alg: 'group', params: { group }, subject };
  const { field, curve } = exchanges(found);
  if (curve && curves.size === 0) yield untold('kex', 'ECDHE', subject, 'the result holds no curves');
  if (field && !found.some(({ params }) => params?.bits))
    yield untold('kex', 'DHE', subject, 'the result holds no field size');
  const deployments = list(at(scan, 'certificate_info', 'result', 'certificate_deployments'));
  for (const deployment of deployments) {
    for (const certificate of list(at(deployment, 'received_certificate_chain'))) {
      const pem = at(certificate, 'as_pem');
      if (typeof pem === 'string') yield* pemSightings(pem, subject);
      else yield untold('key', 'certificate', subject, 'the result holds no certificate text');
    }
  }
  if (deployments.length === 0) yield untold('key', 'certificate', subject, 'the result holds no certificate');
}

interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

async function xml(text: string): Promise<XmlNode> {
  const { XMLParser } = await import('fast-xml-parser');
  type Raw = Record<string, unknown> & { ':@'?: Record<string, string> };
  const convert = (raw: Raw): XmlNode => {
    const name = Object.keys(raw).find((key) => key !== ':@') ?? '';
    const inner = Array.isArray(raw[name]) ? (raw[name] as Raw[]) : [];
    return {
      name,
      attributes: raw[':@'] ?? {},
      children: inner.filter((one) => !('#text' in one)).map(convert),
      text: inner.map((one) => ('#text' in one ? String(one['#text']) : '')).join(''),
    };
  };
  try {
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      parseAttributeValue: false,
      parseTagValue: false,
      processEntities: false,
    });
    const raw = parser.parse(Buffer.from(text, 'latin1').toString('utf8')) as Raw[];
    return { name: '', attributes: {}, children: raw.map(convert), text: '' };
  } catch {
    throw new MalformedEvidence('not XML');
  }
}

function* all(node: XmlNode, name: string, depth = 0): Generator<XmlNode> {
  if (node.name === name) yield node;
  if (depth < 64) for (const child of node.children) yield* all(child, name, depth + 1);
}

/** sslscan, `--xml`. */
export const sslscanAdapter: Adapter = {
  type: 'sslscan',
  version: '1',
  detect: ({ text }) => /<document\s[^>]*title="SSLScan Results"/.test(text.slice(0, 4096)),
  read: async ({ text }) => [...all(await xml(text), 'ssltest')].flatMap((test) => [...sslscan(test)]),
};

function* sslscan(test: XmlNode): Generator<Sighting> {
  const { host, port, sniname } = test.attributes;
  const subject = {
    ...(host && { host }),
    ...(Number(port) > 0 && { port: Number(port) }),
    ...(sniname && sniname !== host && { sni: sniname }),
  };
  const found: Sighting[] = [];
  const groups = new Set<string>();
  for (const { attributes } of all(test, 'cipher')) {
    const id = /^0x([0-9A-Fa-f]{4,6})$/.exec(attributes['id'] ?? '')?.[1]?.toLowerCase();
    const version = tlsVersion(attributes['sslversion'] ?? '') ?? attributes['sslversion'] ?? 'TLS';
    if (attributes['curve']) groups.add(attributes['curve']);
    if (id) found.push(select(version, id, subject, attributes['dhebits'] ? Number(attributes['dhebits']) : undefined));
  }
  yield* found;
  for (const { attributes } of all(test, 'protocol')) {
    const version = tlsVersion(`${attributes['type'] === 'ssl' ? 'SSLv' : 'TLSv'}${attributes['version']}`);
    if (attributes['enabled'] === '1' && version && !found.some((one) => one.version === version)) {
      yield { layer: 'tls', role: 'offer', version, alg: version, subject };
    }
  }
  for (const { attributes } of all(test, 'group')) {
    const name = attributes['name']?.split(' ')[0];
    if (name) groups.add(name);
  }
  const bare = [...groups].map((name) => name.replace(/^(25519|448)$/, 'x$1'));
  for (const group of [...new Set(bare)].sort())
    yield { layer: 'tls', role: 'kex', alg: 'group', params: { group }, subject };
  const { field, curve } = exchanges(found);
  if (curve && groups.size === 0) yield untold('kex', 'ECDHE', subject, 'the result holds no curves');
  if (field && !found.some(({ params }) => params?.bits))
    yield untold('kex', 'DHE', subject, 'the result holds no field size');
  let certificates = 0;
  for (const certificate of all(test, 'certificate')) {
    certificates++;
    const signature = [...all(certificate, 'signature-algorithm')][0]?.text;
    const key = [...all(certificate, 'pk')][0]?.attributes;
    if (signature) yield { layer: 'cert', role: 'signature', alg: signature, subject };
    const size = key?.['curve_name'] ? { curve: key['curve_name'] } : { bits: Number(key?.['bits']) };
    if (key?.['type'] && (key['curve_name'] || Number(key['bits']) > 0))
      yield { layer: 'cert', role: 'key', alg: key['type'], params: size, subject };
    else yield untold('key', 'certificate', subject, 'the result holds no key size');
  }
  if (certificates === 0) yield untold('key', 'certificate', subject, 'the result holds no certificate');
}

/** nmap, `-oX` with the script ssl-enum-ciphers. */
export const nmapAdapter: Adapter = {
  type: 'nmap',
  version: '1',
  detect: ({ text }) =>
    /<nmaprun\b/.test(text.slice(0, 8192)) &&
    /id="(?:ssl-enum-ciphers|ssl-cert|sshv?2?-?enum-algos|ssh2-enum-algos)"/.test(text),
  read: async ({ text }) => [...all(await xml(text), 'host')].flatMap((host) => [...nmapHost(host)]),
};

const keyed = (node: XmlNode, key: string): XmlNode | undefined =>
  node.children.find(({ attributes }) => attributes['key'] === key);

function* nmapHost(host: XmlNode): Generator<Sighting> {
  const address = [...all(host, 'address')][0]?.attributes['addr'];
  const name = [...all(host, 'hostname')][0]?.attributes['name'];
  for (const port of all(host, 'port')) {
    const number = Number(port.attributes['portid']);
    const subject = {
      ...((name ?? address) && { host: name ?? address! }),
      ...(address && { address }),
      ...(number > 0 && { port: number }),
    };
    for (const script of all(port, 'script')) {
      if (script.attributes['id'] === 'ssl-enum-ciphers') yield* nmapCiphers(script, subject);
      if (script.attributes['id'] === 'ssl-cert') yield* nmapCertificate(script, subject);
    }
    const enumerated = [...all(port, 'script')].some(({ attributes }) => attributes['id'] === 'ssl-enum-ciphers');
    const certified = [...all(port, 'script')].some(({ attributes }) => attributes['id'] === 'ssl-cert');
    if (enumerated && !certified) yield untold('key', 'certificate', subject, 'the result holds no certificate');
  }
}

function* nmapCiphers(script: XmlNode, subject: Sighting['subject']): Generator<Sighting> {
  const found: Sighting[] = [];
  const groups = new Set<string>();
  for (const table of script.children) {
    const version = tlsVersion(table.attributes['key'] ?? '');
    const ciphers = keyed(table, 'ciphers');
    if (!version || !ciphers) continue;
    for (const row of ciphers.children) {
      const name = keyed(row, 'name')?.text ?? '';
      const kex = keyed(row, 'kex_info')?.text ?? '';
      // nmap writes TLS 1.3 suites with a key exchange of its own making.
      const suite = registry().byName.get(name.replace('TLS_AKE_WITH_', 'TLS_'));
      const size = /^dh (\d+)$/.exec(kex)?.[1];
      const curve = /^(?:ecdh_)?([a-z]\w+)$/.exec(kex)?.[1];
      if (curve && !/^(?:dh|rsa)$/.test(curve)) groups.add(curve);
      if (suite) found.push(select(version, suite.id, subject, size === undefined ? undefined : Number(size)));
      else found.push({ ...untold('select', 'cipher suite', subject, 'a suite this version does not know'), version });
    }
  }
  yield* found;
  for (const group of [...groups].sort())
    yield { layer: 'tls', role: 'kex', alg: 'group', params: { group }, ...(subject && { subject }) };
  const { field, curve } = exchanges(found);
  // It names the one group that was chosen, and a named field hides a smaller one of the server's own.
  if (curve) yield untold('kex', 'ECDHE', subject, 'the result holds the group chosen, not those accepted');
  if (field) yield untold('kex', 'DHE', subject, 'the result holds the field chosen for a client with named fields');
}

function* nmapCertificate(script: XmlNode, subject: Sighting['subject']): Generator<Sighting> {
  const pem = keyed(script, 'pem')?.text;
  if (pem) yield* pemSightings(pem.replaceAll(/&#xa;/g, '\n'), subject);
  else yield untold('key', 'certificate', subject, 'the result holds no certificate text');
}
