import { Flags, type Interfaces } from '@oclif/core';
import { DEFAULT_LIMITS, type Limits, UsageError } from '../model/index.ts';
import { type Variable, variable } from './environment.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A count, or bytes with a unit: `500000`, `64GiB`, `64G`. */
function amount(where: string, text: string): number {
  const match = /^(\d{1,15})(?:([kmgt])i?b?|b)?$/i.exec(text.trim());
  const value = match ? Number(match[1]) * UNITS[(match[2] ?? '').toLowerCase()]! : Number.NaN;
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${where} ${text} is not a positive whole number`, [
    'write for example 500000, 256MiB or 64GiB',
  ]);
}

const limit = (name: string, description: string, byDefault: string) =>
  Flags.string({
    description: `${description} (default ${byDefault})`,
    helpGroup: 'LIMITS',
    parse: async (text) => String(amount(`--${name}`, text)),
  });

/** Where the parent stops the process that reads the payload: bytes of resident memory. */
export const rssFlag = { 'max-rss': limit('max-rss', 'memory of the process that reads the payload', '3GiB') };

/** Bytes of memory at which the parent stops the process that reads the payload. */
export function memoryFrom(flags: { readonly 'max-rss'?: string | undefined }): number {
  return given('max-rss', flags['max-rss']) ?? 3 * 2 ** 30;
}

/** A second opinion on tar and zip archives, for commands that say if a payload can be read. */
export const secondReaderFlag = {
  'second-reader': Flags.boolean({
    summary: 'Let tar and yauzl read tar and zip archives too; where they disagree, the payload is incomplete.',
  }),
};

/** The limits of the unpacker as flags, the same for every command that unpacks. */
export const limitFlags = {
  'max-bytes': limit('max-bytes', 'bytes that all decoders of a payload may give', '64GiB'),
  'max-ratio': limit('max-ratio', 'decoded bytes to bytes of the payload', '250'),
  'max-depth': limit('max-depth', 'levels of containers and codecs inside one another', '16'),
  'max-entries': limit('max-entries', 'entries of a payload', '500000'),
  'max-entry-metadata': limit('max-entry-metadata', 'header data of one entry', '1MiB'),
  'max-metadata': limit('max-metadata', 'header data of one container', '256MiB'),
  'max-memory': limit('max-memory', 'memory of one decoder', '256MiB'),
  'max-time': limit('max-time', 'seconds for a payload', '1800'),
  'max-stall': limit('max-stall', 'seconds without progress of a decoder', '60'),
};

/** What a flag says, then its variable, then the configuration; `undefined` where nothing does. */
function given(
  name: keyof typeof limitFlags | 'max-rss',
  flag: string | undefined,
  configured?: number | string,
): number | undefined {
  if (flag !== undefined) return Number(flag);
  const variableName = name.toUpperCase().replaceAll('-', '_') as Variable;
  const set = variable(variableName);
  if (set !== undefined) return amount(`CLEARANCE_${variableName}`, set);
  return configured === undefined ? undefined : amount(`limits.${name.slice('max-'.length)}`, String(configured));
}

/**
 * The limits that parsed flags stand for; where a flag is absent, its variable, then `limits` of the configuration (same
 * names without `max-`), then the default.
 * @throws UsageError for a value that is no amount
 */
export function limitsFrom(
  flags: Interfaces.InferredFlags<typeof limitFlags>,
  configured: Readonly<Record<string, number | string>> = {},
): Limits {
  const limit = (name: keyof typeof limitFlags): number | undefined =>
    given(name, flags[name], configured[name.slice('max-'.length)]);
  return {
    bytes: limit('max-bytes') ?? DEFAULT_LIMITS.bytes,
    ratio: limit('max-ratio') ?? DEFAULT_LIMITS.ratio,
    depth: limit('max-depth') ?? DEFAULT_LIMITS.depth,
    entries: limit('max-entries') ?? DEFAULT_LIMITS.entries,
    entryMetadata: limit('max-entry-metadata') ?? DEFAULT_LIMITS.entryMetadata,
    metadata: limit('max-metadata') ?? DEFAULT_LIMITS.metadata,
    memory: limit('max-memory') ?? DEFAULT_LIMITS.memory,
    time: limit('max-time') ?? DEFAULT_LIMITS.time,
    stall: limit('max-stall') ?? DEFAULT_LIMITS.stall,
  };
}
