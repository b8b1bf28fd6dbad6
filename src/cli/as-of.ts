import { UsageError } from '../model/index.ts';

/**
 * The date a verdict speaks for, `YYYY-MM-DD`; today's UTC date by default.
 * @throws UsageError for what is not a date of the calendar
 */
export function asOfDate(given: string | undefined, today: Date = new Date()): string {
  if (given === undefined) return today.toISOString().slice(0, 10);
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(given);
  const date = match ? new Date(`${given}T00:00:00Z`) : undefined;
  // 2026-02-30 parses to March 2nd: only a date that comes back as it went in exists.
  if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== given) {
    throw new UsageError(`--as-of: no such date: ${JSON.stringify(given)}`, [
      'write it as YYYY-MM-DD, for example 2026-11-23',
    ]);
  }
  return given;
}
