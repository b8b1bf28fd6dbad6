import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';

/** sshd_config and ssh_config; `sshd -T` output reads the same. */
export const sshdAdapter: Adapter = {
  type: 'sshd',
  version: '1',
  detect: ({ text }) => {
    const marks = text.match(
      /^[ \t]*(?:#[ \t]*)?(?:Ciphers|MACs|KexAlgorithms|HostKeyAlgorithms|PermitRootLogin|PubkeyAuthentication|HostKey|AuthorizedKeysFile|StrictHostKeyChecking|Subsystem\s+sftp)\s+\S/gim,
    );
    return (marks?.length ?? 0) >= 2 || /^[ \t]*(?:Ciphers|KexAlgorithms|MACs)\s+[a-z0-9+^-][^\n=;{]*$/im.test(text);
  },
  read: ({ text }) => [...read(text)],
};

const LISTS: Readonly<Record<string, Pick<Sighting, 'role'>>> = {
  ciphers: { role: 'offer' },
  macs: { role: 'mac' },
  kexalgorithms: { role: 'kex' },
  hostkeyalgorithms: { role: 'signature' },
  pubkeyacceptedalgorithms: { role: 'signature' },
  pubkeyacceptedkeytypes: { role: 'signature' },
  casignaturealgorithms: { role: 'signature' },
};
const REQUIRED = ['ciphers', 'macs', 'kexalgorithms', 'hostkeyalgorithms'];

function* read(text: string): Generator<Sighting> {
  const seen = new Set<string>();
  for (const [at, raw] of text.split('\n').entries()) {
    const found = /^\s*([A-Za-z]+)(?:\s+|\s*=\s*)(.*?)\s*$/.exec(raw.replace(/\s#.*$/, ''));
    if (!found || /^\s*#/.test(raw)) continue;
    const name = found[1]!.toLowerCase();
    const value = found[2]!.replaceAll('"', '');
    const subject = { line: at + 1 };
    if (name === 'protocol') {
      for (const version of value.split(/[\s,]+/))
        yield { layer: 'ssh', role: 'offer', version, subject, note: 'Protocol' };
      continue;
    }
    const list = LISTS[name];
    // The first value of a keyword counts (sshd_config(5)).
    if (!list || seen.has(name)) continue;
    seen.add(name);
    const sign = /^[+^-]/.exec(value)?.[0];
    for (const alg of sign === '-' ? [] : value.replace(/^[+^-]/, '').split(',')) {
      if (alg.trim() === '') continue;
      const pattern = /[*?]/.test(alg);
      yield {
        layer: 'ssh',
        ...list,
        alg: alg.trim(),
        subject,
        note: found[1]!,
        ...(pattern && { state: 'not-tested' as const }),
      };
    }
    if (sign) yield left(found[1]!, subject, `${found[1]} builds on the default list, which depends on the version`);
  }
  for (const name of REQUIRED)
    if (!seen.has(name)) yield left(name, {}, `${name} is not set: the default list depends on the version`);
}

function left(alg: string, subject: Sighting['subject'], note: string): Sighting {
  return { layer: 'ssh', role: 'offer', alg, state: 'not-tested', ...(subject && { subject }), note };
}
