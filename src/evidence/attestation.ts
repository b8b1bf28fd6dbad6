import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UsageError } from '../model/index.ts';
import { fileDigest } from './digest.ts';
import { type OpenFailure, openEnvelope } from './dsse.ts';
import { keyId } from './keys.ts';
import { AUDIT, type AuditPredicate, predicateOf } from './statement.ts';

export interface AttestationCheck {
  readonly ok: boolean;
  /** What was compared, in order, each with its outcome; what was not given is not listed. */
  readonly checks: readonly { readonly what: string; readonly ok: boolean }[];
  readonly failure?: OpenFailure | 'not-an-audit' | 'digest-mismatch';
  readonly audit?: AuditPredicate;
  readonly payload?: { readonly name: string; readonly sha256: string };
}

/** Verifies an audit attestation, and that payload, result and reports are the bytes it speaks of. */
export function verifyAttestation(
  bytes: Uint8Array,
  keyOf: (keyid: string) => KeyObject | undefined,
  given: {
    readonly payload?: string | undefined;
    readonly result?: string | undefined;
    readonly reports?: readonly string[];
  },
): AttestationCheck {
  const opened = openEnvelope(bytes, keyOf);
  if (typeof opened === 'string') return { ok: false, checks: [{ what: 'signature', ok: false }], failure: opened };
  const found = predicateOf<AuditPredicate>(opened.value, AUDIT);
  if (!found) return { ok: false, checks: [{ what: 'signature', ok: true }], failure: 'not-an-audit' };
  const { predicate: audit, subject } = found;
  const payload = { name: subject[0]?.name ?? '', sha256: subject[0]?.digest.sha256 ?? '' };
  const checks = [
    { what: 'signature', ok: true },
    ...(given.payload === undefined ? [] : [{ what: 'payload', ok: given.payload === payload.sha256 }]),
    ...(given.result === undefined ? [] : [{ what: 'result', ok: given.result === audit.result.sha256 }]),
    ...(given.reports ?? []).map((digest) => ({
      what: 'report',
      ok: audit.reports.some((report) => report.sha256 === digest),
    })),
  ];
  const ok = checks.every((check) => check.ok);
  return { ok, checks, audit, payload, ...(ok ? {} : { failure: 'digest-mismatch' as const }) };
}

/** @throws UsageError where the file cannot be read */
export function readAttestation(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(`cannot read ${path} (${(cause as NodeJS.ErrnoException).code ?? 'error'})`);
  }
}

/** The same on files; a failure is also given as the `code` of an answer. */
export function verifyAttestationFile(
  path: string,
  key: KeyObject,
  given: {
    readonly payload?: string | undefined;
    readonly result?: string | undefined;
    readonly reports?: readonly string[] | undefined;
  },
): AttestationCheck & { readonly code?: string; readonly keyid: string } {
  const keyid = keyId(key);
  const check = verifyAttestation(readAttestation(path), (id) => (id === keyid ? key : undefined), {
    payload: given.payload && fileDigest(given.payload),
    result: given.result && fileDigest(given.result),
    reports: (given.reports ?? []).map(fileDigest),
  });
  return { ...check, ...(check.failure ? { code: check.failure } : {}), keyid };
}
