import { createHash } from 'node:crypto';
import { UsageError } from '../model/index.ts';
import { MalformedEvidence } from './der.ts';
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

/** Larger files are not read: no configuration or certificate is that long, and captures have a limit of their own. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Kinds of evidence, in the order in which they are tried; captures and results have marks that nothing else has. */
const ADAPTERS: readonly (() => Promise<Adapter>)[] = [
  async () => (await import('./adapters/observations.ts')).observationsAdapter,
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
export async function evidenceTypes(): Promise<string[]> {
  return (await Promise.all(ADAPTERS.map((load) => load()))).map(({ type }) => type);
}

/**
 * Observations in a file, by its content. An empty answer means that the file is no evidence of cryptography as far as
 * this version knows; evidence that cannot be read is an observation of state `not-tested`.
 * @param type forces an adapter
 * @throws UsageError for an unknown type
 */
export async function observe(bytes: Uint8Array, name: string, type?: string): Promise<CryptoObservation[]> {
  const evidence = evidenceOf(bytes, name);
  const adapter = type === undefined ? await detect(evidence) : await named(type);
  if (adapter === undefined) return [];
  const source = {
    adapter: adapter.type,
    version: adapter.version,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  const subject = { file: name };
  const unread = (note: string): CryptoObservation[] =>
    asObservations(
      [{ layer: 'plain', role: 'offer', alg: adapter.type, state: 'not-tested', note }],
      source,
      'o',
      subject,
    );
  if (bytes.length > MAX_BYTES) return unread('the file is larger than this version reads');
  try {
    const read = [...(await adapter.read(evidence))];
    if (read.length === 0) return type === undefined ? [] : unread('nothing of this type is in the file');
    if ('source' in read[0]!) return read as CryptoObservation[];
    return asObservations(read as Sighting[], source, 'o', subject);
  } catch (error) {
    if (error instanceof MalformedEvidence) return unread(`the file cannot be read as ${adapter.type}`);
    throw error;
  }
}

/**
 * Observations in several files, with ids that are unique over all of them. A file without any is an observation of state
 * `not-tested`: the operator named it as evidence.
 */
export async function observeAll(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  type?: string,
): Promise<CryptoObservation[]> {
  const all = await Promise.all(files.map(({ bytes, name }) => observe(bytes, name, type)));
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
      text ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
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
