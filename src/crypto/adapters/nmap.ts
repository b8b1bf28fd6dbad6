import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { registry } from '../registry.ts';
import { exchanges, pemSightings, select, untold } from './scanner-sightings.ts';
import { all, type XmlNode, xml } from './scanner-xml.ts';
import { tlsVersion } from './tls-settings.ts';

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
