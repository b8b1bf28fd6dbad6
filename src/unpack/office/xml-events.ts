/** What a document's XML consists of, for whoever wants its text. Names are local, without their prefix. */
export type XmlEvent =
  | { readonly type: 'open'; readonly name: string; readonly attributes: string; readonly empty: boolean }
  | { readonly type: 'close'; readonly name: string }
  | { readonly type: 'text'; readonly text: string };

/** Longest markup that is held back while its end is not here yet. */
const MARKUP = 2 ** 20;
const DEPTH = 100_000;

/**
 * XML as events while it goes by; no entities but the five predefined ones and character references, nothing fetched,
 * nothing expanded. Never throws: what is not well-formed is told by `broken`.
 */
export class XmlEvents {
  /** Why the text may be incomplete. */
  broken: string | undefined;
  private held = '';
  private readonly decoder: InstanceType<typeof TextDecoder>;
  private readonly open: string[] = [];

  /** `head`: the first bytes, which tell the character set (XML 1.0, appendix F). */
  constructor(head: Uint8Array) {
    this.decoder = new TextDecoder(charsetOf(head));
  }

  *update(bytes: Uint8Array): Generator<XmlEvent> {
    this.held += this.decoder.decode(bytes, { stream: true });
    yield* this.events(false);
  }

  *finish(): Generator<XmlEvent> {
    this.held += this.decoder.decode();
    yield* this.events(true);
    if (this.open.length > 0) this.broken ??= 'XML that ends before its root element does';
  }

  private *events(last: boolean): Generator<XmlEvent> {
    const text = this.held;
    let at = 0;
    while (at < text.length && this.broken === undefined) {
      if (text[at] !== '<') {
        const next = text.indexOf('<', at);
        // A reference may be cut off at the end of what is here.
        const end = next >= 0 ? next : last ? text.length : safeEnd(text, at);
        if (end === at) break;
        yield { type: 'text', text: resolved(text.slice(at, end)) };
        at = end;
        continue;
      }
      const end = markupEnd(text, at);
      if (end < 0) {
        if (last || text.length - at > MARKUP) this.broken = 'XML with markup that does not end';
        break;
      }
      yield* this.markup(text, at, end);
      at = end;
    }
    this.held = this.broken === undefined ? text.slice(at) : '';
  }

  private *markup(text: string, at: number, end: number): Generator<XmlEvent> {
    if (text.startsWith('<![CDATA[', at)) {
      yield { type: 'text', text: text.slice(at + 9, end - 3) };
      return;
    }
    const second = text[at + 1];
    if (second === '!' || second === '?') return;
    if (second === '/') {
      const name = localName(text.slice(at + 2, end - 1).trim());
      if (this.open.pop() !== name) this.broken = 'XML whose elements do not close in order';
      yield { type: 'close', name };
      return;
    }
    const empty = text[end - 2] === '/';
    const inside = text.slice(at + 1, end - (empty ? 2 : 1));
    const space = inside.search(/\s/);
    const name = localName(space < 0 ? inside : inside.slice(0, space));
    yield { type: 'open', name, attributes: space < 0 ? '' : inside.slice(space), empty };
    if (empty) yield { type: 'close', name };
    else if (this.open.push(name) > DEPTH) this.broken = 'XML with too many elements inside one another';
  }
}

/** The value of an attribute by its local name. */
export function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\s(?:[^\\s=:"']+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return match ? resolved(match[1] ?? match[2] ?? '') : undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function safeEnd(text: string, at: number): number {
  const reference = text.lastIndexOf('&');
  return reference >= at && text.length - reference < 12 && !text.includes(';', reference) ? reference : text.length;
}

/** The first position behind the markup at `at`; -1 where its end is not here. A `>` may stand in an attribute. */
function markupEnd(text: string, at: number): number {
  for (const [start, stop] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (text.startsWith(start, at)) return endOf(text.indexOf(stop, at + start.length), stop.length);
    if (text.length - at < start.length && start.startsWith(text.slice(at))) return -1;
  }
  let end = text.indexOf('>', at);
  for (let from = at; end >= 0; ) {
    const quote = text.slice(from, end).search(/["']/);
    if (quote < 0) return end + 1;
    const close = text.indexOf(text[from + quote]!, from + quote + 1);
    if (close < 0) return -1;
    from = close + 1;
    if (from > end) end = text.indexOf('>', from);
  }
  return -1;
}

function endOf(found: number, length: number): number {
  return found < 0 ? -1 : found + length;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolved(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g, (whole, dec, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = dec === undefined ? Number.parseInt(hex, 16) : Number(dec);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function charsetOf(head: Uint8Array): string {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x3c && head[1] === 0)) return 'utf-16le';
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x3c)) return 'utf-16be';
  const start = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const label = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}
