import { printable } from '../model/index.ts';

interface PackFacts {
  readonly payload: { readonly name: string; readonly sha256: string | null } | undefined;
  readonly result: string;
  readonly missing: readonly string[];
  readonly auditor: string;
}

/** The README of an evidence pack: how to verify it with coreutils and openssl. `docs/verify-offline.md` says more. */
export function instructions({ payload, result, missing, auditor }: PackFacts): string {
  const state =
    missing.length === 0 ? 'This pack is complete.' : `This pack is PARTIAL. It lacks: ${missing.join(', ')}.`;
  return `# Evidence pack

${state}

Payload \`${printable(payload?.name ?? '')}\`, SHA-256 \`${payload?.sha256 ?? ''}\`
Result SHA-256 \`${result}\`

What this is: the signed record of an automated examination and of the decisions people took on it. It says what was
examined, by which rules, as of which date, and how much could be read. It is no statement that the payload is free of
client data beyond that.

## Verify without network, with coreutils and openssl

1. The files are those of the manifest: \`sha256sum -c SHA256SUMS\`
2. The payload is the one examined: compare \`sha256sum PAYLOAD\` with the digest above.
3. The attestation is signed by the auditor's key \`keys/${auditor}.pub\` (ECDSA; other kinds of key: see the documentation):

\`\`\`
sed 's/.*"payload":"\\([^"]*\\)".*/\\1/' attestation.dsse.json | base64 -d > statement.json
sed 's/.*"sig":"\\([^"]*\\)".*/\\1/' attestation.dsse.json | base64 -d > signature.bin
{ printf 'DSSEv1 28 application/vnd.in-toto+json %s ' "$(wc -c < statement.json)"; cat statement.json; } > signed.bin
openssl dgst -sha256 -verify keys/${auditor}.pub -signature signature.bin signed.bin
\`\`\`

4. \`statement.json\` names the payload, and \`result.json\` by its SHA-256: compare with \`sha256sum result.json\`.
5. Approvals, rejections, revocations and releases are the files \`ledger/*.dsse.json\`; each is verified as in 3 with the
   key its \`keyid\` names. Who holds which key, for what and from when to when, is in \`keys/trust.json\`; the files
   \`ledger/*-key.dsse.json\`, where there are any, show when that list was changed, and the key in each signed it.
6. That each of them is in the ledger is shown by its \`.proof.json\` (RFC 6962) and the signed \`ledger/checkpoint\`.
   Compare the checkpoint with one you received at another time or from another person.

What a pack cannot show: acts that came after it was written, a revocation for example. Ask for a newer one.
`;
}
