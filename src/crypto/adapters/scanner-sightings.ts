import { certificateSightings } from '../certificate.ts';
import { MalformedEvidence } from '../der.ts';
import type { Sighting } from '../observation.ts';
import { registry } from '../registry.ts';

export type Json = Readonly<Record<string, unknown>>;

export function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    throw new MalformedEvidence('not JSON');
  }
}

export const select = (version: string, suite: string, subject: Sighting['subject'], bits?: number): Sighting => {
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
export const untold = (role: Sighting['role'], alg: string, subject: Sighting['subject'], note: string): Sighting => ({
  layer: role === 'key' ? 'cert' : 'tls',
  role,
  alg,
  state: 'not-tested',
  ...(subject && { subject }),
  note,
});

/** The kinds of key exchange among suites, for which groups have to be told. */
export function exchanges(found: readonly Sighting[]): { field: boolean; curve: boolean } {
  const parts = found.map(({ suite }) => registry().suites.get(suite ?? '')?.kx);
  return { field: parts.includes('DHE'), curve: parts.some((kx) => kx === 'ECDHE' || kx === 'any') };
}

export function* pemSightings(text: string, subject: Sighting['subject']): Generator<Sighting> {
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/.exec(text)?.[1];
  try {
    const der = Buffer.from(body ?? '', 'base64');
    for (const sighting of certificateSightings(der, 'leaf')) yield { ...sighting, ...(subject && { subject }) };
  } catch {
    yield untold('key', 'certificate', subject, 'the certificate in the result cannot be read');
  }
}
