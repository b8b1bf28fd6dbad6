import { createHash } from 'node:crypto';
import { atomsOf } from './expand.ts';
import type { CryptoVerdict } from './judge.ts';
import type { CryptoObservation } from './observation.ts';
import type { CryptoPolicy } from './policy.ts';
import { registry } from './registry.ts';

interface Component {
  readonly type: 'cryptographic-asset';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly cryptoProperties: object;
  readonly properties: { name: string; value: string }[];
  readonly evidence: { occurrences: { location: string }[] };
}

const PRIMITIVE: Readonly<Record<string, string>> = {
  signature: 'signature',
  'signature-scheme': 'signature',
  'signature-hash': 'hash',
  agreement: 'key-agree',
  'agreement-scheme': 'key-agree',
  transport: 'pke',
  'transport-scheme': 'pke',
  mac: 'mac',
  kdf: 'kdf',
  hash: 'hash',
  rng: 'drbg',
  wrap: 'key-wrap',
};

/**
 * A CycloneDX 1.6 cryptography bill of materials: one asset for each protocol, suite set and algorithm that was observed,
 * with where it was seen and its verdict as a property. No serial number and no time: the same evidence, the same bytes.
 */
export function cbom(
  observations: readonly CryptoObservation[],
  verdicts: readonly CryptoVerdict[],
  policy: CryptoPolicy,
): object {
  const words = new Map(verdicts.map((verdict) => [verdict.observation, verdict]));
  const assets = new Map<string, Component>();
  for (const observation of observations) {
    if (observation.state !== 'observed') continue;
    const shape = assetOf(observation);
    if (!shape) continue;
    const key = JSON.stringify(shape);
    const ref = `crypto/${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
    const verdict = words.get(observation.id);
    const known = assets.get(ref) ?? {
      type: 'cryptographic-asset' as const,
      'bom-ref': ref,
      name: shape.name,
      cryptoProperties: shape.properties,
      properties: verdict
        ? [
            { name: 'clearance:verdict', value: verdict.word },
            { name: 'clearance:clause', value: verdict.clause ?? '' },
            { name: 'clearance:as-of', value: verdict.asOf },
          ]
        : [],
      evidence: { occurrences: [] },
    };
    const location = locationOf(observation);
    if (!known.evidence.occurrences.some((one) => one.location === location))
      known.evidence.occurrences.push({ location });
    assets.set(ref, known);
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', name: 'clearance' }] },
      properties: [{ name: 'clearance:policy', value: policy.id }],
    },
    components: [...assets.values()].sort((a, b) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : a['bom-ref'] < b['bom-ref'] ? -1 : 1,
    ),
  };
}

function locationOf({ subject: { host, port, address, file, line } }: CryptoObservation): string {
  if (file !== undefined) return line === undefined ? file : `${file}:${line}`;
  return host === undefined
    ? 'unknown'
    : `${host}:${port}${address !== undefined && address !== host ? ` (${address})` : ''}`;
}

function assetOf(observation: CryptoObservation): { name: string; properties: object } | undefined {
  const { suite, version, layer, alg } = observation;
  if (suite !== undefined) {
    const known = registry().suites.get(suite);
    const hex = suite.match(/../g)?.map((byte) => `0x${byte.toUpperCase()}`) ?? [];
    const protocol = (version ?? 'TLS').replace(/^(?:TLS|SSL)v/, '');
    return {
      name: `${version ?? 'TLS'} ${known?.name ?? suite}`,
      properties: {
        assetType: 'protocol',
        protocolProperties: {
          type: 'tls',
          version: protocol,
          cipherSuites: [{ name: known?.name ?? suite, identifiers: hex }],
        },
      },
    };
  }
  const [atom] = atomsOf(observation);
  if (atom === undefined || atom.kind === 'unrecognised' || atom.kind === 'feature' || atom.kind === 'validity')
    return undefined;
  if (atom.kind === 'protocol' || atom.kind === 'plain') {
    const type = layer === 'ike' ? 'ike' : layer === 'ssh' ? 'ssh' : layer === 'tls' ? 'tls' : 'other';
    return {
      name: version ?? alg ?? layer,
      properties: { assetType: 'protocol', protocolProperties: { type, ...(version !== undefined && { version }) } },
    };
  }
  const aead = atom.mode === 'GCM' || atom.mode === 'CCM' || atom.mode === 'AEAD';
  const stream = atom.mode === 'stream';
  const primitive = PRIMITIVE[atom.kind] ?? (aead ? 'ae' : stream ? 'stream-cipher' : 'block-cipher');
  const modes = ['cbc', 'ecb', 'ccm', 'gcm', 'cfb', 'ofb', 'ctr'];
  const mode = atom.mode?.toLowerCase();
  const size = atom.group ?? (atom.bits === undefined ? atom.hash : String(atom.bits));
  return {
    name: size === undefined || size === atom.alg ? atom.alg : `${atom.alg} ${size}`,
    properties: {
      assetType: 'algorithm',
      algorithmProperties: {
        primitive: atom.kind === 'agreement' && (atom.alg === 'ML-KEM' || atom.alg === 'hybrid') ? 'kem' : primitive,
        ...(size !== undefined && { parameterSetIdentifier: size }),
        ...(atom.alg === 'ECDH' || atom.alg === 'ECDSA' ? atom.group && { curve: atom.group } : {}),
        ...(mode !== undefined && modes.includes(mode) && { mode }),
      },
    },
  };
}
