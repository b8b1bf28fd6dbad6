import { createHash } from 'node:crypto';
import { registry } from '../registry.ts';
import { bitLength } from './flight.ts';

/** Names of wire versions. */
export const WIRE_NAME: Readonly<Record<number, string>> = {
  768: 'SSLv3',
  769: 'TLSv1.0',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
};

/** Size of a finite field and its name, `custom` if it is in no list. */
export function fieldFacts(prime: Buffer): { bits: number; group: string } {
  const first = prime.findIndex((byte) => byte !== 0);
  const digest = createHash('sha256')
    .update(prime.subarray(Math.max(first, 0)))
    .digest('hex');
  return { bits: bitLength(prime), group: registry().dhPrimes.get(digest) ?? 'custom' };
}
