import { createHash } from 'node:crypto';
import type { FindingPlace, LocatedAt } from '../../model/index.ts';

/** A located stretch of an entry: `[begin, end)` in bytes, and what it is an instance of. */
export interface Located extends LocatedAt {
  readonly begin: number;
  readonly end: number;
}

/** Located stretches of one entry that are kept; what lies beyond is not located, so it is not allowed either. */
const MAX_LOCATED = 20_000;
/** Text of one located element that is compared; a longer one is not located. */
export const MAX_TEXT = 64 * 1024;

/** Collects where the asked-for locators hold in an entry. */
export class LocatedPlaces {
  readonly #places: Located[] = [];

  add(locator: string, begin: number, end: number, text: string): void {
    if (this.#places.length >= MAX_LOCATED || text.length > MAX_TEXT) return;
    this.#places.push({ locator, begin, end, instance: instanceOf(text) });
  }

  /** Writes into each finding which locators hold around it. The findings are in order of their offset. */
  annotate(findings: readonly { readonly at: FindingPlace; located: LocatedAt[] }[]): void {
    const places = this.#places.sort((left, right) => left.begin - right.begin);
    let next = 0;
    let open: Located[] = [];
    for (const finding of findings) {
      const { offset, length } = finding.at;
      while (next < places.length && places[next]!.begin <= offset) open.push(places[next++]!);
      open = open.filter((place) => place.end > offset);
      finding.located = open
        .filter((place) => offset + length <= place.end)
        .map(({ locator, instance }) => ({ locator, instance }));
    }
  }
}

/** The same words in the same order are the same instance, however they are spaced and written. */
function instanceOf(text: string): string {
  const normal = text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return createHash('sha256').update(normal).digest('hex');
}
