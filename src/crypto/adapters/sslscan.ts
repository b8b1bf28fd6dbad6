import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { exchanges, select, untold } from './scanner-sightings.ts';
import { all, type XmlNode, xml } from './scanner-xml.ts';
import { tlsVersion } from './tls-settings.ts';

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
