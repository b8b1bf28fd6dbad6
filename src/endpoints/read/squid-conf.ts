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
  const acls = new Map<string, Acl>([
    ['all', { type: 'all', values: [] }],
    ['CONNECT', { type: 'method', values: [{ line: 0, text: 'CONNECT' }] }],
  ]);
  const rules: AccessRule[] = [];
  const bad: BadLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    const line = index + 1;
    if (words[0] === 'acl') {
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
      return values.some((value) => {
        const given = parseRange(value);
        return given !== undefined && contains(given, range);
      });
    default:
      return undefined;
  }
}

function within(ports: PortRange | undefined, port: number): boolean {
  return ports !== undefined && ports[0] <= port && port <= ports[1];
}

/** A leading dot covers the domain and everything below it. */
function domainHolds(value: string, host: string): boolean {
  return value.startsWith('.') ? host === value.slice(1) || host.endsWith(value) : host === value;
}
