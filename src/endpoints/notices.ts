import type { EndpointNotice, EndpointNotices } from '../model/index.ts';
import { checkEndpoints } from './check.ts';
import type { EndpointFinding } from './finding.ts';
import type { EndpointCatalog } from './load.ts';
import { type PayloadCheck, payloadControls } from './payload-controls.ts';
import { looksLikeIptablesList } from './read/iptables-list.ts';
import { looksLikeIptablesSave } from './read/iptables-save.ts';
import { looksLikeNftables } from './read/nftables.ts';
import { looksLikeSquidConf } from './read/squid-conf.ts';

/** A file of a payload that its inventory calls evidence; `text` is undefined where it was too large to keep. */
export interface PayloadEvidence {
  readonly path: readonly string[];
  readonly text: string | undefined;
}

/** So many notices are listed; their number is told in any case. */
const MOST = 300;

/** Rules are reasoned about in time that grows with the square of their number: one file, and all of a run. */
const RULES = { file: 1 << 16, run: 1 << 19 } as const;

/**
 * What each code means where nobody declared a profile or a session. Own words, since those of a check name addresses,
 * which are values of the payload here.
 */
const WORDS: Readonly<Record<EndpointFinding['code'], string>> = {
  'required-blocked': 'refused, and documented',
  'recommended-blocked': 'blocked, and documented',
  'open-beyond-documented': 'open to destinations that are not documented',
  'outbound-not-limited': 'these rules do not limit outgoing connections',
  'inbound-not-limited': 'these rules do not limit incoming connections',
  'inbound-open': 'open to others; whether a remote service session was open is not known',
  'inbound-local': 'open to own networks',
  'inbound-connection': 'a connection from outside; whether a remote service session was open is not known',
  'endpoint-undocumented': 'a destination that is not documented',
  'endpoint-of-other-profile': 'a destination that is documented for another platform',
  'attempt-blocked': 'an attempt to reach a destination that is not documented was refused',
  'proxy-undecided': 'what the proxy lets pass could not be decided',
  lifecycle: 'a feature with a lifecycle rule',
  'bad-line': 'a line that could not be read',
  unreadable: 'in no format that is known, or too complex to reason about',
  'nothing-examined': 'nothing in it to examine',
};

/**
 * Compares evidence found inside a payload with the documented endpoints. It is never a violation: neither profile nor
 * session is known, so what any profile documents counts as documented, nothing is required, and no lifecycle rule
 * applies. No address, name or other value of the payload is repeated.
 */
export function noticeEndpoints(
  catalog: EndpointCatalog,
  evidence: readonly PayloadEvidence[],
  platform: string | undefined,
): EndpointNotices {
  const lenient: EndpointCatalog = {
    ...catalog,
    groups: catalog.groups.map(({ profiles: _profiles, alsoFor: _alsoFor, ...group }) => ({ ...group, need: 'none' })),
    lifecycle: [],
  };
  const situation = {
    profile: '',
    session: false,
    own: [],
    declared: [],
    platform: platform !== undefined && catalog.platforms.includes(platform) ? platform : undefined,
  };
  const read: { path: readonly string[]; format: string | null }[] = [];
  const notices: EndpointNotice[] = [];
  const checks: PayloadCheck[] = [];
  let more = 0;
  let rules = 0;
  for (const { path, text } of evidence) {
    const size = text !== undefined && isRules(text) ? text.length : 0;
    if (text === undefined || size > RULES.file || rules + size > RULES.run) {
      read.push({ path, format: null });
      notices.push({
        path,
        code: 'too-large',
        message: 'too large to be compared with the documented endpoints',
        count: 1,
      });
      continue;
    }
    rules += size;
    const check = attempt(lenient, text, situation);
    if (check) checks.push({ path, check });
    read.push({ path, format: check?.files[0]?.format ?? null });
    const found = merge(
      path,
      check?.findings ?? [{ code: 'unreadable', level: 'unknown', message: '', file: '', count: 1 }],
    );
    const room = Math.max(0, MOST - notices.length);
    notices.push(...found.slice(0, room));
    more += Math.max(0, found.length - room);
  }
  const controls = payloadControls(catalog, situation.platform, checks);
  return { catalog: catalog.identity, read, notices, more, controls };
}

function isRules(text: string): boolean {
  return [looksLikeNftables, looksLikeIptablesSave, looksLikeIptablesList, looksLikeSquidConf].some((looks) =>
    looks(text),
  );
}

/** What is in a payload may be made to break its reader: it is then not readable, and the audit goes on. */
function attempt(
  catalog: EndpointCatalog,
  text: string,
  situation: Parameters<typeof checkEndpoints>[2],
): ReturnType<typeof checkEndpoints> | undefined {
  try {
    return checkEndpoints(catalog, [{ file: '', text }], situation);
  } catch {
    return undefined;
  }
}

/** Findings that differ in addresses only are one notice, at its first line. */
function merge(path: readonly string[], findings: readonly EndpointFinding[]): EndpointNotice[] {
  const byKey = new Map<string, EndpointNotice>();
  for (const { code, message: said, line, port, group, count } of findings) {
    const what = trafficOf(said);
    const message = what === undefined ? WORDS[code] : `${what}: ${WORDS[code]}`;
    const key = JSON.stringify([code, message, port, group]);
    const before = byKey.get(key);
    byKey.set(
      key,
      before === undefined
        ? {
            path,
            code,
            message,
            ...(line === undefined ? {} : { line }),
            ...(port === undefined ? {} : { port }),
            ...(group === undefined ? {} : { group }),
            count,
          }
        : { ...before, count: before.count + count },
    );
  }
  return [...byKey.values()];
}

/** Transport and ports as the check writes them; the words allowed here leave no room for a value of the payload. */
function trafficOf(message: string): string | undefined {
  return /\b(?:tcp|udp|esp|other) (?:any port|protocol|\d{1,5}(?:-\d{1,5})?)(?![\w.])/.exec(message)?.[0];
}
