import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { registry } from '../registry.ts';
import { exchanges, type Json, parsed, pemSightings, select, untold } from './scanner-sightings.ts';

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
