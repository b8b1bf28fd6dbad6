import { basename } from 'node:path';
import type { UnpackEvent } from '../model/index.ts';
import type { CryptoObservation } from './observation.ts';
import { observe } from './observe.ts';

/** Larger entries are no configuration and no certificate; captures inside a payload are content, not configuration. */
const MAX_BYTES = 256 * 1024;
/** What names or begins such files; a hint that saves time, the adapters decide by content. */
const NAMED =
  /(?:\.(?:conf|cnf|cfg|config|pem|crt|cer|der|p12|pfx|jks|props|properties|security)|sshd?_config|lshmc[^/]*)$/i;
const MARKED = [
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN TRUSTED CERTIFICATE-----',
  '-----BEGIN X509 CERTIFICATE-----',
  'ssl_protocols',
  'SSLProtocol',
  'ssl-default-bind',
  'CipherString',
];

/** Cryptography that one entry of a payload configures or carries. */
export interface EntryObservations {
  readonly ordinal: number;
  readonly observations: readonly CryptoObservation[];
}

/** Passes a walk through as it is, and hands what the small configurations and certificates in it say to `found`. */
export async function* watchEntries(
  events: AsyncIterable<UnpackEvent>,
  found: (seen: EntryObservations) => void,
): AsyncGenerator<UnpackEvent> {
  // A text may hold files of its own, whose events come before its end.
  const watched = new Map<number, { parts: Uint8Array[]; size: number } | undefined>();
  for await (const event of events) {
    const { entry } = event;
    const { ordinal } = entry;
    if (event.type === 'bytes' && entry.kind === 'file') {
      if (!watched.has(ordinal)) {
        const wanted = mayConfigure(entry.path.at(-1) ?? '', event.bytes);
        watched.set(ordinal, wanted ? { parts: [], size: 0 } : undefined);
      }
      const kept = watched.get(ordinal);
      if (kept) {
        kept.size += event.bytes.length;
        // The bytes are valid until the next event only.
        if (kept.size <= MAX_BYTES) kept.parts.push(Uint8Array.from(event.bytes));
        else watched.set(ordinal, undefined);
      }
    } else if (event.type === 'end') {
      const kept = watched.get(ordinal);
      watched.delete(ordinal);
      if (kept) {
        const observations = await observe(Buffer.concat(kept.parts), basename(entry.path.at(-1) ?? ''));
        if (observations.length > 0) found({ ordinal, observations });
      }
    }
    yield event;
  }
}

function mayConfigure(name: string, head: Uint8Array): boolean {
  if (head.length > MAX_BYTES) return false;
  if (NAMED.test(name)) return true;
  const text = Buffer.from(head.buffer, head.byteOffset, head.length);
  return MARKED.some((mark) => text.includes(mark, 0, 'latin1'));
}

/** What entries of the payload configure, with the names of the files: reported, and no ground for the verdict. */
export function inside(
  configured: readonly EntryObservations[],
  shown: { pathOf(ordinal: number): readonly string[] },
): CryptoObservation[] {
  return configured.flatMap(({ ordinal, observations }) => {
    const file = shown.pathOf(ordinal).join('/');
    return numbered(`p.${ordinal}`, observations).map((one) => ({ ...one, subject: { ...one.subject, file } }));
  });
}

/** Ids begin with where the evidence is from: `p` a payload's entry, `t` the transport it will leave on. */
export function numbered(origin: string, observations: readonly CryptoObservation[]): CryptoObservation[] {
  return observations.map((observation) => ({ ...observation, id: `${origin}.${observation.id}` }));
}
