import { MalformedEvidence } from '../der.ts';

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

export async function xml(text: string): Promise<XmlNode> {
  const { XMLParser } = await import('fast-xml-parser');
  type Raw = Record<string, unknown> & { ':@'?: Record<string, string> };
  const convert = (raw: Raw): XmlNode => {
    const name = Object.keys(raw).find((key) => key !== ':@') ?? '';
    const inner = Array.isArray(raw[name]) ? (raw[name] as Raw[]) : [];
    return {
      name,
      attributes: raw[':@'] ?? {},
      children: inner.filter((one) => !('#text' in one)).map(convert),
      text: inner.map((one) => ('#text' in one ? String(one['#text']) : '')).join(''),
    };
  };
  try {
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      parseAttributeValue: false,
      parseTagValue: false,
      processEntities: false,
    });
    const raw = parser.parse(Buffer.from(text, 'latin1').toString('utf8')) as Raw[];
    return { name: '', attributes: {}, children: raw.map(convert), text: '' };
  } catch {
    throw new MalformedEvidence('not XML');
  }
}

export function* all(node: XmlNode, name: string, depth = 0): Generator<XmlNode> {
  if (node.name === name) yield node;
  if (depth < 64) for (const child of node.children) yield* all(child, name, depth + 1);
}
