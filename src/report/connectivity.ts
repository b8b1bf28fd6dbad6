import type { Citation, ResultHead } from '../model/index.ts';

/** A line of the checklist of connectivity and inbound controls, as a stored result tells it. */
export interface ControlRow {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  /** What was observed, configured or declared, one sentence each. */
  readonly evidence: readonly string[];
  readonly cite: Citation | undefined;
}

const STATES: Readonly<Record<string, { readonly words: string; readonly tone: 'good' | 'bad' | 'warn' | 'plain' }>> = {
  met: { words: 'met', tone: 'good' },
  violated: { words: 'violated', tone: 'bad' },
  question: { words: 'an open question', tone: 'warn' },
  'not-applicable': { words: 'not applicable', tone: 'plain' },
};

/** A state that is not known here counts as not assessed: without evidence a control is never met. */
export function shownState(state: string): {
  readonly words: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'plain';
} {
  return STATES[state] ?? { words: 'not assessed', tone: 'plain' };
}

export const CONTROLS_ARE =
  'Evidence is what was observed in use, configured in a file, or declared by a person. A control without evidence is not assessed.';

/** The checklist, where the result has one in `connectivity.controls`. Members of other shapes are shown as not assessed, never dropped. */
export function controlRows(head: ResultHead): ControlRow[] {
  const { controls } = record(record(head)['connectivity']);
  return Array.isArray(controls) ? controls.map(toRow) : [];
}

function toRow(value: unknown): ControlRow {
  const control = record(value);
  const cite = record(control['cite']);
  const [document, section] = [text(cite['document']), text(cite['section'])];
  return {
    id: text(control['id']) || 'not named',
    title: text(control['title']) || text(control['id']) || 'not named',
    state: text(control['state']),
    evidence: (Array.isArray(control['evidence']) ? control['evidence'] : []).map((each) => {
      const { kind, detail } = record(each);
      return `${text(kind) || 'unknown'}: ${text(detail)}`;
    }),
    cite:
      document && section
        ? { document, section, ...(text(cite['edition']) && { edition: text(cite['edition']) }) }
        : undefined,
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
