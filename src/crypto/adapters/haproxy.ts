import type { Sighting, TlsVersion } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { type Setting, settingsSightings, tlsVersion, versionRange } from './tls-settings.ts';

/** HAProxy: every `bind` with `ssl`, with the defaults of `global`. */
export const haproxyAdapter: Adapter = {
  type: 'haproxy',
  version: '1',
  detect: ({ text }) =>
    /^[ \t]*(?:frontend|listen|defaults|global)\b/m.test(text) &&
    /^[ \t]*(?:bind\s|ssl-default-bind-|server\s+\S+\s+\S+:\d+)/m.test(text),
  read: ({ text }) => [...binds(text)],
};

function* binds(text: string): Generator<Sighting> {
  const lines = text.split('\n').map((raw, at) => ({ words: words(raw), line: at + 1 }));
  const global = new Map<string, Setting>();
  for (const {
    words: [name, ...args],
    line,
  } of lines) {
    if (name?.startsWith('ssl-default-bind-') || name?.startsWith('tune.ssl.') || name === 'ssl-dh-param-file') {
      global.set(name, { value: args.join(' '), line });
    }
  }
  const defaults = options(global.get('ssl-default-bind-options')?.value.split(/\s+/) ?? []);
  const named = (key: string) => global.get(`ssl-default-bind-${key}`);
  for (const {
    words: [name, , ...args],
    line,
  } of lines) {
    if (name !== 'bind' || !args.includes('ssl')) continue;
    const own = options(args);
    const value = (key: string): Setting | undefined => {
      const at = args.indexOf(key);
      return at >= 0 && args[at + 1] !== undefined ? { value: args[at + 1]!, line } : named(key);
    };
    const set = own.touched ? own : defaults;
    const off = new Set([...defaults.off, ...own.off]);
    const versions = versionRange(set.min ?? 'TLSv1.2', set.max);
    for (const version of off) versions.delete(version);
    // Before HAProxy 2.2 the default began at TLS 1.0.
    const sure = set.min !== undefined || (off.has('TLSv1.0') && off.has('TLSv1.1'));
    const dh = global.get('tune.ssl.default-dh-param');
    const ciphersuites = value('ciphersuites');
    const curves = value('curves') ?? value('ecdhe');
    yield* settingsSightings({
      versions: sure ? versions : undefined,
      ciphers: value('ciphers') ?? { value: 'DEFAULT', line },
      ...(ciphersuites && { ciphersuites }),
      ...(curves && { curves }),
      dhe: { note: dh ? 'the largest size is set, the parameters are not' : 'the parameters are not in this file' },
      line,
      note: 'bind',
    });
  }
}

/** Words of a line: quotes and comments as haproxy.cfg has them. */
function words(line: string): string[] {
  const found: string[] = [];
  for (const match of line.matchAll(/#.*$|"([^"]*)"|'([^']*)'|(?:\\.|[^\s#"'])+/g)) {
    if (match[0].startsWith('#')) break;
    found.push(match[1] ?? match[2] ?? match[0]);
  }
  return found;
}

function options(list: readonly string[]): {
  min?: TlsVersion;
  max?: TlsVersion;
  off: Set<TlsVersion>;
  touched: boolean;
} {
  const off = new Set<TlsVersion>();
  let min: TlsVersion | undefined;
  let max: TlsVersion | undefined;
  for (const [at, word] of list.entries()) {
    const next = list[at + 1];
    if (word === 'ssl-min-ver' && next) min = tlsVersion(next);
    else if (word === 'ssl-max-ver' && next) max = tlsVersion(next);
    else if (word.startsWith('force-')) min = max = short(word.slice('force-'.length)) ?? min;
    else if (word.startsWith('no-')) {
      const version = short(word.slice('no-'.length));
      if (version) off.add(version);
    }
  }
  return { ...(min && { min }), ...(max && { max }), off, touched: min !== undefined || max !== undefined };
}

/** `sslv3`, `tlsv10` ... `tlsv13`. */
function short(word: string): TlsVersion | undefined {
  return tlsVersion(word.replace(/^tlsv1(\d)$/, 'TLSv1.$1'));
}
