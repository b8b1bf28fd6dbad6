import { type CatalogDocument, type Problem, readCatalogFile, resolveOnShelf, shelfIds } from '../catalog/index.ts';
import type { CatalogIdentity } from '../model/index.ts';

const WORDS = [
  'acceptable',
  'legacy-use',
  'deprecated',
  'unknown',
  'not-approved',
  'disallowed',
  'no-protection',
] as const;
/** From harmless to worst; the worst atom decides. `unknown` is never a pass. */
export type Word = (typeof WORDS)[number];

export function rank(word: Word): number {
  return WORDS.indexOf(word);
}

export interface Selector {
  readonly kind: string | readonly string[];
  readonly alg?: string | readonly string[];
  readonly mode?: string | readonly string[];
  readonly padding?: string | readonly string[];
  readonly hash?: string | readonly string[];
  readonly group?: string | readonly string[];
  readonly version?: string | readonly string[];
  /** Both ends included; an atom without a size may or may not match, with `known` it does not. */
  readonly bits?: { readonly min?: number; readonly max?: number; readonly known?: true };
  readonly direction?: 'apply' | 'process';
  readonly layer?: string | readonly string[];
  readonly role?: string | readonly string[];
  readonly state?: 'observed' | 'absent';
  readonly not?: Pick<Selector, 'alg' | 'hash' | 'group' | 'version' | 'mode'>;
}

export interface Status {
  /** ISO dates, both included; absent means open. */
  readonly from?: string;
  readonly to?: string;
  readonly word: Word;
  /** An interval of a verified clause that the text compared does not speak of. */
  readonly verified?: false;
}

export interface Clause {
  readonly id: string;
  readonly section: string;
  readonly caption: string;
  /** Where the clause is not of the policy's own document. */
  readonly document?: string;
  readonly edition?: string;
  readonly select: Selector;
  readonly status: readonly Status[];
  /** True once the row was compared with the primary text. */
  readonly verified: boolean;
  /** Where it was read: section, table, page, and of which edition if not the policy's own. */
  readonly verifiedBy?: string;
  readonly note?: string;
}

interface PolicyFile {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly about?: string;
  readonly document: string;
  readonly edition: string;
  readonly url?: string;
  readonly text: 'final' | 'draft';
  readonly validFrom: string;
  readonly extends?: string;
  readonly predecessor?: string;
  readonly draft?: string;
  readonly fallback?: Word;
  readonly clauses: readonly Clause[];
}

/** A policy with everything it refers to, ready for `judge`. */
export interface CryptoPolicy extends Omit<PolicyFile, 'extends' | 'predecessor' | 'draft'> {
  readonly identity: CatalogIdentity;
  /** Judged as well; the worse word wins. */
  readonly base?: CryptoPolicy;
  /** Governs dates before `validFrom`. */
  readonly predecessor: CryptoPolicy | undefined;
  /** Announced text: shows what will fall, and is never the only ground of a fail. */
  readonly draft?: CryptoPolicy;
}

/** Ids of the built-in policies. */
export function cryptoPolicyIds(): string[] {
  return shelfIds('crypto');
}

/**
 * Loads a policy by built-in id or file.
 * @throws UsageError for an unknown id, DataError with file, line and pointer for a bad file
 */
export function loadCryptoPolicy(idOrFile: string): CryptoPolicy {
  return load(idOrFile, []);
}

function load(idOrFile: string, above: readonly string[]): CryptoPolicy {
  const document = readCatalogFile<PolicyFile>(resolveOnShelf('crypto', idOrFile), 'crypto-policy');
  const { extends: base, predecessor, draft, ...own } = document.value;
  const problems = checkClauses(own.clauses);
  if (above.includes(own.id))
    problems.push({ pointer: '/id', message: `refers to itself through ${above.join(', ')}` });
  if (problems.length > 0) throw document.fail(problems);
  const chain = [...above, own.id];
  let older: CryptoPolicy | undefined;
  return {
    ...own,
    // Only a judgment of the past needs it, and reading it costs as much as the policy itself.
    get predecessor() {
      if (predecessor === undefined) return undefined;
      older ??= follow(document, predecessor, '/predecessor', chain);
      return older;
    },
    identity: { id: own.id, version: own.version, sha256: document.sha256 },
    ...(base !== undefined && { base: follow(document, base, '/extends', chain) }),
    ...(draft !== undefined && { draft: follow(document, draft, '/draft', chain) }),
  };
}

function follow(document: CatalogDocument<PolicyFile>, id: string, pointer: string, chain: readonly string[]) {
  if (chain.includes(id)) throw document.fail([{ pointer, message: `refers back to ${id}` }]);
  return load(id, chain);
}

function checkClauses(clauses: readonly Clause[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [at, clause] of clauses.entries()) {
    if (seen.has(clause.id)) problems.push({ pointer: `/clauses/${at}/id`, message: `second clause "${clause.id}"` });
    seen.add(clause.id);
    let before: string | undefined;
    for (const [place, { from, to }] of clause.status.entries()) {
      const pointer = `/clauses/${at}/status/${place}`;
      for (const date of [from, to]) {
        if (date !== undefined && !isDate(date)) problems.push({ pointer, message: `no such day: ${date}` });
      }
      if (from !== undefined && to !== undefined && from > to)
        problems.push({ pointer, message: 'ends before it begins' });
      if (place > 0 && (from === undefined || before === undefined || from <= before)) {
        problems.push({ pointer, message: 'overlaps the interval before it' });
      }
      before = to;
    }
  }
  return problems;
}

/** True for a calendar day written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
