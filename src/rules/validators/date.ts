import { validator } from './answer.ts';
import type { Validator } from './validator.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A real day of the Gregorian calendar. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Year, month, day of a date as people write it; a day-month order that cannot be told is tried both ways. */
function readings(text: string): readonly (readonly [number, number, number])[] {
  const named = text.replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1').match(/[A-Za-z]{3,}/)?.[0];
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  if (named !== undefined) {
    const month = MONTHS.indexOf(named.slice(0, 3).toLowerCase()) + 1;
    const [first, second] = numbers;
    if (first === undefined || second === undefined) return [];
    return first > 31 ? [[first, month, second]] : [[second, month, first]];
  }
  const [a, b, c] = numbers;
  if (a !== undefined && b === undefined && /^\d{8}$/.test(text)) {
    return [[Math.floor(a / 10_000), Math.floor(a / 100) % 100, a % 100]];
  }
  if (a === undefined || b === undefined || c === undefined) return [];
  if (a > 31) return [[a, b, c]];
  const year = c < 100 ? c + (c > 30 ? 1900 : 2000) : c;
  return [
    [year, b, a],
    [year, a, b],
  ];
}

/** Dates of a person's life. */
export const DATE: readonly Validator[] = [
  validator(
    'birth-date',
    'weak',
    'ISO 8601-1:2019 section 5.2.2; a living person was born in 1900 or later',
    (value) => {
      return readings(value).some(([year, month, day]) => year >= 1900 && year <= 2035 && isDay(year, month, day));
    },
  ),
];
