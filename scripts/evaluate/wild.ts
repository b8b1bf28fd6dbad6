import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Cases as they stand in other people's files (`wild.yaml`), by what they are for. */
export interface WildCases {
  readonly serviceTokens: readonly string[];
  readonly assigned: readonly string[];
  readonly connections: readonly string[];
  readonly harmless: readonly string[];
  /** Texts by the beginning of the class that must be found in them. */
  readonly personal: Readonly<Record<string, readonly string[]>>;
  readonly nobody: readonly string[];
}

const file = fileURLToPath(new URL('../../../scripts/evaluate/wild.yaml', import.meta.url));
export const WILD = parse(readFileSync(file, 'utf8')) as WildCases;
