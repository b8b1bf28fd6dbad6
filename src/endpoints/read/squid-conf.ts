import { type AddressRange, contains, parseRange } from '../address.ts';
import type { PortRange } from '../traffic.ts';
import type { BadLine, ProxyRules, Reading } from './reading.ts';
import { parsePorts } from './rule-draft.ts';

interface Acl {
  readonly type: string;
  readonly values: { readonly line: number; readonly text: string }[];
}

interface AccessRule {
  readonly line: number;
  readonly allow: boolean;
  readonly terms: readonly { readonly name: string; readonly negated: boolean }[];
}

type Request = Parameters<ProxyRules['allows']>[0];

export function looksLikeSquidConf(text: string): boolean {
  return /^\s*http_access\s+(?:allow|deny)\b/m.test(text);
}

/** `acl` and `http_access` of a squid.conf; the first rule whose terms all hold decides, as in squid. */
export function readSquidConf(text: string): Reading {
  const acls = new Map<string, Acl>(
    BUILT_IN.map(([name, type, ...texts]) => [name, { type, values: texts.map(unplaced) }]),
  );
  const rules: AccessRule[] = [];
  const bad: BadLine[] = [];
  for (const { line, words } of directives(text)) {
    if (words[0] === 'include') bad.push({ line, why: 'includes another file, which is not read: put its lines here' });
    else if (words[0] === 'acl') {
      const [, name, type, ...values] = words;
      if (name === undefined || type === undefined) bad.push({ line, why: 'acl without name or type' });
      else
        addAcl(
          acls,
          name,
          type,
          values.filter((value) => !/^-[in]$/.test(value)),
          line,
          bad,
        );
    } else if (words[0] === 'http_access') {
      if (words[1] !== 'allow' && words[1] !== 'deny') bad.push({ line, why: 'http_access without allow or deny' });
      else {
        const terms = words.slice(2).map((word) => ({ name: word.replace(/^!/, ''), negated: word.startsWith('!') }));
        rules.push({ line, allow: words[1] === 'allow', terms });
      }
    }
  }
  for (const { line, terms } of rules) {
    for (const { name } of terms) {
      if (!acls.has(name)) bad.push({ line, why: 'names an acl that is not in the file' });
    }
  }
  return { format: 'squid configuration', kind: 'proxy', bad, rules: proxyRules(acls, rules) };
}

/** What squid defines by itself (cf.data.pre, `acl`); our requests come from a console, not from the proxy's own machine. */
const BUILT_IN: readonly (readonly [name: string, type: string, ...values: string[]])[] = [
  ['all', 'all'],
  ['CONNECT', 'method', 'CONNECT'],
  ['manager', 'never'],
  ['localhost', 'never'],
  ['to_localhost', 'to-itself', '127.0.0.0/8', '0.0.0.0/32', '::1/128', '::/128'],
  ['to_linklocal', 'to-itself', '169.254.0.0/16', 'fe80::/10'],
];
const unplaced = (text: string) => ({ line: 0, text });

/** Lines as squid reads them: without comments, joined where they end in a backslash, at the number of the first. */
function* directives(text: string): Generator<{ line: number; words: string[] }> {
  let joined = '';
  let line = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    if (joined === '') line = index + 1;
    joined += raw.replace(/(?:^|\s)#.*$/, '').trimEnd();
    if (joined.endsWith('\\')) {
      joined = `${joined.slice(0, -1)} `;
      continue;
    }
    yield { line, words: joined.trim().split(/\s+/) };
    joined = '';
  }
  if (joined !== '') yield { line, words: joined.trim().split(/\s+/) };
}

function addAcl(
  acls: Map<string, Acl>,
  name: string,
  type: string,
  values: string[],
  line: number,
  bad: BadLine[],
): void {
  const known = acls.get(name) ?? { type, values: [] };
  acls.set(name, known);
  for (const text of values) {
    if (text.startsWith('"')) bad.push({ line, why: 'the values of this acl are in another file' });
    known.values.push({ line, text });
  }
}

function proxyRules(acls: ReadonlyMap<string, Acl>, rules: readonly AccessRule[]): ProxyRules {
  const named: { line: number; host: string; range: AddressRange | undefined }[] = [];
  const ports = new Set<number>();
  for (const rule of rules.filter(({ allow }) => allow)) {
    for (const term of rule.terms) {
      const acl = acls.get(term.name);
      if (acl === undefined || term.negated) continue;
      for (const { line, text } of acl.values) {
        if (acl.type === 'dst' || acl.type === 'dstdomain') named.push({ line, host: text, range: parseRange(text) });
        if (acl.type === 'port') for (const port of parsePorts(text) ?? []) ports.add(port);
      }
    }
  }
  return {
    named,
    ports: [...ports],
    allows: (request) => {
      for (const rule of rules) {
        const answers = rule.terms.map((term) => {
          const holds = aclHolds(acls.get(term.name), request);
          return holds === undefined ? undefined : holds !== term.negated;
        });
        if (answers.includes(false)) continue;
        if (answers.includes(undefined)) return undefined;
        return rule.allow;
      }
      // squid does the opposite of the last rule.
      return rules.length === 0 ? false : !(rules.at(-1) as AccessRule).allow;
    },
  };
}

/** `undefined` for what cannot be decided from the request: the client's address, the time of day, a login. */
function aclHolds(acl: Acl | undefined, { host, range, port, method }: Request): boolean | undefined {
  const values = acl?.values.map(({ text }) => text) ?? [];
  switch (acl?.type) {
    case 'all':
    case 'proxy_auth':
    case 'src':
      // The console is taken to be a client that may use the proxy.
      return true;
    case 'method':
      return values.some((value) => value.toUpperCase() === method);
    case 'port':
      return values.some((value) => within(parsePorts(value), port));
    case 'dstdomain':
      return values.some((value) => domainHolds(value.toLowerCase(), host));
    case 'dst':
      if (values.includes('all')) return true;
      if (range === undefined) return undefined;
      return destinationHolds(values, host, range);
    case 'to-itself':
      // A name is taken not to be one of the proxy's own: that would only be refused.
      return range !== undefined && destinationHolds(values, host, range);
    case 'never':
      return false;
    default:
      return undefined;
  }
}

/** A name among the addresses is resolved by the proxy: whose it is is not known here. */
function destinationHolds(values: readonly string[], host: string, range: AddressRange): boolean | undefined {
  const given = values.map((value) => ({ value, range: parseRange(value) }));
  const sure = given.some((each) => (each.range === undefined ? each.value === host : contains(each.range, range)));
  return sure || (given.every((each) => each.range !== undefined) ? false : undefined);
}

function within(ports: PortRange | undefined, port: number): boolean {
  return ports !== undefined && ports[0] <= port && port <= ports[1];
}

/** A leading dot covers the domain and everything below it. */
function domainHolds(value: string, host: string): boolean {
  return value.startsWith('.') ? host === value.slice(1) || host.endsWith(value) : host === value;
}
