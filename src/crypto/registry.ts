import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../catalog/index.ts';
import { type SuiteParts, suiteParts } from './suite-name.ts';

export interface Suite extends SuiteParts {
  /** 4 lower-case hex digits; 6 for SSLv2. */
  readonly id: string;
  readonly code: number;
  readonly name: string;
  /** Name in OpenSSL, today's or the last one it had. */
  readonly openssl: string | null;
  /** `i` assigned by IANA; `o` with `3|1|2|4`: in a default build of OpenSSL 3.0, from SSLv3, TLS 1.0, 1.2 or 1.3. */
  readonly flags: string;
}

export interface Group {
  readonly code: number;
  readonly name: string;
  readonly kind: 'ec' | 'ff' | 'kem' | 'hybrid' | 'draft' | 'explicit';
  readonly bits: number | null;
}

export interface SignatureScheme {
  readonly code: number;
  readonly name: string;
  readonly alg: string;
  readonly hash: string | null;
}

type Row<T extends unknown[]> = T;
interface RegistryFile {
  suites: Row<[string, string, string | null, string]>[];
  sslv2: Row<[string, string, string | null]>[];
  groups: Row<[string, string, Group['kind'], number | null]>[];
  signatureSchemes: Row<[string, string, string, string | null]>[];
  dhPrimes: Row<[string, string]>[];
}

/** The IANA registry and what is in use beside it (`catalog/crypto/registry/tls.json`), indexed. */
export interface Registry {
  readonly suites: ReadonlyMap<string, Suite>;
  readonly byName: ReadonlyMap<string, Suite>;
  readonly byOpenssl: ReadonlyMap<string, Suite>;
  readonly groups: ReadonlyMap<number, Group>;
  readonly signatureSchemes: ReadonlyMap<number, SignatureScheme>;
  /** Group by the SHA-256 of its prime. */
  readonly dhPrimes: ReadonlyMap<string, string>;
}

let loaded: Registry | undefined;

/**
 * The registry is built in and cannot be replaced, so that it is parsed as plain JSON and its schema is held by a test:
 * validating 400 rows at every start would cost more than scanning a server.
 */
export function registry(): Registry {
  loaded ??= load(
    JSON.parse(readFileSync(join(packageRoot, 'catalog', 'crypto', 'registry', 'tls.json'), 'utf8')) as RegistryFile,
  );
  return loaded;
}

function load(file: RegistryFile): Registry {
  const suites = new Map<string, Suite>();
  const byName = new Map<string, Suite>();
  const byOpenssl = new Map<string, Suite>();
  const rows = [...file.suites, ...file.sslv2.map(([id, name, openssl]) => [id, name, openssl, ''] as const)];
  for (const [id, name, openssl, flags] of rows) {
    const suite: Suite = { id, code: Number.parseInt(id, 16), name, openssl, flags, ...suiteParts(name) };
    suites.set(id, suite);
    // Names that IANA assigned win over drafts' reuse of the same name, and TLS over SSLv2.
    if (!byName.has(name) || flags.includes('i')) byName.set(name, suite);
    if (openssl !== null && !byOpenssl.has(openssl)) byOpenssl.set(openssl, suite);
  }
  const number = (hex: string) => Number.parseInt(hex, 16);
  return {
    suites,
    byName,
    byOpenssl,
    groups: new Map(
      file.groups.map(([hex, name, kind, bits]) => [number(hex), { code: number(hex), name, kind, bits }]),
    ),
    dhPrimes: new Map(file.dhPrimes),
    signatureSchemes: new Map(
      file.signatureSchemes.map(([hex, name, alg, hash]) => [number(hex), { code: number(hex), name, alg, hash }]),
    ),
  };
}
