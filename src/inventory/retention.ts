import { createHash } from 'node:crypto';
import { UsageError } from '../model/index.ts';
import type { Inventory, Retention } from './inventory.ts';

/** Until when the vendor keeps a class of files. */
export interface RetentionDate {
  readonly retention: Retention;
  /** Items of the bundle, or all that are covered. */
  readonly items: readonly string[];
  /** ISO date, the last day; `null` where the source sets no end or the date it counts from is not known. */
  readonly until: string | null;
  /** `unbounded`, or how the date is found. */
  readonly formula: string;
}

export interface RetentionFacts {
  /** ISO date of the upload. */
  readonly uploaded?: string | undefined;
  /** ISO date on which the problem was closed. */
  readonly closed?: string | undefined;
}

/**
 * Computes the dates of all retention classes; `items` narrows to what a bundle holds. Items that no class covers have no
 * stated retention and are listed by `withoutRetention`.
 * @throws UsageError for a date that does not exist
 */
export function retentionDates(
  inventory: Inventory,
  facts: RetentionFacts,
  items?: ReadonlySet<string>,
): RetentionDate[] {
  const uploaded = facts.uploaded === undefined ? undefined : dayOf(facts.uploaded);
  const closed = facts.closed === undefined ? undefined : dayOf(facts.closed);
  return inventory.retention.flatMap((retention) => {
    const covered = retention.items.filter((id) => items?.has(id) ?? true);
    if (covered.length === 0) return [];
    const { keep } = retention;
    if (keep === 'unbounded') return [{ retention, items: covered, until: null, formula: 'unbounded' }];
    const start = keep.from === 'upload' ? uploaded : closed;
    const until = start === undefined ? null : isoDay(start + keep.days);
    return [{ retention, items: covered, until, formula: `${keep.from} + ${keep.days} days` }];
  });
}

/** Items for which the source states no retention. */
export function withoutRetention(inventory: Inventory, items?: ReadonlySet<string>): string[] {
  const covered = new Set(inventory.retention.flatMap((retention) => retention.items));
  return inventory.items.map(({ id }) => id).filter((id) => !covered.has(id) && (items?.has(id) ?? true));
}

const DAY = 86_400_000;

/** Days since 1970-01-01. */
function dayOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || isoDay(time / DAY) !== text) {
    throw new UsageError(`"${text}" is no date`, ['write it as 2017-12-31']);
  }
  return time / DAY;
}

function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/**
 * The dates as a calendar (RFC 5545): one all-day event on each, to ask for confirmation that the data is gone. The same
 * dates give the same bytes.
 */
export function retentionCalendar(
  inventory: Inventory,
  dates: readonly RetentionDate[],
  facts: RetentionFacts,
): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//clearance//retention//EN', 'CALSCALE:GREGORIAN'];
  for (const { retention, until, formula, items } of dates) {
    if (until === null) continue;
    const key = [inventory.identity.id, retention.id, facts.uploaded, facts.closed].join(' ');
    const uid = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const day = until.replaceAll('-', '');
    const { document, section, quote } = retention.cite;
    lines.push(
      'BEGIN:VEVENT',
      `UID:${uid}@clearance.invalid`,
      // The moment of creation would make each export differ; the stated date stands in for it.
      `DTSTAMP:${(facts.uploaded ?? facts.closed ?? until).replaceAll('-', '')}T000000Z`,
      `DTSTART;VALUE=DATE:${day}`,
      `SUMMARY:${escaped(`Last day of retention: ${retention.title}`)}`,
      `DESCRIPTION:${escaped(`${formula}; ${items.length} kinds of files. ${document}, ${section}${quote ? `: "${quote}"` : ''}`)}`,
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    );
  }
  lines.push('END:VCALENDAR');
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** RFC 5545, section 3.3.11. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');
}

/** RFC 5545, section 3.1: no line is longer than 75 octets. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const character of line) {
    const octets = Buffer.byteLength(character);
    if (size + octets > 75) {
      parts.push(part);
      part = ' ';
      size = 1;
    }
    part += character;
    size += octets;
  }
  return [...parts, part].join('\r\n');
}

export function describeRetention(dates: readonly RetentionDate[], unstated: readonly string[]): string {
  const lines = dates.map(({ retention, until, formula, items }) => {
    const { document, section } = retention.cite;
    return `${until ?? formula}  ${retention.title} (${until === null ? '' : `${formula}; `}${items.length} kinds of files) [${document}, ${section}]`;
  });
  if (unstated.length > 0) lines.push(`not stated  ${unstated.join(', ')}`);
  return `${lines.join('\n')}\n`;
}
