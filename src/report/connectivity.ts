import type { EndpointControl, ResultHead } from '../model/index.ts';
import { shownEntry } from './names.ts';

/** A line of the checklist of connectivity and inbound controls, as a report shows it. */
export interface ControlRow {
  readonly title: string;
  readonly state: string;
  readonly tone: 'good' | 'warn' | 'plain';
  /** What was observed in use or configured in a file, and in which, one sentence each. */
  readonly evidence: readonly string[];
  readonly cite: EndpointControl['cite'];
}

const STATES: Readonly<Record<EndpointControl['state'], Pick<ControlRow, 'state' | 'tone'>>> = {
  met: { state: 'met', tone: 'good' },
  question: { state: 'an open question', tone: 'warn' },
  'not-applicable': { state: 'not applicable', tone: 'plain' },
  'not-assessed': { state: 'not assessed', tone: 'plain' },
};

export const CONTROLS_ARE =
  'Evidence is what a file of the payload shows in use or configures. A control without evidence is not assessed.';

/** The checklist; empty where the result has none. */
export function controlRows(head: ResultHead): ControlRow[] {
  return (head.document?.endpoints?.controls ?? []).map(({ title, state, evidence, cite }) => ({
    title,
    ...STATES[state],
    evidence: evidence.map(({ path, kind, message }) => `${kind}: ${message} (${shownEntry(path, head)})`),
    cite,
  }));
}
