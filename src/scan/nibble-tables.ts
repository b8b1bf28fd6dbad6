import { BYTE_SHARES, type ByteSet, PREFIX_BYTES, type Prefix } from '../rules/index.ts';

const BUCKETS = 8;
const PLACES = 1 + PREFIX_BYTES;

/** Bytes of the tables of one rule: two of sixteen for the byte before a match and each of its first ones. */
export const NIBBLE_TABLES = 32 * PLACES;

/** Beyond this, a way is not split further. */
const MAX_WAYS = 200;

/** Bytes by their nibbles: all whose low one is among the first sixteen bits and whose high one is among the others. */
type Rectangle = number;

interface Bucket {
  readonly places: readonly Rectangle[];
  /** About how likely the bytes at a place begin a match by it. */
  readonly chance: number;
}

/**
 * Ways to begin, dealt out to eight buckets, as bit masks of buckets by the low and by the high nibble of each byte (the
 * idea of Teddy, in Hyperscan and the Rust regex crates). A set of which that is not the whole truth, such as the bytes
 * that no word holds, is split into several for which it is, as far as there are buckets.
 */
export function nibbleTables(prefixes: readonly Prefix[]): Uint8Array {
  const tables = new Uint8Array(NIBBLE_TABLES);
  dealt(split(prefixes)).forEach(({ places }, bucket) => {
    places.forEach((rectangle, place) => {
      for (let nibble = 0; nibble < 16; nibble++) {
        if ((rectangle >> nibble) & 1) tables[32 * place + nibble]! |= 1 << bucket;
        if ((rectangle >> (16 + nibble)) & 1) tables[32 * place + 16 + nibble]! |= 1 << bucket;
      }
    });
  });
  return tables;
}

/** Ways whose sets are rectangles; the first places are split first, as long as the ways do not become too many. */
function split(prefixes: readonly Prefix[]): (readonly Rectangle[])[] {
  let ways = prefixes.map((): readonly Rectangle[] => []);
  let rest = prefixes;
  for (let place = 0; place < PLACES; place++) {
    const parts = rest.map((way) => rectanglesOf(way[place]!));
    const total = parts.reduce((sum, { length }) => sum + length, 0);
    const chosen = total <= MAX_WAYS ? parts : parts.map((some) => [some.reduce((all, one) => all | one, 0)]);
    ways = ways.flatMap((way, index) => chosen[index]!.map((rectangle) => [...way, rectangle]));
    rest = rest.flatMap((way, index) => chosen[index]!.map(() => way));
  }
  return ways;
}

const asRectangles = new Map<ByteSet, readonly Rectangle[]>();

function rectanglesOf(set: ByteSet): readonly Rectangle[] {
  let rectangles = asRectangles.get(set);
  if (!rectangles) {
    const highs = new Map<number, number>();
    for (let high = 0; high < 16; high++) {
      let lows = 0;
      for (let low = 0; low < 16; low++) lows |= set[16 * high + low]! << low;
      highs.set(lows, (highs.get(lows) ?? 0) | (1 << high));
    }
    highs.delete(0);
    rectangles = highs.size === 0 ? [0] : Array.from(highs, ([lows, these]) => lows | (these << 16));
    asRectangles.set(set, rectangles);
  }
  return rectangles;
}

/** Puts together two and two until eight are left: what costs the fewest false places first. */
function dealt(ways: readonly (readonly Rectangle[])[]): readonly Bucket[] {
  const buckets: Bucket[] = ways.map((places) => ({ places, chance: chanceOf(places) }));
  /** Of each bucket, what it costs to put it together with each one before it. */
  const costs = buckets.map((right, index) => buckets.slice(0, index).map((left) => costOf(left, right)));
  while (buckets.length > BUCKETS) {
    let [left, right] = [0, 1];
    costs.forEach((some, later) => {
      some.forEach((cost, earlier) => {
        if (cost < costs[right]![left]!) [left, right] = [earlier, later];
      });
    });
    const both = joined(buckets[left]!, buckets[right]!);
    buckets[left] = both;
    for (const list of [buckets, costs]) list.splice(right, 1);
    for (const some of costs.slice(right)) some.splice(right, 1);
    costs[left] = buckets.slice(0, left).map((other) => costOf(other, both));
    for (let later = left + 1; later < buckets.length; later++) costs[later]![left] = costOf(both, buckets[later]!);
  }
  return buckets;
}

function costOf(left: Bucket, right: Bucket): number {
  return joined(left, right).chance - left.chance - right.chance;
}

function joined(left: Bucket, right: Bucket): Bucket {
  const places = left.places.map((rectangle, place) => rectangle | right.places[place]!);
  return { places, chance: chanceOf(places) };
}

/** Digits, letters, all else: how likely a byte of one kind is followed by one of each. Numbers and words are runs. */
const FOLLOWS = [
  [0.6, 0.1, 0.3],
  [0.04, 0.76, 0.2],
  [0.15, 0.35, 0.5],
] as const;
const KINDS = FOLLOWS.length;
const KIND_OF = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /[0-9]/.test(char) ? 0 : /[A-Za-z]/.test(char) ? 1 : 2;
});
const KIND_SHARES = sharesWhere(() => true);

/** About how likely bytes in a row lie in the rectangles, whatever stands before them. */
function chanceOf(places: readonly Rectangle[]): number {
  let chances: readonly number[] = sharesOf(places[0]!);
  for (const rectangle of places.slice(1)) {
    const shares = sharesOf(rectangle);
    chances = shares.map(
      (share, kind) =>
        (share / KIND_SHARES[kind]!) * chances.reduce((sum, before, from) => sum + before * FOLLOWS[from]![kind]!, 0),
    );
  }
  return chances.reduce((sum, chance) => sum + chance, 0);
}

const known = new Map<Rectangle, readonly number[]>();

function sharesOf(rectangle: Rectangle): readonly number[] {
  let shares = known.get(rectangle);
  if (!shares) {
    shares = sharesWhere((byte) => ((rectangle >> (byte & 15)) & (rectangle >> (16 + (byte >> 4))) & 1) === 1);
    known.set(rectangle, shares);
  }
  return shares;
}

/** Share of those bytes of ordinary payloads that `holds` accepts, kind by kind. */
function sharesWhere(holds: (byte: number) => boolean): readonly number[] {
  const shares = Array.from({ length: KINDS }, () => 0);
  for (let byte = 0; byte < 256; byte++) if (holds(byte)) shares[KIND_OF[byte]!]! += BYTE_SHARES[byte]!;
  return shares;
}
