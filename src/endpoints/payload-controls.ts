import type { EndpointControl } from '../model/index.ts';
import { automatic } from './controls.ts';
import type { Assessment } from './definition.ts';
import type { EndpointCheck } from './finding.ts';
import type { EndpointCatalog } from './load.ts';

/** One file of a payload, compared with everything that any profile documents. */
export interface PayloadCheck {
  readonly path: readonly string[];
  readonly check: EndpointCheck;
}

/** Nothing against these would only mean that nothing is required: which profile is in use is not known from a payload. */
const NEEDS_PROFILE: ReadonlySet<Assessment | undefined> = new Set(['outbound-open', 'proxy']);

const MET = 'nothing in it against this control';
const QUESTION = 'something in it may be against this control; see the notices of this file';

/**
 * The checklist of connectivity and inbound controls as far as files of a payload show it. Never `violated`: profile and
 * session are not known, so what speaks against a control is a question to its owner.
 */
export function payloadControls(
  catalog: EndpointCatalog,
  platform: string | undefined,
  checks: readonly PayloadCheck[],
): EndpointControl[] {
  return catalog.controls.map(({ id, title, platforms, assess, cite }): EndpointControl => {
    if (platform !== undefined && platforms !== undefined && !platforms.includes(platform)) {
      return { id, title, state: 'not-applicable', evidence: [], cite };
    }
    const evidence = checks.flatMap(({ path, check }) =>
      (assess === undefined ? [] : automatic(assess, { check })).flatMap(
        ({ kind, state }): EndpointControl['evidence'] => {
          const met = state === 'met';
          if (kind === 'declared' || (met && NEEDS_PROFILE.has(assess))) return [];
          return [{ path, kind, state: met ? 'met' : 'question', message: met ? MET : QUESTION }];
        },
      ),
    );
    const states = evidence.map(({ state }) => state);
    const state = states.includes('question') ? 'question' : states.includes('met') ? 'met' : 'not-assessed';
    return { id, title, state, evidence, cite };
  });
}
