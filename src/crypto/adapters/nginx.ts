import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { type Directive, parseBraces } from './braces.ts';
import { type Setting, settingsSightings, versionsIn } from './tls-settings.ts';

/** nginx: every server that speaks TLS, with what it inherits. */
export const nginxAdapter: Adapter = {
  type: 'nginx',
  version: '1',
  detect: ({ text }) =>
    /(?:^|[;{}\s])ssl_(?:protocols|ciphers|certificate|ecdh_curve)\s{1,64}[^\s;={}]/.test(text) ||
    (/(?:^|[;{}\s])server\s*\{/.test(text) && /(?:^|[;{}\s])listen\s{1,64}[^\s;={}]/.test(text)),
  read: ({ text }) => [...servers(parseBraces(text), new Map())],
};

const INHERITED = new Set([
  'ssl_protocols',
  'ssl_ciphers',
  'ssl_ecdh_curve',
  'ssl_dhparam',
  'ssl_conf_command',
  'ssl',
  'ssl_certificate',
]);

type Scope = ReadonlyMap<string, Setting>;

function* servers(directives: readonly Directive[], outer: Scope): Generator<Sighting> {
  const scope = new Map(outer);
  for (const { name, args, line } of directives) {
    if (!INHERITED.has(name)) continue;
    const key = name === 'ssl_conf_command' ? `${name} ${args[0]}` : name;
    scope.set(key, { value: args.slice(name === 'ssl_conf_command' ? 1 : 0).join(' '), line });
  }
  for (const directive of directives) {
    if (!directive.block) continue;
    if (directive.name === 'server') {
      const inner = new Map(scope);
      for (const { name, args, line } of directive.block)
        if (INHERITED.has(name)) inner.set(name, { value: args.join(' '), line });
      yield* server(directive, inner);
    } else yield* servers(directive.block, scope);
  }
  // A fragment that is included into servers elsewhere.
  const fragment = outer.size === 0 && !directives.some(({ block }) => block) && scope.has('ssl_protocols');
  if (fragment || (scope.has('ssl_ciphers') && outer.size === 0 && !directives.some(({ block }) => block))) {
    yield* settings(scope, 1, 'fragment');
  }
}

function* server({ block = [], line }: Directive, scope: Scope): Generator<Sighting> {
  const listens = block.filter(({ name }) => name === 'listen');
  const tls =
    scope.get('ssl')?.value === 'on' || listens.some(({ args }) => args.includes('ssl') || args.includes('quic'));
  const own = new Map(scope);
  for (const { name, args, line: at } of block) {
    if (name === 'ssl_conf_command') own.set(`${name} ${args[0]}`, { value: args.slice(1).join(' '), line: at });
  }
  const plain = listens.filter(
    ({ args }) => !args.includes('ssl') && !args.includes('quic') && !/^unix:/.test(args[0] ?? ''),
  );
  const redirects = block.some(({ name, args }) => name === 'return' && /^30[1278]$/.test(args[0] ?? ''));
  if (plain.length > 0 && scope.get('ssl')?.value !== 'on' && !redirects) {
    yield {
      layer: 'plain',
      role: 'offer',
      alg: 'HTTP',
      subject: { line: plain[0]!.line },
      note: 'listens without ssl',
    };
  }
  if (tls) yield* settings(own, line, 'server');
}

function* settings(scope: Scope, line: number, note: string): Generator<Sighting> {
  const protocols = scope.get('ssl_protocols');
  const words = protocols && versionsIn(protocols.value.split(/\s+/));
  const dhparam = scope.get('ssl_dhparam');
  const curves = scope.get('ssl_ecdh_curve') ?? scope.get('ssl_conf_command Groups');
  const ciphersuites = scope.get('ssl_conf_command Ciphersuites');
  yield* settingsSightings({
    versions: words && new Set(words),
    ...(protocols && { versionsLine: protocols.line }),
    // ngx_http_ssl_module, default of ssl_ciphers
    ciphers: scope.get('ssl_ciphers') ?? { value: 'HIGH:!aNULL:!MD5', line },
    ...(ciphersuites && { ciphersuites }),
    ...(curves && { curves }),
    dhe: dhparam ? { note: 'the parameters are in a file of their own' } : 'off',
    line,
    note,
  });
}
