import { type Declarations, judgeSession } from './declarations.ts';
import type { Assessment } from './definition.ts';
import type { EndpointCheck, EndpointFinding } from './finding.ts';
import type { Control, EndpointCatalog } from './load.ts';

/** Why a control is thought to be met or not. `observed` was seen in use, `configured` is in a configuration. */
export interface ControlEvidence {
  readonly kind: 'observed' | 'configured' | 'declared';
  readonly state: 'met' | 'violated' | 'question' | 'not-applicable';
  readonly detail: string;
}

/** A line of the checklist. Without evidence a control is not assessed, never met. */
export interface AssessedControl {
  readonly id: string;
  readonly title: string;
  readonly state: 'met' | 'violated' | 'question' | 'not-applicable' | 'not-assessed';
  readonly evidence: readonly ControlEvidence[];
  readonly cite: Control['cite'];
}

export interface ControlInputs {
  readonly platform?: string | undefined;
  readonly check?: EndpointCheck | undefined;
  readonly declarations?: Declarations | undefined;
  /** Level of each console, by the name of the file that tells it. */
  readonly levels?: ReadonlyMap<string, string>;
}

/** The checklist of connectivity and inbound controls, each with its evidence. A pure function. */
export function assessControls(catalog: EndpointCatalog, inputs: ControlInputs): AssessedControl[] {
  return catalog.controls.map(({ id, title, platforms, assess, cite }) => {
    if (inputs.platform !== undefined && platforms !== undefined && !platforms.includes(inputs.platform)) {
      return { id, title, state: 'not-applicable', evidence: [], cite };
    }
    const evidence = [
      ...(assess === undefined ? [] : automatic(assess, inputs)),
      ...(id === 'one-time-enablement' ? sessions(inputs) : []),
      ...declared(id, inputs),
    ];
    return { id, title, state: overall(evidence), evidence, cite };
  });
}

/** The worst counts: what was found outweighs what was declared. */
function overall(evidence: readonly ControlEvidence[]): AssessedControl['state'] {
  const states = evidence.map(({ state }) => state);
  for (const state of ['violated', 'question', 'met', 'not-applicable'] as const)
    if (states.includes(state)) return state;
  return 'not-assessed';
}

function declared(id: string, { declarations }: ControlInputs): ControlEvidence[] {
  return (declarations?.declarations ?? [])
    .filter(({ control }) => control === id)
    .map(({ state, by, on, note }) => ({
      kind: 'declared',
      state,
      detail: `by ${by} on ${on}${note === undefined ? '' : `: ${note}`}`,
    }));
}

function sessions({ declarations }: ControlInputs): ControlEvidence[] {
  return (declarations?.sessions ?? []).map((session) => {
    const wrong = judgeSession(session);
    const detail = wrong ?? `session enabled at ${session.enabledAt}`;
    return { kind: 'declared', state: wrong === undefined ? 'met' : 'violated', detail };
  });
}

type Source = 'firewall' | 'proxy' | 'traffic';

const SOURCES: Readonly<Record<string, Source>> = {
  'iptables-save': 'firewall',
  'ip6tables-save': 'firewall',
  'iptables listing': 'firewall',
  nftables: 'firewall',
  'squid configuration': 'proxy',
  sockets: 'traffic',
  'squid access log': 'traffic',
  'flow records': 'traffic',
};

interface Look {
  readonly sources: readonly Source[];
  /** The findings that answer it; any violation among them violates, any unknown is a question. */
  readonly codes: readonly EndpointFinding['code'][];
  readonly formats?: readonly string[];
  readonly ports?: readonly number[];
  /** Nothing found is no proof. */
  readonly onlyAgainst?: true;
}

const LOOKS: Readonly<Record<Exclude<Assessment, 'levels'>, Look>> = {
  'outbound-open': { sources: ['firewall'], codes: ['required-blocked'] },
  'outbound-limited': { sources: ['firewall'], codes: ['open-beyond-documented', 'outbound-not-limited'] },
  'outbound-observed': {
    sources: ['traffic'],
    codes: ['endpoint-undocumented', 'endpoint-of-other-profile', 'required-blocked'],
  },
  proxy: { sources: ['proxy'], codes: ['open-beyond-documented', 'required-blocked', 'proxy-undecided'] },
  ipv6: {
    sources: ['firewall'],
    formats: ['ip6tables-save', 'nftables'],
    codes: ['open-beyond-documented', 'outbound-not-limited', 'required-blocked', 'inbound-open'],
  },
  'inbound-closed': { sources: ['firewall', 'traffic'], codes: ['inbound-open', 'inbound-not-limited'] },
  'inbound-observed': { sources: ['traffic'], codes: ['inbound-connection'] },
  'internal-firewall': { sources: ['firewall'], codes: ['inbound-not-limited', 'inbound-open'] },
  'inter-console': {
    sources: ['firewall', 'traffic'],
    codes: ['inbound-open'],
    ports: [9900, 9920],
    onlyAgainst: true,
  },
};

/** What files tell by themselves. */
export function automatic(assess: Assessment, inputs: Pick<ControlInputs, 'check' | 'levels'>): ControlEvidence[] {
  if (assess === 'levels') return levels(inputs.levels ?? new Map());
  const look = LOOKS[assess];
  const { check } = inputs;
  return (check?.files ?? []).flatMap(({ file, format, examined }): ControlEvidence[] => {
    const source = format === null ? undefined : SOURCES[format];
    if (source === undefined || !look.sources.includes(source) || examined === 0) return [];
    if (look.formats !== undefined && !look.formats.includes(format ?? '')) return [];
    const found = (check?.findings ?? []).filter(
      (finding) =>
        finding.file === file &&
        (look.codes.includes(finding.code) || finding.code === 'bad-line' || finding.code === 'unreadable') &&
        (look.ports === undefined || look.ports.includes(finding.port ?? 0)),
    );
    const worst = found.find(({ level }) => level === 'violation') ?? found.find(({ level }) => level === 'unknown');
    if (worst === undefined && look.onlyAgainst) return [];
    const state = worst === undefined ? 'met' : worst.level === 'violation' ? 'violated' : 'question';
    const kind = source === 'traffic' ? 'observed' : 'configured';
    return [{ kind, state, detail: worst === undefined ? `${file} (${format})` : `${file}: ${worst.message}` }];
  });
}

function levels(known: ReadonlyMap<string, string>): ControlEvidence[] {
  if (known.size < 2) return [];
  const different = new Set(known.values());
  const detail = [...known].map(([file, level]) => `${file}: ${level}`).join('; ');
  return [{ kind: 'configured', state: different.size === 1 ? 'met' : 'violated', detail }];
}

export function describeControls(controls: readonly AssessedControl[]): string {
  const lines = controls.flatMap(({ id, title, state, evidence, cite }) => [
    `${state}: ${id}: ${title} [${cite.document}, ${cite.section}]`,
    ...evidence.map(({ kind, state, detail }) => `  ${kind}, ${state}: ${detail}`),
  ]);
  return `${lines.join('\n')}\n`;
}
