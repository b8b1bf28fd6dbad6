import { cipherAtom, macAtom, namedGroup } from '../atom.ts';
import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';

/** strongSwan and Libreswan ipsec.conf: every connection, with `%default`. */
export const ipsecConfAdapter: Adapter = {
  type: 'ipsec.conf',
  version: '1',
  detect: ({ text }) => /^(?:conn|config setup)\b/m.test(text) && /^[ \t]+\w{1,64}[ \t]*=/m.test(text),
  read: ({ text }) => [...connections(text)],
};

interface Value {
  readonly value: string;
  readonly line: number;
}

function* connections(text: string): Generator<Sighting> {
  const conns = new Map<string, Map<string, Value>>();
  let current: Map<string, Value> | undefined;
  for (const [at, raw] of text.split('\n').entries()) {
    const bare = raw.replace(/#.*$/, '').trimEnd();
    const header = /^conn\s+(\S+)/.exec(bare);
    if (header) {
      current = conns.get(header[1]!) ?? new Map();
      conns.set(header[1]!, current);
      current.set('', { value: '', line: at + 1 });
    } else if (/^\S/.test(bare)) current = undefined;
    else {
      const found = /^\s+([\w-]+)\s*=\s*(.*)$/.exec(bare);
      if (found) current?.set(found[1]!.toLowerCase(), { value: found[2]!.replaceAll('"', ''), line: at + 1 });
    }
  }
  const standing = conns.get('%default');
  const named = [...conns].filter(([name]) => name !== '%default');
  for (const [name, own] of named.length > 0 ? named : [...conns]) {
    const find = (key: string): Value | undefined => own.get(key) ?? standing?.get(key);
    const line = own.get('')!.line;
    const note = `conn ${name}`;
    const exchange = find('keyexchange')?.value ?? find('ikev2')?.value;
    const version =
      exchange === 'ikev1' || exchange === 'never' || exchange === 'no'
        ? 'v1'
        : exchange === 'ikev2' || exchange === 'insist' || exchange === 'yes'
          ? 'v2'
          : undefined;
    if (version) yield { layer: 'ike', role: 'offer', version, subject: { line }, note };
    else
      yield {
        layer: 'ike',
        role: 'offer',
        alg: 'IKE',
        state: 'not-tested',
        subject: { line },
        note: `${note}: the version is negotiated`,
      };
    if (/secret|psk/.test([find('authby')?.value, find('leftauth')?.value, find('rightauth')?.value].join(' ')))
      yield psk(line, note);
    yield* proposals(find('ike'), 'ike', line, note);
    const esp = find('esp') ?? find('phase2alg');
    yield* proposals(esp, 'esp', line, note);
  }
}

function psk(line: number, note: string): Sighting {
  return { layer: 'ike', role: 'key', alg: 'PSK', subject: { line }, note: `${note}: pre-shared key` };
}

function* proposals(setting: Value | undefined, layer: 'ike' | 'esp', line: number, note: string): Generator<Sighting> {
  if (!setting || setting.value === '') {
    yield {
      layer,
      role: 'offer',
      alg: layer.toUpperCase(),
      state: 'not-tested',
      subject: { line },
      note: `${note}: ${layer} proposals are the daemon's own`,
    };
    return;
  }
  const strict = setting.value.endsWith('!');
  for (const proposal of setting.value.replace(/!$/, '').split(/[\s,]+/))
    yield* proposalSightings(proposal, layer, setting.line, note);
  if (!strict && layer === 'ike') {
    yield {
      layer,
      role: 'offer',
      alg: 'IKE',
      state: 'not-tested',
      subject: { line: setting.line },
      note: `${note}: without "!" the daemon's own proposals are offered too`,
    };
  }
}

/** `aes256-sha256-modp2048`: cipher, integrity, PRF and groups (IKEv2 cipher suites of strongSwan). */
export function* proposalSightings(
  proposal: string,
  layer: 'ike' | 'esp',
  line: number,
  note: string,
): Generator<Sighting> {
  const subject = { line };
  if (proposal === 'default') {
    yield {
      layer,
      role: 'offer',
      alg: layer.toUpperCase(),
      state: 'not-tested',
      subject,
      note: `${note}: the daemon's default proposal`,
    };
    return;
  }
  let group = false;
  let hashes = 0;
  for (const word of proposal.split(/[-;]/)) {
    const low = word.toLowerCase();
    if (low === '' || low === 'noesn' || low === 'esn') continue;
    const bare = low.replace(/^prf/, '').replace(/^ke\d_/, '');
    if (namedGroup(bare)) {
      group = true;
      yield { layer, role: 'kex', alg: bare, params: { group: bare }, subject, note };
    } else if (low.startsWith('prf')) yield { layer, role: 'prf', alg: bare, subject, note };
    else if (cipherAtom(low)) yield { layer, role: 'offer', alg: low, subject, note };
    else if (macAtom(low)) {
      hashes++;
      yield { layer, role: 'mac', alg: low, subject, note };
      if (layer === 'ike' && hashes === 1 && !/prf/.test(proposal))
        yield { layer, role: 'prf', alg: low.replace(/_\d+$/, ''), subject, note };
    } else
      yield {
        layer,
        role: 'offer',
        alg: 'transform',
        state: 'not-tested',
        subject,
        note: `${note}: a transform this version does not know`,
      };
  }
  if (!group && layer === 'ike')
    yield { layer, role: 'kex', alg: 'DH', state: 'not-tested', subject, note: `${note}: no group is named` };
  if (!group && layer === 'esp') yield { layer, role: 'offer', alg: 'pfs', state: 'absent', subject, note };
}

/** swanctl.conf: connections, their children, and `version` and `auth` of each. */
export const swanctlAdapter: Adapter = {
  type: 'swanctl.conf',
  version: '1',
  detect: ({ text }) =>
    /^[ \t]*connections\s*\{/m.test(text) || (/\{/.test(text) && /^[ \t]*(?:esp_)?proposals\s*=/m.test(text)),
  read: ({ text }) => [...swanctl(text)],
};

function* swanctl(text: string): Generator<Sighting> {
  const path: { name: string; seen: Set<string>; line: number }[] = [];
  for (const [at, raw] of text.split('\n').entries()) {
    const line = at + 1;
    for (const part of raw.replace(/#.*$/, '').split(/(?<=[{}])|(?=})/)) {
      const open = /^\s*([^\s{}=]+)(?:\s*:\s*\S+)?\s*\{/.exec(part);
      const pair = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(part);
      if (open) path.push({ name: open[1]!, seen: new Set(), line });
      else if (part.trim() === '}') {
        const closed = path.pop();
        if (closed) yield* missing(closed, path);
      } else if (pair) {
        const [, key = '', value = ''] = pair;
        path.at(-1)?.seen.add(key);
        const note = path.map(({ name }) => name).join('.');
        const offered = value.split(/[\s,]+/).filter((word) => word !== '');
        if (key === 'proposals') for (const one of offered) yield* proposalSightings(one, 'ike', line, note);
        else if (key === 'esp_proposals' || key === 'ah_proposals')
          for (const one of offered) yield* proposalSightings(one, 'esp', line, note);
        else if (key === 'version' && (value === '1' || value === '2'))
          yield { layer: 'ike', role: 'offer', version: `v${value}`, subject: { line }, note };
        else if (key === 'auth' && /psk|secret/.test(value)) yield psk(line, note);
      }
    }
  }
}

function* missing(
  closed: { name: string; seen: Set<string>; line: number },
  path: readonly { name: string }[],
): Generator<Sighting> {
  const parent = path.at(-1)?.name;
  const subject = { line: closed.line };
  if (parent === 'connections' && path.length === 1) {
    if (!closed.seen.has('proposals')) yield* proposals(undefined, 'ike', closed.line, `connections.${closed.name}`);
    if (!closed.seen.has('version'))
      yield {
        layer: 'ike',
        role: 'offer',
        alg: 'IKE',
        state: 'not-tested',
        subject,
        note: `connections.${closed.name}: the version is negotiated`,
      };
  }
  if (parent === 'children' && !closed.seen.has('esp_proposals') && !closed.seen.has('ah_proposals')) {
    yield* proposals(undefined, 'esp', closed.line, `children.${closed.name}`);
  }
}
