import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REFUSALS } from '../../src/evidence/decision.ts';
import { type AuditPredicate, decide, type Event, type Refusal } from '../../src/evidence/index.ts';
import { POLICY, POLICY_SHA256, START } from './fixture.ts';

const HOUR = 3_600_000;
const audit = (result: string, change: Partial<AuditPredicate> = {}): AuditPredicate => ({
  result: { sha256: result, size: 1 },
  asOf: '2026-11-23',
  tool: { name: 'clearance', version: '0.1.0', engine: 'e' },
  catalog: {
    inventory: null,
    packs: [{ id: 'pack', version: '1', sha256: 'p1' }],
    policy: { id: 'default', version: '1', sha256: 'c' },
  },
  optionsSha256: 'd',
  outcome: 'held',
  level: 'L2',
  reasons: [{ code: 'undocumented-file', severity: 'medium', count: 1 }],
  unread: [],
  coverage: {
    entries: { seen: 1, decoded: 1, raw: 0, opened: 0, unread: 0 },
    bytes: { seen: 1, decoded: 1, raw: 0, opened: 0, unread: 0 },
  },
  reproducible: true,
  entries: { size: 1, root: '' },
  reports: [],
  ...change,
});

/** Builds events in order, one hour apart. */
class Story {
  readonly events: Event[] = [];
  now = START;

  audit(payload: string, result: string, change?: Partial<AuditPredicate>): this {
    this.push({ type: 'audit', person: 'audra', audit: audit(result, change) }, payload);
    return this;
  }

  act(
    type: 'submit' | 'approve' | 'reject' | 'revoke' | 'release',
    payload: string,
    result: string,
    person: string | undefined,
    more: object = {},
  ): this {
    const limits =
      type === 'approve' ? { validFrom: this.now, expires: this.now + 10 * HOUR, maxUses: 1, gaps: [] } : {};
    const act = {
      act: type,
      ledger: 'l',
      time: this.now,
      reason: 'r',
      result,
      policies: { audit: 'c', approval: POLICY_SHA256 },
      ...limits,
      ...more,
    };
    this.push({ type, person, act }, payload);
    return this;
  }

  private push(event: object, payload: string): void {
    this.events.push({
      seq: this.events.length,
      time: this.now,
      payload: { name: 'bundle.tgz', sha256: payload },
      ...event,
    } as Event);
    this.now += HOUR;
  }

  ask(payload = 'P', change: object = {}): Refusal | 'ok' {
    const decision = decide({
      events: this.events,
      payload: { name: 'bundle.tgz', sha256: payload },
      policy: POLICY,
      policySha256: POLICY_SHA256,
      now: this.now,
      ...change,
    });
    return decision.ok ? 'ok' : decision.code;
  }
}
const submitted = (change?: Partial<AuditPredicate>) =>
  new Story().audit('P', 'R', change).act('submit', 'P', 'R', 'audra');
const approved = () => submitted().act('approve', 'P', 'R', 'ann').act('approve', 'P', 'R', 'ben');

describe('one refusal each', () => {
  test.each<[Refusal | 'ok', string, () => Refusal | 'ok']>([
    ['ok', 'two approvers of a medium reason', () => approved().ask()],
    [
      'ok',
      'one approver of a cleared result',
      () => submitted({ outcome: 'cleared', reasons: [] }).act('approve', 'P', 'R', 'ann').ask(),
    ],
    ['no-approval', 'nothing is known', () => new Story().ask()],
    ['no-approval', 'audited only', () => new Story().audit('P', 'R').ask()],
    ['no-approval', 'submitted only', () => submitted().ask()],
    ['digest-mismatch', 'other bytes of the same name', () => approved().ask('Q')],
    [
      'forbidden',
      'forbidden content, however many approve',
      () =>
        submitted({ reasons: [{ code: 'forbidden-file', severity: 'low', count: 1 }] })
          .act('approve', 'P', 'R', 'ann')
          .act('approve', 'P', 'R', 'ben')
          .ask(),
    ],
    [
      'incomplete',
      'an unread gap the policy does not name',
      () =>
        submitted({ unread: [{ code: 'encrypted', count: 1 }] })
          .act('approve', 'P', 'R', 'ann', { gaps: ['encrypted'] })
          .act('approve', 'P', 'R', 'ben', { gaps: ['encrypted'] })
          .ask(),
    ],
    [
      'ok',
      'an unread gap the policy names and both saw',
      () =>
        submitted({ unread: [{ code: 'encrypted', count: 1 }] })
          .act('approve', 'P', 'R', 'ann', { gaps: ['encrypted'] })
          .act('approve', 'P', 'R', 'ben', { gaps: ['encrypted'] })
          .ask('P', { policy: { ...POLICY, acceptedGaps: ['encrypted'] } }),
    ],
    [
      'superseded',
      'an approver was not shown the gap',
      () =>
        submitted({ unread: [{ code: 'encrypted', count: 1 }] })
          .act('approve', 'P', 'R', 'ann')
          .act('approve', 'P', 'R', 'ben')
          .ask('P', { policy: { ...POLICY, acceptedGaps: ['encrypted'] } }),
    ],
    ['rejected', 'a third approver rejects', () => approved().act('reject', 'P', 'R', 'cleo').ask()],
    [
      'quorum',
      'one withdraws by rejecting and approves again, the other not at all',
      () => submitted().act('approve', 'P', 'R', 'ann').ask(),
    ],
    [
      'ok',
      'a rejection taken back',
      () => approved().act('reject', 'P', 'R', 'ann').act('approve', 'P', 'R', 'ann').ask(),
    ],
    ['revoked', 'a revocation after both', () => approved().act('revoke', 'P', 'R', 'cleo').ask()],
    [
      'revoked',
      'a revocation, then one anew',
      () =>
        approved()
          .act('revoke', 'P', 'R', 'cleo')
          .act('approve', 'P', 'R', 'ann')
          .act('approve', 'P', 'R', undefined)
          .ask(),
    ],
    [
      'superseded',
      'a newer audit of the same bytes',
      () => approved().audit('P', 'R2').act('submit', 'P', 'R2', 'audra').ask(),
    ],
    ['superseded', 'a pack has changed since', () => approved().ask('P', { installed: new Map([['pack', 'p2']]) })],
    ['superseded', 'another approval policy', () => approved().ask('P', { policySha256: 'other' })],
    [
      'not-yet-valid',
      'before it begins',
      () =>
        submitted()
          .act('approve', 'P', 'R', 'ann', { validFrom: START + 99 * HOUR, expires: START + 200 * HOUR })
          .act('approve', 'P', 'R', 'ben')
          .ask(),
    ],
    ['expired', 'after it ends', () => approved().ask('P', { now: START + 20 * HOUR })],
    [
      'expired',
      'longer than the policy lets it live',
      () =>
        submitted()
          .act('approve', 'P', 'R', 'ann', { expires: START + 1e12 })
          .act('approve', 'P', 'R', 'ben', { expires: START + 1e12 })
          .ask('P', { now: START + 731 * HOUR }),
    ],
    ['used-up', 'released once already', () => approved().act('release', 'P', 'R', 'gate').ask()],
    [
      'ok',
      'an uploader asks after the release',
      () => approved().act('release', 'P', 'R', 'gate').ask('P', { released: true }),
    ],
    [
      'self-approved',
      'the submitter is the second',
      () => submitted().act('approve', 'P', 'R', 'ann').act('approve', 'P', 'R', 'audra').ask(),
    ],
    [
      'untrusted-key',
      'a key nobody knows is the second',
      () => submitted().act('approve', 'P', 'R', 'ann').act('approve', 'P', 'R', undefined).ask(),
    ],
    [
      'quorum',
      'the same person twice',
      () => submitted().act('approve', 'P', 'R', 'ann').act('approve', 'P', 'R', 'ann').ask(),
    ],
    [
      'quorum',
      'three are needed for a critical reason',
      () =>
        submitted({ reasons: [{ code: 'client-data', severity: 'critical', count: 1 }] })
          .act('approve', 'P', 'R', 'ann')
          .act('approve', 'P', 'R', 'ben')
          .ask(),
    ],
  ])('%s: %s', (expected, _title, story) => {
    expect(story()).toBe(expected);
  });
});

/**
 * An independent model: it keeps sets instead of a ledger and is told what happens in the order it happens. A release is
 * right only where the model agrees.
 */
class Model {
  latest = new Map<string, string>();
  submitters = new Map<string, Set<string>>();
  approvals = new Map<string, Map<string, { expires: number; uses: number }>>();
  rejections = new Map<string, Set<string>>();

  key = (payload: string, result: string): string => `${payload} ${result}`;

  allowed(payload: string, now: number): boolean {
    const result = this.latest.get(payload);
    if (result === undefined) return false;
    const key = this.key(payload, result);
    const mine = this.submitters.get(payload) ?? new Set();
    if (!this.submitters.has(key) || (this.rejections.get(key)?.size ?? 0) > 0) return false;
    const good = [...(this.approvals.get(key) ?? [])].filter(
      ([person, { expires, uses }]) => !mine.has(person) && now < expires && uses > 0,
    );
    return good.length >= 2;
  }
}

const people = ['ann', 'ben', 'cleo', 'audra'];
const payloads = ['P', 'Q'];
const step = fc.oneof(
  fc.record({
    do: fc.constant('audit' as const),
    payload: fc.constantFrom(...payloads),
    result: fc.constantFrom('1', '2'),
  }),
  fc.record({
    do: fc.constant('submit' as const),
    payload: fc.constantFrom(...payloads),
    person: fc.constantFrom('audra', 'ann'),
  }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      payload: fc.constantFrom(...payloads),
      person: fc.constantFrom(...people),
      hours: fc.integer({ min: 1, max: 12 }),
      uses: fc.integer({ min: 1, max: 3 }),
    }),
  },
  fc.record({
    do: fc.constant('reject' as const),
    payload: fc.constantFrom(...payloads),
    person: fc.constantFrom(...people),
  }),
  fc.record({
    do: fc.constant('revoke' as const),
    payload: fc.constantFrom(...payloads),
    person: fc.constantFrom(...people),
  }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 12 }) }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), payload: fc.constantFrom(...payloads) }) },
);

test('in ten thousand sequences nothing is released that the model does not allow, and nothing else refused', () => {
  let released = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 24 }), (steps) => {
      const story = new Story().audit('P', '1').act('submit', 'P', '1', 'audra');
      const model = new Model();
      model.latest.set('P', '1');
      model.submitters.set('P', new Set(['audra'])).set(model.key('P', '1'), new Set(['audra']));
      for (const event of steps) {
        if (event.do === 'wait') {
          story.now += event.hours * HOUR;
          continue;
        }
        const result = model.latest.get(event.payload) ?? '1';
        const key = model.key(event.payload, result);
        if (event.do === 'audit') {
          story.audit(event.payload, event.result);
          model.latest.set(event.payload, event.result);
        } else if (event.do === 'release') {
          const expected = model.allowed(event.payload, story.now);
          const decision = story.ask(event.payload);
          expect(decision === 'ok').toBe(expected);
          if (!expected) continue;
          released++;
          story.act('release', event.payload, result, 'gate');
          for (const approval of model.approvals.get(key)?.values() ?? []) approval.uses--;
        } else if (event.do === 'submit') {
          story.act('submit', event.payload, result, event.person);
          for (const place of [event.payload, key])
            model.submitters.set(place, (model.submitters.get(place) ?? new Set()).add(event.person));
        } else if (event.do === 'approve') {
          const expires = story.now + event.hours * HOUR;
          story.act('approve', event.payload, result, event.person, { expires, maxUses: event.uses });
          for (const [place, list] of model.approvals)
            if (place.startsWith(`${event.payload} `)) list.delete(event.person);
          model.approvals.set(
            key,
            (model.approvals.get(key) ?? new Map()).set(event.person, { expires, uses: event.uses }),
          );
          for (const [place, list] of model.rejections)
            if (place.startsWith(`${event.payload} `)) list.delete(event.person);
        } else if (event.do === 'reject') {
          story.act('reject', event.payload, result, event.person);
          for (const [place, list] of model.approvals)
            if (place.startsWith(`${event.payload} `)) list.delete(event.person);
          for (const [place, list] of model.rejections)
            if (place.startsWith(`${event.payload} `)) list.delete(event.person);
          model.rejections.set(key, (model.rejections.get(key) ?? new Set()).add(event.person));
        } else {
          story.act('revoke', event.payload, result, event.person);
          for (const map of [model.approvals, model.rejections])
            for (const place of map.keys()) if (place.startsWith(`${event.payload} `)) map.delete(place);
        }
      }
    }),
    { numRuns: 10_000 },
  );
  // The sequences must reach releases, or the property says nothing.
  expect(released).toBeGreaterThan(100);
}, 120_000);

test('the documentation lists every refusal, and no other', () => {
  const docs = readFileSync(new URL('../../docs/evidence.md', import.meta.url), 'utf8');
  const listed =
    docs
      .split('exit code 1:\n')[1]
      ?.split('\n## ')[0]
      ?.match(/`([\w-]+)`/g) ?? [];
  expect(listed.map((word) => word.slice(1, -1)).sort()).toEqual([...REFUSALS].sort());
});
