/** One DER or BER element; `start..end` is its content, `at..end` the whole of it. */
export interface Element {
  readonly tag: number;
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** What hostile bytes raise inside this room; caught where the evidence is named, never shown with content. */
export class MalformedEvidence extends Error {
  override readonly name = 'MalformedEvidence';
  readonly offset: number;

  constructor(message: string, offset = 0) {
    super(message);
    this.offset = offset;
  }
}

/** Reads the element at `at`, which must end by `limit` (X.690; definite lengths, low tags). */
export function element(bytes: Uint8Array, at: number, limit = bytes.length): Element {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) throw new MalformedEvidence('DER ends early', at);
  if ((tag & 0x1f) === 0x1f) throw new MalformedEvidence('DER tag above 30', at);
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new MalformedEvidence('DER length form', at);
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
  }
  const end = start + length;
  if (end > limit) throw new MalformedEvidence('DER element reaches past its parent', at);
  return { tag, at, start, end, bytes };
}

/** The elements inside a constructed one, in order. */
export function children({ bytes, start, end }: Element): Element[] {
  const found: Element[] = [];
  for (let at = start; at < end; ) {
    const next = element(bytes, at, end);
    found.push(next);
    if (found.length > 10_000) throw new MalformedEvidence('DER element with too many members', start);
    at = next.end;
  }
  return found;
}

export function content({ bytes, start, end }: Element): Uint8Array {
  return bytes.subarray(start, end);
}

/** Dotted object identifier; empty for anything that is none. */
export function oid(found: Element | undefined): string {
  if (found?.tag !== 0x06) return '';
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content(found)) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else arcs.push(value);
    value = 0;
  }
  return arcs.join('.');
}

/** Bits of a positive INTEGER without leading zeros. */
export function integerBits(found: Element): number {
  if (found.tag !== 0x02) throw new MalformedEvidence('DER INTEGER expected', found.at);
  const bytes = content(found);
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at === bytes.length ? 0 : (bytes.length - at) * 8 - Math.clz32(bytes[at]!) + 24;
}

/** Value of a small INTEGER; -1 where it is larger than 2^31. */
export function smallInteger(found: Element): number {
  const bits = integerBits(found);
  return bits > 31 ? -1 : content(found).reduce((value, byte) => value * 256 + byte, 0);
}
