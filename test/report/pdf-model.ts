import { run } from './tool.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Dict = { [key: string]: Json };

export interface Stream {
  readonly dict: Dict;
  readonly data: Buffer;
}

/** A PDF as qpdf reads it: independent of the writer under test. Names begin with `/`, strings with `u:` or `b:`. */
export class PdfModel {
  readonly bytes: Buffer;
  readonly objects = new Map<string, Json>();
  readonly streams = new Map<string, Stream>();
  readonly trailer: Dict;

  constructor(path: string, bytes: Buffer) {
    this.bytes = bytes;
    const { out, status } = run('qpdf', ['--json=2', '--json-stream-data=inline', '--decode-level=generalized', path]);
    if (status !== 0) throw new Error('qpdf cannot read the file');
    const all = JSON.parse(out).qpdf[1] as Record<string, { value?: Json; stream?: { dict: Dict; data: string } }>;
    for (const [key, { value, stream }] of Object.entries(all)) {
      const id = key.replace(/^obj:/, '');
      if (stream) {
        this.streams.set(id, { dict: stream.dict, data: Buffer.from(stream.data, 'base64') });
        this.objects.set(id, stream.dict);
      } else this.objects.set(id, value ?? null);
    }
    this.trailer = this.objects.get('trailer') as Dict;
  }

  /** Follows a reference. */
  get(value: Json | undefined): Json {
    let current = value ?? null;
    while (typeof current === 'string' && /^\d+ \d+ R$/.test(current)) current = this.objects.get(current) ?? null;
    return current;
  }

  dict(value: Json | undefined): Dict {
    const found = this.get(value);
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {};
  }

  list(value: Json | undefined): Json[] {
    const found = this.get(value);
    return Array.isArray(found) ? found : found === null ? [] : [value as Json];
  }

  text(value: Json | undefined): string {
    const found = this.get(value);
    return typeof found === 'string' ? found.replace(/^u:/, '') : '';
  }

  get catalog(): Dict {
    return this.dict(this.trailer['/Root']);
  }

  get pages(): Dict[] {
    return this.list(this.dict(this.catalog['/Pages'])['/Kids']).map((kid) => this.dict(kid));
  }

  /** Reference of each page, in order. */
  get pageRefs(): string[] {
    return this.list(this.dict(this.catalog['/Pages'])['/Kids']) as string[];
  }

  content(page: Dict): string {
    return this.list(page['/Contents'])
      .map((ref) => this.streams.get(ref as string)?.data.toString('latin1') ?? '')
      .join('\n');
  }

  stream(value: Json | undefined): Stream | undefined {
    return this.streams.get(value as string);
  }

  /** Every dictionary of the file, also those inside others, with the object it lies in. */
  *dictionaries(): Generator<{ id: string; dict: Dict }> {
    for (const [id, value] of this.objects) {
      const stack: Json[] = [value];
      while (stack.length > 0) {
        const item = stack.pop() as Json;
        if (Array.isArray(item)) stack.push(...item);
        else if (typeof item === 'object' && item !== null) {
          yield { id, dict: item };
          stack.push(...Object.values(item));
        }
      }
    }
  }

  /** Structure elements, parents first. */
  *elements(): Generator<{ ref: string; dict: Dict; parent: string }> {
    const root = this.catalog['/StructTreeRoot'] as string;
    const stack = this.list(this.dict(root)['/K']).map((ref) => ({ ref: ref as string, parent: root }));
    while (stack.length > 0) {
      const { ref, parent } = stack.pop() as { ref: string; parent: string };
      const dict = this.dict(ref);
      yield { ref, dict, parent };
      for (const kid of this.list(dict['/K'])) {
        if (typeof kid === 'string' && this.dict(kid)['/Type'] === '/StructElem') stack.push({ ref: kid, parent: ref });
      }
    }
  }
}
