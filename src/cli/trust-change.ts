import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import type { TrustContent } from '../evidence/index.ts';
import { variable } from './environment.ts';
import { signerFrom } from './evidence-flags.ts';

/** Flags of commands that change a trust store. */
export const recordFlags = {
  ledger: Flags.string({ helpValue: 'DIR', summary: 'The ledger that records the change.' }),
  reason: Flags.string({ helpValue: 'TEXT', summary: 'Why; kept in the ledger.' }),
};

interface Given {
  readonly ledger?: string | undefined;
  readonly reason?: string | undefined;
  readonly key?: string | undefined;
  readonly 'public-key'?: string | undefined;
  readonly 'passphrase-file'?: string | undefined;
}

/** What of a change goes into the ledger: a text where no reason was given, and a new administrator. */
interface Change {
  readonly what: string;
  readonly now: number;
  readonly successor?: (administrator: string) => string | undefined;
}

/** Writes the next version of a trust store, and records it where a ledger is named. @returns a line that says so */
export async function changeTrust(
  flags: Given,
  file: string,
  { what, now, successor }: Change,
  change: (content: TrustContent) => TrustContent,
): Promise<string> {
  const evidence = await import('../evidence/index.ts');
  const signer = await signerFrom(flags);
  const named = variable('LEDGER');
  // A store is made before its ledger: a ledger that the environment names may not be there yet.
  const dir = flags.ledger ?? (named !== undefined && existsSync(join(named, 'ledger.json')) ? named : undefined);
  if (dir === undefined)
    return `${file} version ${evidence.updateTrust(file, signer, change)}, not recorded in a ledger\n`;
  const ledger = await evidence.Ledger.open(dir);
  try {
    const terms = { now, reason: flags.reason ?? what, successor: successor?.(signer.keyid) };
    return `${file} version ${evidence.updateRecorded(ledger, file, signer, change, terms)}, recorded in ${dir}\n`;
  } finally {
    ledger.close();
  }
}
