import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Case } from './cases.ts';
import { made } from './made-values.ts';
import type { Chance } from './random.ts';

/** Cases of one class, written before the rules were looked at (`blind/`). */
interface Group {
  readonly group: string;
  /** The beginning of the entity class to be found; empty for addresses of networks and mail. */
  readonly family: string;
  readonly true: readonly string[];
  readonly false: readonly string[];
}

const folder = fileURLToPath(new URL('../../../scripts/evaluate/blind/', import.meta.url));

/** The sets by the order of their file names, with every value drawn or made. */
export function blindCases(chance: Chance): Case[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const set = file.slice(0, file.indexOf('-'));
      return (parse(readFileSync(folder + file, 'utf8')) as Group[]).flatMap(({ group, family, ...texts }) =>
        [true, false].flatMap((positive) =>
          texts[String(positive) as 'true' | 'false'].map((text) => ({
            group: `${set} set: ${group}`,
            family,
            positive,
            text: chance.fill(made(text, chance)),
          })),
        ),
      );
    });
}
