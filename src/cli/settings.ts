import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readCatalogFile } from '../catalog/index.ts';
import { UsageError } from '../model/index.ts';
import { type Variable, variable } from './environment.ts';

/** Keys of `clearance.yaml` (`schemas/config.schema.json`). */
export interface Config {
  readonly inventory?: string;
  readonly platform?: string;
  readonly packs?: readonly string[];
  readonly policy?: string;
  readonly cryptoPolicy?: string;
  readonly fingerprintKey?: string;
  readonly waivers?: string;
  readonly baseline?: string;
  readonly limits?: Readonly<Record<string, number | string>>;
}

const NAME = 'clearance.yaml';

/**
 * Reads the configuration named by `--config` or CLEARANCE_CONFIG, else `clearance.yaml` of the working directory. A file
 * that lies inside a path being audited is the sender's, not the operator's: it is refused if named, passed over if found.
 * @throws UsageError, DataError
 */
export function readConfig(named: string | undefined, audited: readonly string[]): Config {
  const path = named ?? variable('CONFIG') ?? (existsSync(NAME) ? NAME : undefined);
  if (path === undefined) return {};
  if (audited.some((root) => root !== '-' && liesInside(path, root))) {
    if (path === NAME && named === undefined) return {};
    throw new UsageError(`the configuration ${path} lies inside a path being audited`, [
      'a payload must not configure its own audit; keep the file elsewhere',
    ]);
  }
  const { value } = readCatalogFile<Config>(path, 'config');
  const from = dirname(path);
  // Files named in the configuration are found from where it lies, not from where the command runs.
  const beside = (file: string): string => (/[/\\]/.test(file) && !isAbsolute(file) ? join(from, file) : file);
  const at = (file: string): string => (isAbsolute(file) ? file : join(from, file));
  return {
    ...value,
    ...(value.inventory && { inventory: beside(value.inventory) }),
    ...(value.policy && { policy: beside(value.policy) }),
    ...(value.cryptoPolicy && { cryptoPolicy: beside(value.cryptoPolicy) }),
    ...(value.packs && { packs: value.packs.map(beside) }),
    ...(value.fingerprintKey && { fingerprintKey: at(value.fingerprintKey) }),
    ...(value.waivers && { waivers: at(value.waivers) }),
    ...(value.baseline && { baseline: at(value.baseline) }),
  };
}

/** One option's value: flag, then its variable, then configuration, then default. */
export function setting<T extends string | undefined>(
  flag: string | undefined,
  name: Variable,
  configured: string | undefined,
  otherwise: T,
): string | T {
  return flag ?? variable(name) ?? configured ?? otherwise;
}

/** As `setting`, for repeatable options; the variable separates with commas. */
export function listSetting<T extends readonly string[] | undefined>(
  flags: readonly string[] | undefined,
  name: Variable,
  configured: readonly string[] | undefined,
  otherwise: T,
): readonly string[] | T {
  return flags ?? variable(name)?.split(',') ?? configured ?? otherwise;
}

/** True if the file is the path itself or lies below it, links followed. */
export function liesInside(path: string, root: string): boolean {
  if (!existsSync(path) || !existsSync(root)) return false;
  const inside = relative(realpathSync(resolve(root)), realpathSync(resolve(path)));
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

/**
 * What of the outputs can be told before the audit: no report is written over what it speaks of, and a statement needs a
 * payload with a digest.
 * @throws UsageError
 */
export function checkOutputs(
  outputs: readonly { readonly format: string; readonly path: string }[],
  audited: readonly string[],
): void {
  const lost = outputs.find(({ path }) => audited.some((root) => root !== '-' && liesInside(path, root)));
  if (lost !== undefined) {
    throw new UsageError(`${lost.path} belongs to what is audited, and would be replaced`, ['write reports elsewhere']);
  }
  const single = audited.length === 1 && !statSync(audited[0] as string, { throwIfNoEntry: false })?.isDirectory();
  if (!single && outputs.some(({ format }) => format === 'in-toto')) {
    throw new UsageError('an in-toto statement speaks of one payload that is one file', [
      'audit the archive itself, or leave out -o in-toto=FILE',
    ]);
  }
}
