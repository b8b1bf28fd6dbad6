import { UsageError } from '../model/index.ts';

const AUDIT = 'audit, watch';
const UNPACK = 'audit, watch, inspect, scan, inventory init';
const GATE = 'submit, approve, reject, revoke, release, verify, export, ledger, key';

/**
 * Every variable that clearance reads, without its `CLEARANCE_`, and where: each stands for the option of the same name
 * (`MAX_DEPTH` for `--max-depth`) where that is not given. What one run writes (`--json`, `-o`) has none.
 */
export const VARIABLES = {
  APPROVAL_POLICY: GATE,
  AS_OF: AUDIT,
  BASELINE: AUDIT,
  CONFIG: AUDIT,
  CRYPTO_POLICY: AUDIT,
  EACH: 'audit',
  FINGERPRINT_KEY: AUDIT,
  IN_PROCESS: 'audit',
  INVENTORY: AUDIT,
  KEY: GATE,
  LEDGER: GATE,
  MAX_BYTES: UNPACK,
  MAX_DEPTH: UNPACK,
  MAX_ENTRIES: UNPACK,
  MAX_ENTRY_METADATA: UNPACK,
  MAX_MEMORY: UNPACK,
  MAX_METADATA: UNPACK,
  MAX_RATIO: UNPACK,
  MAX_RSS: AUDIT,
  MAX_STALL: UNPACK,
  MAX_TIME: UNPACK,
  NO_WAIVERS: AUDIT,
  PACKS: AUDIT,
  PASSPHRASE_FILE: GATE,
  PLATFORM: AUDIT,
  POLICY: AUDIT,
  SECOND_READER: AUDIT,
  STDIN_NAME: 'audit',
  SWEEP: AUDIT,
  TRANSPORT: AUDIT,
  TRUST: GATE,
  WAIVERS: AUDIT,
} as const satisfies Record<string, string>;

export type Variable = keyof typeof VARIABLES;

const PREFIX = 'CLEARANCE_';

/** What a variable says; an empty one says nothing. */
export function variable(name: Variable): string | undefined {
  return process.env[PREFIX + name] || undefined;
}

/** A switch: the flag, or else what its variable says. @throws UsageError for a word that is neither yes nor no */
export function switched(flag: boolean | undefined, name: Variable): boolean {
  const word = variable(name)?.toLowerCase();
  if (flag || word === undefined) return flag ?? false;
  if (['1', 'true', 'yes'].includes(word)) return true;
  if (['0', 'false', 'no'].includes(word)) return false;
  throw new UsageError(`${PREFIX}${name} is neither true nor false`, ['write true or false']);
}

/**
 * A misspelt variable would leave an option at its default without a word. What is like none of ours is most likely
 * another program's (a script that keeps this one's path): it is told, and stops nothing.
 * @returns what to tell the operator, a line each
 * @throws UsageError naming the first one that looks misspelt, and what was probably meant
 */
export function checkEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.keys(VARIABLES);
  const strange = Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name.slice(PREFIX.length)))
    .sort();
  for (const name of strange) {
    const meant = known.find((one) => isMisspelt(name.slice(PREFIX.length).toUpperCase(), one));
    if (meant === undefined) continue;
    throw new UsageError(`the environment variable ${name} means nothing to clearance`, [
      `did you mean ${PREFIX}${meant}?`,
      'rename or unset it; all that are read stand in docs/reference/environment.md',
    ]);
  }
  return strange.map((name) => `the environment variable ${name} means nothing to clearance, and is not read`);
}

function isMisspelt(name: string, one: string): boolean {
  if (name.length >= 5 && (one.startsWith(name) || name.startsWith(one))) return true;
  return editDistance(one, name) <= (one.length < 6 ? 1 : one.length < 12 ? 2 : 3);
}

/** Levenshtein's: how many characters to add, drop or change. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
