import type { ResultHead } from '../model/index.ts';

/** A verdict on one observed property of the path, as far as a stored result tells it. */
export interface TransportRow {
  readonly subject: string;
  readonly what: string;
  readonly word: string;
  readonly clause: string;
  readonly interval: string;
  /** `YYYY-MM-DD`, and what the word becomes then. */
  readonly next: { readonly date: string; readonly word: string } | undefined;
  readonly reason: string;
}

/** Words that do not speak against sending; all others, and every word that is not known here, do. */
const PASSING = new Set(['acceptable', 'deprecated', 'legacy-use']);

export function tone(word: string): 'good' | 'warn' | 'bad' {
  if (word === 'acceptable') return 'good';
  return PASSING.has(word) || word === 'unknown' ? 'warn' : 'bad';
}

/** The verdicts of a result, worst words first. Members of other shapes than expected are shown as unknown, never dropped. */
export function transportRows({ transport }: ResultHead): TransportRow[] {
  const rank = { bad: 0, warn: 1, good: 2 };
  return transport.verdicts.map(toRow).sort((a, b) => rank[tone(a.word)] - rank[tone(b.word)]);
}

function toRow(value: unknown): TransportRow {
  const verdict = (value ?? {}) as Record<string, unknown>;
  const text = (key: string, from = verdict): string => (typeof from[key] === 'string' ? from[key] : '');
  const subject = (verdict['subject'] ?? {}) as Record<string, unknown>;
  const port = typeof subject['port'] === 'number' ? `:${subject['port']}` : '';
  const host = text('host', subject) || text('address', subject);
  const place = host ? `${host}${port}` : text('file', subject);
  const next = (verdict['next'] ?? {}) as Record<string, unknown>;
  const source = [text('document'), text('edition')].filter(Boolean).join(' ');
  const section = [text('section'), text('caption')].filter(Boolean).join(', ');
  const interval = [text('validFrom'), text('validTo')].some(Boolean)
    ? `${text('validFrom') || '...'} to ${text('validTo') || 'open'}`
    : '';
  return {
    subject: place || 'not named',
    what: text('what') || 'not named',
    word: text('word') || text('verdict') || 'unknown',
    clause: [source, section].filter(Boolean).join(': ') || text('clause') || 'no clause speaks of it',
    interval,
    next: text('date', next) ? { date: text('date', next), word: text('word', next) } : undefined,
    reason: text('reason'),
  };
}
