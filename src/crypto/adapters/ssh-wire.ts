import type { Sighting } from '../observation.ts';

const LISTS = ['kex', 'hostkey', 'cipher-c2s', 'cipher-s2c', 'mac-c2s', 'mac-s2c'] as const;
const ROLES = { kex: 'kex', hostkey: 'signature', cipher: 'offer', mac: 'mac' } as const;
/** Markers in the list of key exchanges that are no algorithms (RFC 8308, OpenSSH strict key exchange). */
const MARKERS = /^(?:ext-info-[cs]|kex-strict-[cs]-v00@openssh\.com)$/;

/** Version and SSH_MSG_KEXINIT (RFC 4253 s.4.2 and s.7.1) at the beginning of one side's stream. */
export function* sshSightings(
  bytes: Buffer,
  subject: NonNullable<Sighting['subject']>,
  side: string,
): Generator<Sighting> {
  const end = bytes.indexOf(10);
  const version = /^SSH-([0-9.]+)-/.exec(bytes.subarray(0, Math.min(end, 255)).toString('latin1'))?.[1];
  const note = side;
  if (version) yield { layer: 'ssh', role: 'offer', version, subject, note };
  const lists = version && end > 0 ? kexInit(bytes.subarray(end + 1)) : undefined;
  if (!lists) {
    yield {
      layer: 'ssh',
      role: 'offer',
      alg: 'KEXINIT',
      state: 'not-tested',
      subject,
      note: `${side}: its offer could not be read`,
    };
    return;
  }
  const seen = new Set<string>();
  for (const [at, name] of LISTS.entries()) {
    const role = ROLES[name.split('-')[0] as keyof typeof ROLES];
    for (const alg of lists[at] ?? []) {
      if (MARKERS.test(alg) || seen.has(`${role} ${alg}`)) continue;
      seen.add(`${role} ${alg}`);
      yield { layer: 'ssh', role, alg, subject, note };
    }
  }
}

function kexInit(packet: Buffer): string[][] | undefined {
  if (packet.length < 22) return undefined;
  const length = packet.readUInt32BE(0);
  const padding = packet[4]!;
  if (length > 35_000 || packet.length < 4 + length || packet[5] !== 20) return undefined;
  const body = packet.subarray(6 + 16, 4 + length - padding);
  const lists: string[][] = [];
  for (let at = 0; lists.length < LISTS.length; ) {
    if (at + 4 > body.length) return undefined;
    const size = body.readUInt32BE(at);
    if (at + 4 + size > body.length) return undefined;
    const names = body.subarray(at + 4, at + 4 + size).toString('latin1');
    lists.push(names === '' ? [] : names.split(','));
    at += 4 + size;
  }
  return lists;
}
