import { certificateSightings } from '../certificate.ts';
import { children, element, MalformedEvidence, oid } from '../der.ts';
import type { Sighting } from '../observation.ts';
import type { Adapter, Evidence } from '../observe.ts';

const BLOCK = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/** Certificates: PEM with any number of them, or one in DER. */
export const certificatesAdapter: Adapter = {
  type: 'certificate',
  version: '1',
  detect: ({ bytes, text }) => /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(text) || isDer(bytes),
  read: readCertificates,
};

/** SEQUENCE of SEQUENCE (tbs), SEQUENCE (algorithm), BIT STRING that ends with the file. */
function isDer(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30 || bytes.length < 64) return false;
  try {
    const whole = element(bytes, 0);
    const parts = children(whole);
    return (
      whole.end === bytes.length &&
      parts.length === 3 &&
      parts[0]!.tag === 0x30 &&
      parts[2]!.tag === 0x03 &&
      oid(children(parts[1]!)[0]) !== ''
    );
  } catch {
    return false;
  }
}

function* readCertificates({ bytes, text }: Evidence): Generator<Sighting> {
  if (isDer(bytes)) {
    yield* certificateSightings(bytes, 'certificate 1');
    return;
  }
  let number = 0;
  for (const match of text.matchAll(BLOCK)) {
    number++;
    const line = lineAt(text, match.index);
    try {
      for (const sighting of certificateSightings(Buffer.from(match[2]!, 'base64'), `certificate ${number}`)) {
        yield { ...sighting, subject: { line } };
      }
    } catch (error) {
      if (!(error instanceof MalformedEvidence)) throw error;
      yield unreadable(number, line);
    }
  }
  const begun = text.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g)?.length ?? 0;
  // A file that was cut may end within the line that begins another.
  if (begun > number || /(?:^|\n)-(?:-{0,4}|-{4}B[A-Z 0-9]*-{0,4})$/.test(text)) yield unreadable(number + 1, 1);
}

function unreadable(number: number, line: number): Sighting {
  const note = `certificate ${number} could not be read`;
  return { layer: 'cert', role: 'key', alg: 'certificate', state: 'not-tested', subject: { line }, note };
}

/** Line (from 1) of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
