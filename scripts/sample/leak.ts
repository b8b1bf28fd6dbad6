import type { Doc, Draft } from './draft.ts';
import { plant, type Spot } from './plant.ts';
import type { Rng } from './rng.ts';
import { iban } from './secrets.ts';
import { isoTime, mailDomain, type Person, person, type Site, syslogTime } from './site.ts';

export interface Scene {
  readonly draft: Draft;
  readonly site: Site;
  readonly rng: Rng;
  /** The document the leak goes to. */
  readonly at: Spot;
}

/** What a leak adds to the truth: where it lies (inside the bundle) and, if not as the definition says, how. */
export type Planted = readonly string[];

export interface Leak {
  readonly name: string;
  readonly title: string;
  /** Entity class, or the kind of violation. */
  readonly class: string;
  /** Id of the document it goes to unless another is named. */
  readonly place: string;
  readonly where: 'content' | 'name' | 'link-target' | 'gzip-name' | 'pax-header' | 'archive-comment' | 'tail';
  readonly view: string;
  readonly verdict: 'held' | 'incomplete';
  /** At least one of these reason codes must be given. */
  readonly reasons: readonly string[];
  /** True if `@PLACE` may move it. */
  readonly movable: boolean;
  readonly put: (scene: Scene) => Planted;
}

export type Options = Partial<Pick<Leak, 'where' | 'view' | 'verdict' | 'reasons' | 'movable'>>;

export function leak(
  name: string,
  place: string,
  kind: string,
  title: string,
  put: (scene: Scene) => Planted,
  options: Options = {},
): Leak {
  return {
    name,
    title,
    class: kind,
    place,
    put,
    where: 'content',
    view: 'utf-8',
    verdict: 'held',
    reasons: ['client-data'],
    movable: false,
    ...options,
  };
}

/** A leak that is a piece of text or bytes: it can be put into any document. */
export function value(
  name: string,
  place: string,
  kind: string,
  title: string,
  make: (scene: Scene) => string | Buffer,
  options: Options = {},
): Leak {
  const put = (scene: Scene): Planted => {
    plant(scene.at.doc, make(scene), scene.rng);
    return scene.at.chain;
  };
  return leak(name, place, kind, title, put, { movable: true, ...options });
}

/** A leak that is a file of its own, beside the document of its place. */
export function file(
  name: string,
  place: 'ud' | 'problems',
  kind: string,
  title: string,
  make: (scene: Scene) => Doc,
  options: Options = {},
): Leak {
  const put = ({ draft, at, ...scene }: Scene): Planted => {
    const doc = make({ draft, at, ...scene });
    (place === 'ud' ? draft.acuppd : draft.top).push(doc);
    return [...at.chain.slice(0, -1), doc.path];
  };
  return leak(name, place, kind, title, put, options);
}

export const client = (rng: Rng): Person => person(rng, mailDomain(rng));
export const slog = ({ site }: Scene, words: string): string =>
  `${syslogTime(site.now - 4000)} ${site.hmc.host} ${words}`;
export const iqyy = ({ site, rng }: Scene, words: string): string =>
  `${50000000 + rng.int(99999)} ${isoTime(site.now - 4000)}.117 ${words}`;
export const customers = (rng: Rng, count: number): string =>
  `customer_no,last_name,first_name,email,phone,iban\n${Array.from({ length: count }, () => {
    const p = client(rng);
    return `${rng.digits(7)},${p.last},${p.first},${p.email},${p.phone},${iban(rng)}\n`;
  }).join('')}`;
export const personal: Options = { reasons: ['client-data', 'undocumented-disclosure'] };
export const ud = 'tmp/console/ud';
