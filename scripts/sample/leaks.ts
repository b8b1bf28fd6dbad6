import type { Draft } from './draft.ts';
import type { Leak } from './leak.ts';
import { ENCODED } from './leaks-encoded.ts';
import { FILES } from './leaks-files.ts';
import { PEOPLE } from './leaks-people.ts';
import { SECRETS } from './leaks-secrets.ts';
import { spot } from './plant.ts';
import type { Rng } from './rng.ts';

export const LEAKS: readonly Leak[] = [...SECRETS, ...PEOPLE, ...ENCODED, ...FILES];

/** Plants one leak, `NAME` or `NAME@PLACE`, and says where it lies. */
export function plantLeak(draft: Draft, asked: string, rng: Rng): { leak: Leak; chain: readonly string[] } {
  const [name, place] = asked.split('@', 2) as [string, string | undefined];
  const leak = LEAKS.find((candidate) => candidate.name === name);
  if (!leak) throw new RangeError(`no leak is named ${name}`);
  if (place !== undefined && !leak.movable) throw new RangeError(`${name} lies at ${leak.place} and cannot be moved`);
  const at = spot(draft, place ?? leak.place);
  if (!at) throw new RangeError(`no file of this bundle is named ${place ?? leak.place}`);
  return { leak, chain: leak.put({ draft, site: draft.site, rng: rng.fork(`leak/${asked}`), at }) };
}
