import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../model/index.ts';
import { strictBase64 } from './digest.ts';
import { verifyWith } from './keys.ts';
import type { Signer } from './signer.ts';

const IN_TOTO = 'application/vnd.in-toto+json';

/** A DSSE envelope (secure-systems-lab/dsse, protocol 1.0). */
export interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Pre-authentication encoding; lengths count bytes. */
function preAuthEncoding(type: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export function seal(value: unknown, signer: Signer, payloadType = IN_TOTO): Envelope {
  const payload = Buffer.from(canonicalJson(value));
  const sig = signer.sign(preAuthEncoding(payloadType, payload)).toString('base64');
  return { payload: payload.toString('base64'), payloadType, signatures: [{ keyid: signer.keyid, sig }] };
}

/** The only bytes an envelope of ours has: canonical JSON, no newline. */
export const envelopeBytes = (envelope: Envelope): Buffer => Buffer.from(canonicalJson(envelope));

export interface Opened {
  readonly value: unknown;
  readonly keyid: string;
}

export type OpenFailure = 'not-canonical' | 'wrong-type' | 'unknown-key' | 'bad-signature';

/**
 * Reads and verifies an envelope. Envelope and payload must be in canonical form with strict base64 and carry exactly one
 * signature: any other bytes are refused, so that one statement has one digest and no flipped bit goes unseen.
 */
export function openEnvelope(
  bytes: Uint8Array,
  keyOf: (keyid: string) => KeyObject | undefined,
  payloadType = IN_TOTO,
): Opened | OpenFailure {
  const envelope = envelopeOf(bytes);
  const signature = envelope?.signatures[0];
  if (!envelope || !signature) return 'not-canonical';
  const payload = strictBase64(envelope.payload);
  const sig = strictBase64(signature.sig);
  const value = payload && parseCanonical(payload);
  if (!payload || !sig || value === undefined) return 'not-canonical';
  if (envelope.payloadType !== payloadType) return 'wrong-type';
  const key = keyOf(signature.keyid);
  if (!key) return 'unknown-key';
  if (!verifyWith(key, preAuthEncoding(payloadType, payload), sig)) return 'bad-signature';
  return { value, keyid: signature.keyid };
}

/** An envelope of exactly our shape, one signature, nothing besides. */
export function envelopeOf(bytes: Uint8Array): Envelope | undefined {
  const value = parseCanonical(bytes);
  return isEnvelope(value) ? value : undefined;
}

function isEnvelope(value: unknown): value is Envelope {
  const { payload, payloadType, signatures, ...more } = (value ?? {}) as Partial<Envelope>;
  if (typeof payload !== 'string' || typeof payloadType !== 'string' || Object.keys(more).length > 0) return false;
  if (!Array.isArray(signatures) || signatures.length !== 1) return false;
  const { keyid, sig, ...rest } = signatures[0] ?? {};
  return typeof keyid === 'string' && typeof sig === 'string' && Object.keys(rest).length === 0;
}

/** The value of bytes that are canonical JSON of an object, else `undefined`. */
export function parseCanonical(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
