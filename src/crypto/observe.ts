import { createHash } from 'node:crypto';
import { UsageError } from '../model/index.ts';
import { asObservations, type CryptoObservation, type Sighting } from './observation.ts';

/** A file as adapters see it. */
export interface Evidence {
  readonly bytes: Uint8Array;
  /** Its base name; a hint, never the ground on which a type is chosen alone. */
  readonly name: string;
  /** The bytes as Latin-1, so that every byte is one character. */
  readonly text: string;
}

export interface Adapter {
  readonly type: string;
  /** True if the content is of this type. The first adapter that says so is taken. */
  readonly detect: (evidence: Evidence) => boolean;
  readonly read: (evidence: Evidence) => Iterable<Sighting> | CryptoObservation[] | Promise<Iterable<Sighting>>;
  readonly version: string;
}

/** Larger captures are not read. */
const MAX_BYTES = 256 * 1024 * 1024;
/** No configuration, certificate bundle or scan result is longer; of anything longer only the beginning is looked at. */
const MAX_TEXT = 16 * 1024 * 1024;

/** Kinds of evidence, in the order in which they are tried; captures and results have marks that nothing else has. */
const ADAPTERS: readonly (() => Promise<Adapter>)[] = [
  async () => (await import('./adapters/observations.ts')).observationsAdapter,
  async () => (await import('./adapters/capture.ts')).captureAdapter,
  async () => (await import('./adapters/testssl.ts')).testsslAdapter,
  async () => (await import('./adapters/sslyze.ts')).sslyzeAdapter,
  async () => (await import('./adapters/sslscan.ts')).sslscanAdapter,
  async () => (await import('./adapters/nmap.ts')).nmapAdapter,
  async () => (await import('./adapters/keystores.ts')).pkcs12Adapter,
  async () => (await import('./adapters/keystores.ts')).jksAdapter,
  async () => (await import('./adapters/certificates.ts')).certificatesAdapter,
  async () => (await import('./adapters/lshmc.ts')).lshmcAdapter,
  async () => (await import('./adapters/java.ts')).javaSecurityAdapter,
  async () => (await import('./adapters/java.ts')).sslClientPropsAdapter,
  async () => (await import('./adapters/postfix.ts')).postfixAdapter,
  async () => (await import('./adapters/apache.ts')).apacheAdapter,
  async () => (await import('./adapters/nginx.ts')).nginxAdapter,
  async () => (await import('./adapters/strongswan.ts')).swanctlAdapter,
  async () => (await import('./adapters/strongswan.ts')).ipsecConfAdapter,
  async () => (await import('./adapters/stunnel.ts')).stunnelAdapter,
  async () => (await import('./adapters/openssl-cnf.ts')).opensslCnfAdapter,
  async () => (await import('./adapters/haproxy.ts')).haproxyAdapter,
  async () => (await import('./adapters/sshd.ts')).sshdAdapter,
];

/** Types that `--type` accepts. */
async function evidenceTypes(): Promise<string[]> {
  return (await Promise.all(ADAPTERS.map((load) => load()))).map(({ type }) => type);
}

/**
 * Observations in a file, by its content. An empty answer means that the file is no evidence of cryptography as far as
 * this version knows; evidence that cannot be read is an observation of state `not-tested`. Content never throws.
 * @param type forces an adapter
 * @throws UsageError for an unknown type
 */
export async function observe(bytes: Uint8Array, name: string, type?: string): Promise<CryptoObservation[]> {
  const evidence = evidenceOf(bytes, name);
  const adapter = type === undefined ? await detect(evidence) : await named(type);
  if (adapter === undefined) return [];
  try {
    return await readBy(adapter, evidence, name, type !== undefined);
  } catch {
    // Hostile bytes and our own mistakes end the same way: not read.
    return unread(adapter, evidence, name, `the file cannot be read as ${adapter.type}`);
  }
}

async function readBy(
  adapter: Adapter,
  evidence: Evidence,
  name: string,
  forced: boolean,
): Promise<CryptoObservation[]> {
  const { bytes } = evidence;
  const limit = adapter.type === 'pcap' ? MAX_BYTES : MAX_TEXT;
  if (bytes.length > limit) return unread(adapter, evidence, name, 'the file is larger than this version reads');
  const read = [...(await adapter.read(evidence))];
  if (read.length === 0) return forced ? unread(adapter, evidence, name, 'nothing of this type is in the file') : [];
  if ('source' in read[0]!) return read as CryptoObservation[];
  return asObservations(read as Sighting[], sourceOf(adapter, bytes), 'o', { file: name });
}

function sourceOf({ type, version }: Adapter, bytes: Uint8Array): CryptoObservation['source'] {
  return { adapter: type, version, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function unread(adapter: Adapter, { bytes }: Evidence, name: string, note: string): CryptoObservation[] {
  const sighting: Sighting = { layer: 'plain', role: 'offer', alg: adapter.type, state: 'not-tested', note };
  return asObservations([sighting], sourceOf(adapter, bytes), 'o', { file: name });
}

/**
 * Observations in several files an operator named, with ids that are unique over all of them. A file without any is an observation of state
 * `not-tested`.
 * @throws DataError for a file of observations that is not valid: its author can put it right
 */
export async function observeAll(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  type?: string,
): Promise<CryptoObservation[]> {
  const all: CryptoObservation[][] = [];
  for (const { bytes, name } of files) {
    const { observationsAdapter } = await import('./adapters/observations.ts');
    const evidence = evidenceOf(bytes, name);
    const own = type === observationsAdapter.type || (type === undefined && observationsAdapter.detect(evidence));
    all.push(own ? await readBy(observationsAdapter, evidence, name, true) : await observe(bytes, name, type));
  }
  const source = { adapter: 'none', version: '1' };
  return all.flatMap((found, at) => {
    const { name } = files[at]!;
    const note = 'no kind of evidence this version knows';
    const own =
      found.length > 0
        ? found
        : asObservations([{ layer: 'plain', role: 'offer', alg: 'file', state: 'not-tested', note }], source, 'o', {
            file: name,
          });
    return files.length === 1 ? own : own.map((one) => ({ ...one, id: `f${at + 1}.${one.id}` }));
  });
}

function evidenceOf(bytes: Uint8Array, name: string): Evidence {
  let text: string | undefined;
  return {
    bytes,
    name: name.slice(name.lastIndexOf('/') + 1),
    get text() {
      text ??= Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_TEXT)).toString('latin1');
      return text;
    },
  };
}

async function detect(evidence: Evidence): Promise<Adapter | undefined> {
  for (const load of ADAPTERS) {
    const adapter = await load();
    if (adapter.detect(evidence)) return adapter;
  }
  return undefined;
}

async function named(type: string): Promise<Adapter> {
  for (const load of ADAPTERS) {
    const adapter = await load();
    if (adapter.type === type) return adapter;
  }
  throw new UsageError(`unknown type of evidence "${type}"`, [`known: ${(await evidenceTypes()).join(', ')}`]);
}
