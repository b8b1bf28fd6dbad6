import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { packageRoot, readCatalogFile, resolveOnShelf, shelfIds } from '../catalog/index.ts';
import type { ActContext, ApprovalPolicy, LedgerReader, Signer, TrustStore } from '../evidence/index.ts';
import { UsageError } from '../model/index.ts';
import { setting } from './settings.ts';

/** Flags of commands that sign. */
export const signingFlags = {
  key: Flags.string({
    helpValue: 'FILE',
    summary: 'Private key that signs (PKCS#8 PEM), or exec:COMMAND for a token or a key service.',
  }),
  'public-key': Flags.string({ helpValue: 'FILE', summary: 'For exec:, the public key its signatures verify with.' }),
  'passphrase-file': Flags.string({ helpValue: 'FILE', summary: 'File with the passphrase of the key, mode 0600.' }),
};

/** Flags of commands that read the ledger. */
export const ledgerFlags = {
  ledger: Flags.string({ helpValue: 'DIR', summary: 'The ledger.' }),
  trust: Flags.string({ helpValue: 'FILE', summary: 'The signed trust store.' }),
};

export const policyFlags = {
  'approval-policy': Flags.string({ helpValue: 'ID|FILE', summary: 'Who must agree (default: default).' }),
};

type Given<K extends string> = { readonly [key in K]?: string | undefined };

export function required(value: string | undefined, name: 'key' | 'ledger' | 'trust'): string {
  const as = name.toUpperCase() as 'KEY' | 'LEDGER' | 'TRUST';
  const found = setting(value, as, undefined, undefined);
  if (found === undefined) throw new UsageError(`--${name} is missing`, [`give it, or set CLEARANCE_${as}`]);
  return found;
}

/** The first line of a passphrase file that only its owner may read. */
export async function passphraseFrom(flags: Given<'passphrase-file'>): Promise<string | undefined> {
  const path = setting(flags['passphrase-file'], 'PASSPHRASE_FILE', undefined, undefined);
  if (path === undefined) return undefined;
  const { readSecretFile } = await import('../evidence/index.ts');
  return readSecretFile(path).replace(/\r?\n[\s\S]*$/, '');
}

export async function signerFrom(flags: Given<'key' | 'public-key' | 'passphrase-file'>): Promise<Signer> {
  const { openSigner } = await import('../evidence/index.ts');
  return openSigner({
    key: required(flags.key, 'key'),
    publicKey: flags['public-key'],
    passphrase: await passphraseFrom(flags),
  });
}

export async function readerFrom(
  flags: Given<'ledger' | 'trust'>,
): Promise<{ reader: LedgerReader; trust: TrustStore }> {
  const evidence = await import('../evidence/index.ts');
  const reader = new evidence.LedgerReader(required(flags.ledger, 'ledger'));
  return { reader, trust: evidence.standingTrust(reader, required(flags.trust, 'trust')) };
}

/** A policy of `catalog/approvals/`, or a file of the operator's own. */
export function approvalPolicy(flags: Given<'approval-policy'>): { policy: ApprovalPolicy; policySha256: string } {
  const named = setting(flags['approval-policy'], 'APPROVAL_POLICY', undefined, 'default');
  const path = /[/\\.]/.test(named) ? named : join(packageRoot, 'catalog', 'approvals', `${named}.yaml`);
  const { value, sha256 } = readCatalogFile<ApprovalPolicy>(path, 'approval-policy');
  return { policy: value, policySha256: sha256 };
}

/** SHA-256 of every built-in catalog file by id: a result made with another version of one is old. */
export async function installedCatalog(): Promise<ReadonlyMap<string, string>> {
  const { fileDigest } = await import('../evidence/index.ts');
  const all = (['inventories', 'rule-packs'] as const).flatMap((shelf) =>
    shelfIds(shelf).map((id) => [id, fileDigest(resolveOnShelf(shelf, id))] as const),
  );
  return new Map(all);
}

/** Runs one act on the ledger under its lock, and seals it. */
export async function withLedger<T>(
  flags: Given<'ledger' | 'trust' | 'key' | 'public-key' | 'passphrase-file' | 'approval-policy'>,
  act: (context: ActContext) => T,
): Promise<T> {
  const evidence = await import('../evidence/index.ts');
  const signer = await signerFrom(flags);
  const installed = await installedCatalog();
  const ledger = await evidence.Ledger.open(required(flags.ledger, 'ledger'));
  try {
    const trust = evidence.standingTrust(ledger, required(flags.trust, 'trust'));
    return act({ ledger, signer, trust, ...approvalPolicy(flags), installed, now: Date.now() });
  } finally {
    ledger.close();
  }
}
