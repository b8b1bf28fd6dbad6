import { type ByteSet, likelihood, PREFIX_BYTES, type Prefix } from '../rules/index.ts';

const BUCKETS = 8;

/** Bytes of the tables of one rule: two of sixteen for the byte before a match and each of its first ones. */
export const NIBBLE_TABLES = 32 * (1 + PREFIX_BYTES);

/**
 * Ways to begin, dealt out to eight buckets, as bit masks of buckets by the low and by the high nibble of each byte (the
 * idea of Teddy, in Hyperscan and the Rust regex crates): a byte of a bucket's set has its bit in both, few others do.
 */
export function nibbleTables(prefixes: readonly Prefix[]): Uint8Array {
  const tables = new Uint8Array(NIBBLE_TABLES);
  dealt(prefixes).forEach((ways, bucket) => {
    for (const sets of ways) {
      sets.forEach((set, place) => {
        for (let byte = 0; byte < 256; byte++) {
          if (set[byte] !== 1) continue;
          tables[32 * place + (byte & 15)]! |= 1 << bucket;
          tables[32 * place + 16 + (byte >> 4)]! |= 1 << bucket;
        }
      });
    }
  });
  return tables;
}

interface Bucket {
  readonly ways: readonly Prefix[];
  /** The set of each place where all ways agree, and about how likely a byte of any of them is. */
  readonly sets: readonly (ByteSet | null)[];
  readonly shares: readonly number[];
}

/** Puts together what is alike, two and two, until eight are left: what costs the fewest false places first. */
function dealt(prefixes: readonly Prefix[]): readonly (readonly Prefix[])[] {
  const buckets: Bucket[] = prefixes.map((sets) => ({ ways: [sets], sets, shares: sets.map(likelihood) }));
  while (buckets.length > BUCKETS) {
    let least = Infinity;
    let pair: readonly [number, number] = [0, 1];
    for (let right = 1; right < buckets.length; right++) {
      for (let left = 0; left < right; left++) {
        const cost = chance(joint(buckets[left]!, buckets[right]!)) - chance(buckets[left]!.shares);
        if (cost < least) {
          least = cost;
          pair = [left, right];
        }
      }
    }
    const [left, right] = pair.map((index) => buckets[index]!) as [Bucket, Bucket];
    buckets[pair[0]] = {
      ways: [...left.ways, ...right.ways],
      sets: left.sets.map((set, place) => (set === right.sets[place] ? set : null)),
      shares: joint(left, right),
    };
    buckets.splice(pair[1], 1);
  }
  return buckets.map(({ ways }) => ways);
}

function joint(left: Bucket, right: Bucket): number[] {
  return left.shares.map((share, place) => {
    const set = left.sets[place];
    return set && set === right.sets[place] ? share : Math.min(1, share + right.shares[place]!);
  });
}

function chance(shares: readonly number[]): number {
  return shares.reduce((product, share) => product * share, 1);
}
