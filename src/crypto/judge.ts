import { UsageError } from '../model/index.ts';
import type { Atom } from './atom.ts';
import { atomsOf } from './expand.ts';
import type { CryptoObservation, ObservationSubject } from './observation.ts';
import { type Clause, type CryptoPolicy, isDate, rank, type Selector, type Status, type Word } from './policy.ts';

/** The clause a word rests on, with the interval in which it holds and what comes after. */
export interface Ground {
  readonly word: Word;
  /** `<policy id>/<clause id>`; `null` where no clause speaks of it. */
  readonly clause: string | null;
  readonly document: string;
  readonly edition: string;
  readonly section: string | null;
  readonly caption: string | null;
  /** First and last day of the interval, `null` where it is open. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  /** The next day on which the word changes, and to what. */
  readonly next: { readonly date: string; readonly word: Word; readonly draft?: true } | null;
  /** False while the row was not compared with the primary text. */
  readonly verified: boolean;
  /** The text is a draft: never the only ground of a fail. */
  readonly draft?: true;
  /** Why the word is what it is, where the clause alone does not say. */
  readonly reason?: string;
}

export interface AtomVerdict extends Ground {
  readonly atom: Atom;
}

/** The verdict on one observation: its worst atom, with all of them as reasons. */
export interface CryptoVerdict extends Ground {
  /** `id` of the observation. */
  readonly observation: string;
  readonly subject: ObservationSubject;
  readonly asOf: string;
  readonly policy: string;
  /** What was judged, in words: suite or algorithm, with its version. */
  readonly what: string;
  readonly atoms: readonly AtomVerdict[];
}

/**
 * Judges observations at a date. Pure: no clock, no files. Observations of state `absent` have a verdict only where a
 * clause asks for the thing that is absent.
 * @throws UsageError if `asOf` is not a day
 */
export function judge(observations: readonly CryptoObservation[], policy: CryptoPolicy, asOf: string): CryptoVerdict[] {
  return [...judgeEach(observations, policy, asOf)];
}

/** As `judge`, one verdict at a time: those of many endpoints are larger than what they rest on. */
export function* judgeEach(
  observations: readonly CryptoObservation[],
  policy: CryptoPolicy,
  asOf: string,
): Generator<CryptoVerdict> {
  if (!isDate(asOf)) throw new UsageError(`not a date: ${asOf}`, ['write it as YYYY-MM-DD']);
  const memo = new Map<string, AtomVerdict[]>();
  for (const observation of observations) {
    const key = shapeOf(observation);
    let atoms = memo.get(key);
    if (atoms === undefined) {
      atoms = judgeAtoms(observation, policy, asOf);
      memo.set(key, atoms);
    }
    if (atoms.length === 0) continue;
    const { atom: _, ...ground } = atoms.reduce((worst, next) => (rank(next.word) > rank(worst.word) ? next : worst));
    yield {
      observation: observation.id,
      what: describe(observation),
      subject: observation.subject,
      asOf,
      policy: policy.id,
      ...ground,
      next: soonest(atoms),
      atoms,
    };
  }
}

/** Everything of an observation that a verdict depends on. */
function shapeOf({ layer, role, version, suite, alg, params, direction, state }: CryptoObservation): string {
  return JSON.stringify([layer, role, version, suite, alg, params, direction, state]);
}

function describe({ suite, alg, version, params, layer, role }: CryptoObservation): string {
  const size = params?.group ?? params?.curve ?? params?.bits;
  const name = alg ?? (suite !== undefined ? `suite ${suite}` : `${layer} ${role}`);
  return [version, name, suite === undefined && size !== undefined && !name.includes(String(size)) ? size : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
}

function judgeAtoms(observation: CryptoObservation, policy: CryptoPolicy, asOf: string): AtomVerdict[] {
  const atoms = atomsOf(observation).map((atom) => (atom.kind === 'validity' ? validityAt(atom, asOf) : atom));
  if (observation.state === 'absent') {
    return atoms.flatMap((atom) => layers(policy, asOf).flatMap((layer) => absent(atom, observation, layer, asOf)));
  }
  const verdicts = atoms.map((atom): AtomVerdict => ({ atom, ...judgeAtom(atom, observation, policy, asOf) }));
  if (observation.state === 'observed')
    return verdicts.filter(({ clause, atom }) => clause !== null || !SILENT.has(atom.kind));
  const reason =
    observation.state === 'not-tested' ? 'the evidence does not reach this' : 'the evidence contradicts itself';
  const doubt: AtomVerdict = {
    atom: atoms[0] ?? { kind: 'unrecognised', alg: 'nothing' },
    ...bare(policy, 'unknown', reason),
  };
  // What contradicts itself is judged by its worse reading, and never better than unknown.
  return observation.state === 'not-tested' ? [doubt] : [doubt, ...verdicts];
}

/** `2024-01-01/2025-01-01` becomes `valid`, `expired` or `not-yet-valid` at the date. */
function validityAt(atom: Atom, asOf: string): Atom {
  const [from = '', to = ''] = atom.alg.split('/');
  return { ...atom, alg: asOf < from ? 'not-yet-valid' : asOf > to ? 'expired' : 'valid' };
}

/** Kinds on which a policy may be silent without that meaning anything: they are not algorithms. */
const SILENT = new Set(['suite', 'feature', 'validity']);

function absent(atom: Atom, observation: CryptoObservation, policy: CryptoPolicy, asOf: string): AtomVerdict[] {
  const clause = policy.clauses.find(
    ({ select }) => select.state === 'absent' && matches(select, atom, observation) === 'yes',
  );
  const ground = clause && groundOf(clause, policy, asOf);
  return ground ? [{ atom, ...ground }] : [];
}

/** The policy that governs at the date, with those it extends. */
function layers(policy: CryptoPolicy, asOf: string): CryptoPolicy[] {
  const governing = governs(policy, asOf);
  return [governing, ...(governing.base ? layers(governing.base, asOf) : [])];
}

function governs(policy: CryptoPolicy, asOf: string): CryptoPolicy {
  return asOf < policy.validFrom && policy.predecessor ? governs(policy.predecessor, asOf) : policy;
}

function judgeAtom(atom: Atom, observation: CryptoObservation, policy: CryptoPolicy, asOf: string): Ground {
  const grounds = layers(policy, asOf).flatMap((layer) => {
    const ground = judgeByOne(atom, observation, layer, asOf);
    return ground ? [ground] : [];
  });
  const governing = grounds.reduce<Ground | undefined>(
    (worst, next) => (worst === undefined || rank(next.word) > rank(worst.word) ? next : worst),
    undefined,
  );
  const main = governing ?? bare(policy, 'unknown', 'no clause and no fallback');
  const announced = announcing(policy, asOf);
  return announced && observation.state === 'observed' ? announce(main, atom, observation, announced, asOf) : main;
}

function announcing(policy: CryptoPolicy, asOf: string): CryptoPolicy | undefined {
  return layers(policy, asOf).find((layer) => layer.draft)?.draft;
}

/** What a draft says of dates to come: it may turn `acceptable` into `deprecated`, no more. */
function announce(main: Ground, atom: Atom, observation: CryptoObservation, draft: CryptoPolicy, asOf: string): Ground {
  const clause = draft.clauses.find(({ select }) => matches(select, atom, observation) === 'yes');
  const later = clause?.status.filter(
    ({ from, word }) => from !== undefined && from > draft.validFrom && rank(word) > 0,
  );
  if (clause === undefined || later === undefined || later.length === 0) return main;
  const now = later.find((status) => covers(status, asOf));
  const ground = now && groundOf(clause, draft, asOf);
  if (ground && main.word === 'acceptable') {
    const capped = ground.word !== 'deprecated';
    return {
      ...ground,
      word: 'deprecated',
      draft: true,
      ...(capped && { reason: `the draft says ${ground.word}; a draft alone does not fail` }),
    };
  }
  const coming = later.find(({ from }) => from !== undefined && from > asOf);
  if (coming?.from === undefined || main.word !== 'acceptable') return main;
  if (main.next !== null && main.next.date <= coming.from) return main;
  return { ...main, next: { date: coming.from, word: 'deprecated', draft: true } };
}

function judgeByOne(
  atom: Atom,
  observation: CryptoObservation,
  policy: CryptoPolicy,
  asOf: string,
): Ground | undefined {
  if (atom.kind === 'unrecognised') return bare(policy, 'unknown', 'not a name this version knows');
  const grounds: Ground[] = [];
  let decided = false;
  for (const clause of policy.clauses) {
    if (decided) break;
    const match = clause.select.state === 'absent' ? 'no' : matches(clause.select, atom, observation);
    const ground = match === 'no' ? undefined : groundOf(clause, policy, asOf);
    if (ground === undefined) continue;
    grounds.push(ground);
    decided = match === 'yes';
  }
  if (!decided && policy.fallback !== undefined && !SILENT.has(atom.kind)) {
    grounds.push(bare(policy, policy.fallback, 'no row approves it'));
  }
  const [first, ...rest] = grounds;
  if (first === undefined) return undefined;
  if (rest.every(({ word }) => word === first.word)) return first;
  // The size decides between rows and is not known.
  return {
    ...first,
    word: 'unknown',
    next: null,
    validFrom: null,
    validTo: null,
    reason: 'the size in bits is not known',
  };
}

function bare(policy: CryptoPolicy, word: Word, reason: string): Ground {
  return {
    word,
    clause: null,
    document: policy.document,
    edition: policy.edition,
    section: null,
    caption: null,
    validFrom: null,
    validTo: null,
    next: null,
    verified: true,
    ...(policy.text === 'draft' && { draft: true as const }),
    reason,
  };
}

function covers({ from, to }: Status, asOf: string): boolean {
  return (from === undefined || from <= asOf) && (to === undefined || asOf <= to);
}

function groundOf(clause: Clause, policy: CryptoPolicy, asOf: string): Ground | undefined {
  const now = clause.status.find((status) => covers(status, asOf));
  if (now === undefined) return undefined;
  const later = clause.status.find(({ from, word }) => from !== undefined && from > asOf && word !== now.word);
  const succeeds = later?.from !== undefined ? { date: later.from, word: later.word } : null;
  return {
    word: now.word,
    clause: `${policy.id}/${clause.id}`,
    document: clause.document ?? policy.document,
    edition: clause.edition ?? policy.edition,
    section: clause.section,
    caption: clause.caption,
    validFrom: now.from ?? null,
    validTo: now.to ?? null,
    next: succeeds,
    verified: clause.verified && now.verified !== false,
    ...(policy.text === 'draft' && { draft: true as const }),
    ...(clause.note !== undefined && { reason: clause.note }),
  };
}

function soonest(atoms: readonly AtomVerdict[]): Ground['next'] {
  const worst = Math.max(...atoms.map(({ word }) => rank(word)));
  return atoms.reduce<Ground['next']>((best, { next }) => {
    if (next === null || rank(next.word) <= worst) return best;
    return best === null || next.date < best.date ? next : best;
  }, null);
}

type Match = 'yes' | 'no' | 'maybe';

function matches(select: Selector, atom: Atom, observation: CryptoObservation): Match {
  const says = (wanted: string | readonly string[] | undefined, value: string | undefined): boolean =>
    wanted === undefined ||
    (value !== undefined && (typeof wanted === 'string' ? wanted === value : wanted.includes(value)));
  const fits =
    says(select.kind, atom.kind) &&
    says(select.alg, atom.alg) &&
    says(select.mode, atom.mode) &&
    says(select.padding, atom.padding) &&
    says(select.hash, atom.hash) &&
    says(select.group, atom.group) &&
    says(select.version, atom.version) &&
    says(select.direction, observation.direction ?? 'apply') &&
    says(select.layer, observation.layer) &&
    says(select.role, observation.role);
  if (!fits) return 'no';
  const { not } = select;
  if (not) {
    const excluded = (['alg', 'hash', 'group', 'version', 'mode'] as const).some(
      (key) => not[key] !== undefined && says(not[key], atom[key]),
    );
    if (excluded) return 'no';
  }
  if (select.bits === undefined) return 'yes';
  if (atom.bits === undefined) return select.bits.known ? 'no' : 'maybe';
  return atom.bits >= (select.bits.min ?? 0) && atom.bits <= (select.bits.max ?? Number.POSITIVE_INFINITY)
    ? 'yes'
    : 'no';
}
