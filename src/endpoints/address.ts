/** A range of addresses of one family, both ends included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
}

const LAST: Readonly<Record<4 | 6, bigint>> = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n };

/** Every address of the family. */
export function wholeFamily(family: 4 | 6): AddressRange {
  return { family, from: 0n, to: LAST[family] };
}

/**
 * An address, `address/prefix`, `address/mask`, or `from-to`. An IPv4-mapped IPv6 address is IPv4.
 * @returns undefined if it is none of these
 */
export function parseRange(text: string): AddressRange | undefined {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const [from, to] = [parseAddress(text.slice(0, dash)), parseAddress(text.slice(dash + 1))];
    if (!from || !to || from.family !== to.family || from.value > to.value) return undefined;
    return { family: from.family, from: from.value, to: to.value };
  }
  const [head = '', tail, ...rest] = text.split('/');
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  const { family, value } = address;
  if (tail === undefined) return { family, from: value, to: value };
  const bits = prefixLength(tail, family);
  if (bits === undefined) return undefined;
  const size = 1n << BigInt((family === 4 ? 32 : 128) - bits);
  const from = value - (value % size);
  return { family, from, to: from + size - 1n };
}

function prefixLength(text: string, family: 4 | 6): number | undefined {
  const width = family === 4 ? 32 : 128;
  if (/^\d{1,3}$/.test(text)) return Number(text) <= width ? Number(text) : undefined;
  const mask = parseAddress(text);
  if (mask?.family !== family) return undefined;
  const bits = mask.value.toString(2).padStart(width, '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

function parseAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { family: 4, value: v4 };
  const v6 = parseV6(text.replace(/%[\w.-]+$/, ''));
  if (v6 === undefined) return undefined;
  if (v6 >> 32n === 0xffffn) return { family: 4, value: v6 & LAST[4] };
  return { family: 6, value: v6 };
}

function parseV4(text: string): bigint | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split('.').map(Number);
  if (parts.some((part) => part > 255)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** RFC 4291, section 2.2. */
function parseV6(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return undefined;
  let groups = text;
  const tail = /(?:^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (tail !== undefined) {
    const v4 = parseV4(tail);
    if (v4 === undefined) return undefined;
    groups = `${text.slice(0, -tail.length)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  }
  const halves = groups.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.from <= inner.from && inner.to <= outer.to;
}

/** RFC 1918, RFC 4193, RFC 3927, RFC 4291 (link-local), RFC 6598; loopback, multicast and unspecified addresses. */
export const LOCAL_RANGES: readonly AddressRange[] = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', '127.0.0.0/8'],
  ...['224.0.0.0/4', '255.255.255.255', '0.0.0.0', 'fc00::/7', 'fe80::/10', 'ff00::/8', '::1', '::'],
].map((text) => parseRange(text) as AddressRange);

/** Whether all of the range lies on networks that are not the Internet. */
export function isLocal(range: AddressRange): boolean {
  return LOCAL_RANGES.some((local) => contains(local, range));
}

export function isLoopback(range: AddressRange): boolean {
  return contains(LOOPBACK[range.family], range);
}

const LOOPBACK = { 4: parseRange('127.0.0.0/8') as AddressRange, 6: parseRange('::1') as AddressRange };

/** As people write it: one address, a prefix where the range is one, else `from-to`. */
export function shownRange({ family, from, to }: AddressRange): string {
  if (from === to) return shownAddress(family, from);
  const size = to - from + 1n;
  const width = family === 4 ? 32 : 128;
  const bits = size.toString(2).length - 1;
  if (size === 1n << BigInt(bits) && from % size === 0n) return `${shownAddress(family, from)}/${width - bits}`;
  return `${shownAddress(family, from)}-${shownAddress(family, to)}`;
}

function shownAddress(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  // RFC 5952, section 4.2: the longest run of zero groups is shortened, the first of equals, never a single one.
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const text = groups.join(':');
  const run = runs[0];
  if (run === undefined) return text;
  return `${text.slice(0, run.index)}::${text.slice(run.index + run[0].length).replace(/^:/, '')}`;
}
