import type { Tier } from '../model/index.ts';

const LENGTHS = [7, 12, 20, 40, 64] as const;

/**
 * What is shown of a value: never a character of a T0 value nor of a short one, at most the first four and the last two
 * of others, and the length only as a class.
 */
export function maskedExcerpt(value: string, tier: Tier): string {
  const { length } = value;
  const index = LENGTHS.findIndex((limit) => length <= limit);
  const low = index < 0 ? 65 : index === 0 ? 1 : LENGTHS[index - 1]! + 1;
  const size = index < 0 ? '65 or more characters' : `${low} to ${LENGTHS[index]} characters`;
  if (tier === 'T0' || length <= 12) return `**** (${size})`;
  const kept = Math.min(4, Math.floor(length / 5));
  return `${plain(value.slice(0, kept))}****${plain(value.slice(-Math.min(2, kept)))} (${size})`;
}

/** Only printable ASCII reaches a report. */
function plain(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '.');
}
