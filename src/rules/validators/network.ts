import { isIPv6 } from 'node:net';
import { validator } from './answer.ts';
import type { Validator } from './validator.ts';

type Scope = 'loopback' | 'unspecified' | 'multicast' | 'link-local' | 'private' | 'documentation' | 'public';

/** The four numbers of an address, none with a leading zero; `null` if it is none. */
function octets(text: string): readonly [number, number, number, number] | null {
  const numbers: [number, number, number, number] = [0, 0, 0, 0];
  let part = 0;
  let begin = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0x2e;
    if (code === 0x2e) {
      const length = at - begin;
      if (part > 3 || length === 0 || length > 3 || (length > 1 && text.charCodeAt(begin) === 0x30)) return null;
      if (numbers[part]! > 255) return null;
      part++;
      begin = at + 1;
    } else if (code >= 0x30 && code <= 0x39 && part < 4) {
      numbers[part] = numbers[part]! * 10 + code - 0x30;
    } else return null;
  }
  return part === 4 ? numbers : null;
}

/** Scope of an address by the IANA special-purpose registry (RFC 6890 and updates); undefined if it is no address. */
function scope4(text: string): Scope | undefined {
  const numbers = octets(text);
  if (!numbers) return undefined;
  const [a, b, c] = numbers;
  if (a === 127) return 'loopback';
  // 0.0.0.0/8, the broadcast address and netmasks name no host
  if (a === 0 || a >= 240) return 'unspecified';
  if (a >= 224) return 'multicast';
  if (a === 169 && b === 254) return 'link-local';
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128))
    return 'private';
  const net = `${a}.${b}.${c}`;
  return net === '192.0.2' || net === '198.51.100' || net === '203.0.113' ? 'documentation' : 'public';
}

function scope6(text: string): Scope | undefined {
  const bare = text.replace(/%[\w.-]+$/, '').toLowerCase();
  if (!isIPv6(bare)) return undefined;
  if (bare === '::1') return 'loopback';
  if (/^[0:]+$/.test(bare)) return 'unspecified';
  if (/^fe[89ab]/.test(bare)) return 'link-local';
  if (/^f[cd]/.test(bare)) return 'private';
  if (bare.startsWith('ff')) return 'multicast';
  // RFC 3849, RFC 9637
  return /^2001:0?db8(?::|$)/.test(bare) || /^3fff:0?[0-9a-f]{0,3}(?::|$)/.test(bare) ? 'documentation' : 'public';
}

/** Answers for the scopes a rule asks for (all that name a host if it asks for none). */
function inScope(scope: Scope | undefined, args: Readonly<Record<string, unknown>>): boolean | 'test-value' {
  if (scope === undefined) return false;
  const asked = args['scope'] as readonly string[] | undefined;
  if (asked !== undefined) return asked.includes(scope);
  if (scope === 'documentation') return 'test-value';
  return scope === 'public' || scope === 'private' || scope === 'link-local';
}

const SCOPES = {
  scope: {
    type: 'array',
    items: { enum: ['loopback', 'unspecified', 'multicast', 'link-local', 'private', 'documentation', 'public'] },
  },
};

/** Addresses of the network and of storage networks. */
export const NETWORK: readonly Validator[] = [
  validator(
    'ipv4',
    'weak',
    'RFC 791; RFC 6890 special-purpose registry',
    (value, args) => inScope(scope4(value), args),
    SCOPES,
  ),
  validator(
    'ipv6',
    'weak',
    'RFC 4291 section 2.2; RFC 5952; RFC 6890',
    // one group, or letters on both sides of two colons, is also a scope of a program
    (value, args) =>
      !/^[A-Fa-f]{1,4}::[A-Fa-f]{1,4}$|^[0-9A-Fa-f]{1,4}::$|^::[A-Fa-f]{1,4}$/.test(value) &&
      inScope(scope6(value), args),
    SCOPES,
  ),
  validator('mac', 'weak', 'IEEE 802-2014 section 8 (EUI-48, EUI-64)', (value) => {
    const hex = value.replace(/[:.-]/g, '').toLowerCase();
    if (!/^(?:[0-9a-f]{12}|[0-9a-f]{16})$/.test(hex)) return false;
    // broadcast and all-zero addresses name no station
    return !/^(.)\1+$/.test(hex);
  }),
  validator('wwpn', 'weak', 'INCITS FC-FS-5 section 15 (Name_Identifier, NAA 1, 2, 5, 6)', (value) => {
    const hex = value
      .replace(/[:-]/g, '')
      .toLowerCase()
      .replace(/^(?:0x|naa\.|eui\.|wwn-?)/, '');
    if (!/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(hex) || new Set(hex).size < 4) return false;
    // NAA 1: twelve zero bits, then an EUI-48; 16 bytes only for NAA 6
    if (hex.length === 32) return hex.startsWith('6');
    return /^(?:1000|2[0-9a-f]|5|c0)/.test(hex);
  }),
];
