import { createReadStream } from 'node:fs';
import { UsageError } from '../model/index.ts';
import { parseRange } from './address.ts';
import type { Evidence } from './check.ts';
import { parseDeclared, type Situation } from './expected.ts';
import type { ProductFacts } from './lifecycle.ts';
import type { EndpointCatalog } from './load.ts';

/** What an operator gave, before it was looked at. */
export interface GivenFacts {
  readonly platform?: string | undefined;
  readonly processor?: number | undefined;
  readonly introduced?: number | undefined;
  readonly ds8880Release?: string | undefined;
}

export interface GivenSituation extends GivenFacts {
  readonly profile: string;
  readonly region?: string | undefined;
  readonly session: boolean;
  readonly nat?: boolean | undefined;
  readonly hmc?: readonly string[] | undefined;
  readonly allow?: readonly string[] | undefined;
}

/** @throws UsageError that lists the known platforms or says how a release looks */
export function factsFrom(catalog: EndpointCatalog, given: GivenFacts): ProductFacts {
  known('platform', given.platform, catalog.platforms);
  const release = given.ds8880Release?.replace(/^R/i, '');
  if (release !== undefined && release !== 'none' && !/^\d+(?:\.\d+)*$/.test(release)) {
    throw new UsageError(`"${given.ds8880Release}" is no release`, [
      'write it as 8.0 or R8.0, or none for an older DS8000',
    ]);
  }
  const { platform, processor, introduced } = given;
  return { platform, processor, introduced, ds8880Release: release };
}

/** @throws UsageError for a word that the catalog does not know or an address that is none */
export function situationFrom(catalog: EndpointCatalog, given: GivenSituation): Situation {
  known('profile', given.profile, catalog.profiles);
  known('region', given.region, [...new Set(catalog.groups.flatMap(({ region }) => region ?? []))]);
  for (const address of given.hmc ?? []) {
    if (parseRange(address) === undefined) throw new UsageError(`"${address}" is no address of a console`);
  }
  const declared = (given.allow ?? []).map((text) => {
    const endpoint = parseDeclared(text);
    if (endpoint !== undefined) return endpoint;
    throw new UsageError(`"${text}" is no target`, [
      'write host:port, [ipv6]:port or in:port, with /udp where it is UDP',
    ]);
  });
  const { profile, region, session, nat } = given;
  return { ...factsFrom(catalog, given), profile, region, session, nat, own: given.hmc ?? [], declared };
}

function known(what: string, given: string | undefined, words: readonly string[]): void {
  if (given === undefined || words.includes(given)) return;
  throw new UsageError(`unknown ${what} "${given}"`, [`known: ${words.join(', ')}`]);
}

/** Rule sets and logs are text; a byte that is no UTF-8 stays one character. */
export async function readEvidenceFile(file: string): Promise<Evidence> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of file === '-' ? process.stdin : createReadStream(file)) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > MOST_BYTES) break;
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    throw new UsageError(`cannot read ${file} (${code})`, ['check the path and its permissions']);
  }
  if (size > MOST_BYTES) {
    throw new UsageError(`${file} is larger than ${MOST_BYTES / 1024 / 1024} MiB`, [
      'split it between lines, for example with split -C 200m, and check the parts',
    ]);
  }
  return { file, text: decode(Buffer.concat(parts)) };
}

/** All of it is held in memory, with what was read from it. */
const MOST_BYTES = 256 * 1024 * 1024;

function decode(bytes: Uint8Array): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(wide).decode(bytes);
}
