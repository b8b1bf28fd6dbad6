import { renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { buildDraft } from './build-draft.ts';
import type { Doc, Draft } from './draft.ts';
import { plantLeak } from './leaks.ts';
import { packBundle } from './pack-bundle.ts';
import { Rng } from './rng.ts';
import { CountingSink, FileSink } from './sink.ts';
import { stamp } from './site.ts';

export interface SampleOptions {
  readonly out: string;
  /** Size of the bundle in bytes; without it the bundle is as small as its documented files allow (about 0.2 MiB). */
  readonly size?: number;
  readonly seed: number | string;
  /** `NAME` or `NAME@PLACE`, each planted once. */
  readonly leaks?: readonly string[];
  /** Ids of documents or dump types to leave out. */
  readonly without?: readonly string[];
  /** Put everything under one directory. */
  readonly wrapper?: boolean;
}

interface PlantedLeak {
  readonly name: string;
  readonly class: string;
  readonly path: readonly string[];
  readonly where: string;
  readonly view: string;
  readonly verdict: 'held' | 'incomplete';
  /** The audit must give at least one of these. */
  readonly reasons: readonly string[];
}

/** What is in a bundle, for a judge of the judge. */
export interface Truth {
  readonly schema: 'clearance.sample-truth/1';
  readonly seed: string;
  readonly bundle: { readonly name: string; readonly size: number; readonly sha256: string };
  readonly outcome: 'cleared' | 'held' | 'incomplete';
  readonly leaks: readonly PlantedLeak[];
}

/** Writes one bundle, whole or not at all. The same options give the same bytes anywhere. */
export function writeSample(options: SampleOptions): Promise<Truth> {
  return Promise.resolve().then(() => write(options));
}

function write(options: SampleOptions): Truth {
  const rng = new Rng(`clearance sample ${options.seed}`);
  const draft = leaveOut(buildDraft(rng.fork('draft')), options.without ?? []);
  const name = basename(options.out);
  const wrapper = options.wrapper ? `IQYY${draft.site.hmc.serial}.${stamp(draft.site.now)}/` : '';
  const leaks = (options.leaks ?? []).map((asked): PlantedLeak => {
    const { leak, chain } = plantLeak(draft, asked, rng);
    const [first = '', ...rest] = chain;
    return {
      name: leak.name,
      class: leak.class,
      path: [name, wrapper + first, ...rest],
      where: leak.where,
      view: leak.view,
      verdict: leak.verdict,
      reasons: leak.reasons,
    };
  });
  const growth = { rng: rng.fork('growth'), scratch: `${options.out}.part` };
  const base = new CountingSink();
  packBundle(draft, base, { ...growth, bytes: 0, total: 0 }, wrapper);
  const wanted = options.size ?? base.size;
  if (wanted < base.size * 0.9)
    throw new RangeError(`the documented files alone take ${base.size} bytes: ask for more than that`);
  const file = new FileSink(`${options.out}.part`);
  packBundle(draft, file, { ...growth, bytes: Math.max(0, wanted - base.size), total: wanted }, wrapper);
  const sha256 = file.close();
  renameSync(file.path, options.out);
  const held = leaks.some((leak) => leak.verdict === 'held');
  return {
    schema: 'clearance.sample-truth/1',
    seed: String(options.seed),
    bundle: { name, size: file.size, sha256 },
    outcome: held ? 'held' : leaks.length > 0 ? 'incomplete' : 'cleared',
    leaks,
  };
}

export function writeTruth(path: string, truth: Truth): void {
  writeFileSync(path, `${JSON.stringify(truth, undefined, 2)}\n`, { mode: 0o600 });
}

function leaveOut(draft: Draft, without: readonly string[]): Draft {
  const known = new Set(
    [...draft.top, ...draft.acuppd, ...draft.dumps].flatMap((doc) => [doc.id, 'type' in doc ? doc.type : doc.id]),
  );
  const unknown = without.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new RangeError(`no file of a bundle is named ${unknown.join(', ')}`);
  const keep = (doc: Doc): boolean => !without.includes(doc.id);
  return {
    ...draft,
    top: draft.top.filter(keep),
    acuppd: draft.acuppd.filter(keep),
    dumps: draft.dumps.filter((dump) => !without.includes(dump.type) && !without.includes(dump.id)),
  };
}
