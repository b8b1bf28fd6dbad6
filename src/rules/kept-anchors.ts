import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AnchorSet, type ByteSet, setOfBits } from './pattern/index.ts';
import type { CompiledRule } from './rule.ts';

/**
 * Written by the build beside this module's compiled form, hence by the same code that would derive the anchors: there is
 * none beside the sources. A file is named for the SHA-256 of its pack.
 */
const FOLDER = new URL('./kept/', import.meta.url);

/** What the build derived from a rule's pattern, so that it need not be parsed before it is tried. */
export interface KeptRule {
  readonly anchors: AnchorSet;
  readonly anchoredBy: CompiledRule['anchoredBy'];
}

/** Sets as hexadecimal bits; a rule as its cost, what anchors it, and for each anchor: sets, least, most, set between. */
interface KeptPack {
  readonly sets: readonly string[];
  readonly rules: readonly {
    readonly by: CompiledRule['anchoredBy'];
    readonly cost: number;
    readonly anchors: readonly (readonly [readonly number[], number, number, number])[];
  }[];
}

/** For each rule of the pack what the build kept; `undefined` if it kept nothing of these bytes. */
export function readKept(sha256: string): readonly KeptRule[] | undefined {
  let pack: KeptPack;
  try {
    pack = JSON.parse(readFileSync(new URL(`${sha256}.json`, FOLDER), 'utf8'));
  } catch {
    return undefined;
  }
  const sets = pack.sets.map((bits) => setOfBits(Buffer.from(bits, 'hex')));
  return pack.rules.map(({ by, cost, anchors }) => ({
    anchoredBy: by,
    anchors: {
      cost,
      anchors: anchors.map(([places, min, max, through]) => ({
        sets: places.map((place) => sets[place]!),
        before: { min, max },
        through: sets[through]!,
      })),
    },
  }));
}

/**
 * Keeps what was derived for the rules of a pack.
 * @public the build calls it, in its compiled form
 */
export function keepAnchors(sha256: string, rules: readonly CompiledRule[]): void {
  const sets: string[] = [];
  const known = new Map<ByteSet, number>();
  const numberOf = (set: ByteSet): number => {
    let number = known.get(set);
    if (number === undefined) {
      const bits = new Uint8Array(32);
      for (let byte = 0; byte < 256; byte++) bits[byte >> 3]! |= set[byte]! << (byte & 7);
      number = sets.push(Buffer.from(bits).toString('hex')) - 1;
      known.set(set, number);
    }
    return number;
  };
  const kept: KeptPack['rules'] = rules.map(({ anchors, anchoredBy }) => ({
    by: anchoredBy,
    cost: anchors.cost,
    anchors: anchors.anchors.map(
      ({ sets: places, before, through }) => [places.map(numberOf), before.min, before.max, numberOf(through)] as const,
    ),
  }));
  mkdirSync(fileURLToPath(FOLDER), { recursive: true });
  writeFileSync(new URL(`${sha256}.json`, FOLDER), JSON.stringify({ sets, rules: kept }));
}
