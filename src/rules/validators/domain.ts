import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../catalog/index.ts';
import { validator } from './answer.ts';
import type { Validator } from './validator.ts';

/** Never delegated, used inside networks: RFC 8375, RFC 6762 Appendix G, ICANN resolution 2024.07.29.06 (internal). */
const PRIVATE = new Set([
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'local',
  'localdomain',
  'intra',
  'priv',
  'mail',
]);
/** RFC 2606 and RFC 6761. */
const RESERVED = /(?:^|\.)(?:test|example|invalid|localhost|example\.(?:com|net|org|edu)|example\d?\.[a-z.]+)$/;

let delegated: ReadonlySet<string> | undefined;

/** The delegated top-level domains, from `catalog/top-level-domains.txt` (IANA root zone). */
function topLevel(): ReadonlySet<string> {
  delegated ??= new Set(
    readFileSync(join(packageRoot, 'catalog', 'top-level-domains.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
  return delegated;
}

type Kind = 'delegated' | 'private' | 'reserved' | undefined;

function kindOf(domain: string): Kind {
  const name = domain.toLowerCase().replace(/\.$/, '');
  if (
    name.length > 253 ||
    !/^(?:[a-z0-9_\x80-\xff](?:[a-z0-9_\x80-\xff-]{0,61}[a-z0-9\x80-\xff])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/.test(
      name,
    )
  )
    return undefined;
  if (RESERVED.test(name)) return 'reserved';
  if (/(?:^|\.)home\.arpa$/.test(name)) return 'private';
  const last = name.slice(name.lastIndexOf('.') + 1);
  return PRIVATE.has(last) ? 'private' : topLevel().has(last) ? 'delegated' : undefined;
}

/** File names end in what happens to be delegated: `main.py`, `lib.rs`, `readme.md`, `run.sh`, `archive.zip`. */
const SUFFIXES = new Set([
  'py',
  'rs',
  'md',
  'sh',
  'pl',
  'so',
  'ps',
  'zip',
  'mov',
  'cc',
  'in',
  'am',
  'app',
  'bar',
  'do',
  'java',
]);

const FILE_ENDING =
  /\.(?:txt|log|csv|tsv|json|xml|html?|pdf|docx?|xlsx?|eml|msg|vcf|mbox|pst|dat|db|bak|old|tgz|gz|xz|tar|7z|key|crt)$/i;

/** Names of domains and mail addresses: the last label must be delegated, or one that private networks use. */
export const DOMAIN: readonly Validator[] = [
  validator(
    'email-tld',
    'weak',
    'RFC 5321 section 4.1.2, RFC 1035 section 2.3.1, IANA root zone database, RFC 2606',
    (value) => {
      const at = value.lastIndexOf('@');
      const local = value.slice(0, at);
      // a quoted string may hold anything; an atom neither starts, ends nor doubles its dots
      if (local === '' || local.length > 64 || (!local.startsWith('"') && /^\.|\.$|\.\./.test(local))) return false;
      // scp and git remotes: git@host.tld:path
      if (local === 'git') return false;
      const domain = value.slice(at + 1);
      // a file named after an address ends in what the file is: alice@bank.example.txt
      const kind = kindOf(domain) ?? kindOf(domain.replace(FILE_ENDING, ''));
      return kind === 'reserved' ? 'test-value' : kind !== undefined;
    },
  ),
  validator('hostname', 'weak', 'RFC 1123 section 2.1, IANA root zone database', (value) => {
    const kind = kindOf(value);
    if (kind === 'reserved') return 'test-value';
    return (
      kind === 'private' ||
      (kind === 'delegated' && !SUFFIXES.has(value.slice(value.lastIndexOf('.') + 1).toLowerCase()))
    );
  }),
];
