import type { Signer } from './signer.ts';
import type { Role, TrustStore } from './trust.ts';

/** A refusal that says every role the key lacks at once, and what an administrator can do about it. */
export interface Untrusted {
  readonly ok: false;
  readonly code: 'untrusted-key';
  readonly detail: string;
  readonly next: string;
}

/** `undefined` where the trust store lets the signer act in all of these roles now. */
export function mayNot(
  { trust, signer, now }: { readonly trust: TrustStore; readonly signer: Signer; readonly now: number },
  ...roles: readonly Role[]
): Untrusted | undefined {
  const missing = roles.filter((role) => !trust.allows(signer.keyid, role, now));
  if (missing.length === 0) return undefined;
  const person = trust.person(signer.keyid);
  const ended = missing.filter((role) => trust.knows(signer.keyid, role));
  const detail =
    person === undefined
      ? `the trust store does not list this key; it needs the role ${missing.join(' and ')}`
      : `the trust store does not let this key act as ${missing.join(' and ')} now` +
        (ended.length > 0 ? `; ${ended.join(' and ')}: at another time only` : '');
  if (ended.length > 0) {
    return { ok: false, code: 'untrusted-key', detail, next: 'sign with the key that the trust store lists for now' };
  }
  const named = person === undefined ? 'NAME' : `"${person}"`;
  const flags = missing.map((role) => `--role ${role}`).join(' ');
  const next = `the administrator runs: clearance key trust STORE --add PUBLIC-KEY --person ${named} ${flags} --key ADMINISTRATOR`;
  return { ok: false, code: 'untrusted-key', detail, next };
}
