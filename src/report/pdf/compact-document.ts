import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';

/** An object of the file: its dictionary stays open until `end`. */
export interface Ref {
  readonly id: number;
  data: Record<string, unknown>;
  write(chunk: Uint8Array | string): void;
  end(chunk?: Uint8Array): void;
}

/** What of pdfkit 0.20.2 is used beyond its types (@types/pdfkit 0.17.6 knows an older one). */
interface Internals {
  _root: Ref & {
    data: {
      Names: Ref & { data: { Dests: NameTree; EmbeddedFiles?: NameTree } };
      Pages: Ref & { data: { Kids: Ref[]; Count: number } };
      StructTreeRoot: Ref;
    };
  };
  _info: Ref;
  _id: Uint8Array;
  _font: EmbeddedFont;
  _offsets: (number | null)[];
  _offset: number;
  info: Record<string, unknown>;
  outline: { options: unknown; addItem(title: string, options: object): unknown };
  ref(data?: object): Ref & { finalize(): void; buffer: unknown[]; offset?: number | undefined; compress: boolean };
  _refEnd(ref: Ref): void;
  addNamedEmbeddedFile(name: string, ref: Ref): void;
  push(chunk: Uint8Array | null): boolean;
}

interface NameTree {
  /** Whether pdfkit writes /Limits, which the root of a name tree must not have (ISO 32000-1, table 36). */
  limits: boolean;
  add(key: string, value: unknown): void;
}

export interface EmbeddedFont {
  readonly id: string;
  /** Thousandths of the em by glyph number of the subset. */
  readonly widths: number[];
  readonly scale: number;
  readonly font: {
    hasGlyphForCodePoint(code: number): boolean;
    readonly ascent: number;
    readonly descent: number;
    readonly unitsPerEm: number;
  };
  encode(text: string): [string[], { advanceWidth: number }[]];
  ref(): Ref;
}

/** Title and the like, in plain text: escaping is done here, into each place by its own rules. */
export interface DocumentInfo {
  readonly title: string;
  readonly subject: string;
  readonly author: string;
  /** Fixed by the result, never the clock. */
  readonly date: Date;
  /** 16 bytes that name this document: a function of its content. */
  readonly id: Uint8Array;
}

/** So many objects share one compressed object stream (ISO 32000-1, 7.5.7). */
const PACKED = 200;

/** Base class with pdfkit's own members typed; the cast is the price of internals. */
const Base = PDFDocument as unknown as new (
  options: object,
) => Internals & {
  end(): void;
  appendXML(xml: string): void;
  font(source: Uint8Array): unknown;
};

/**
 * pdfkit's document made smaller and deterministic: dictionaries go into object streams behind a cross-reference stream,
 * metadata is escaped, the outline root counts its children, the file identifier comes from the content.
 */
export class CompactDocument extends Base {
  #chunks: Uint8Array[] = [];
  #written = 0;
  #places: { stream: number; index: number }[] = [];
  #packed: { id: number; text: string }[] = [];
  #captured: string[] | undefined;
  #closed = false;
  readonly #raw: DocumentInfo;

  constructor(info: DocumentInfo) {
    super({
      autoFirstPage: false,
      font: null,
      pdfVersion: '1.7',
      subset: 'PDF/A-3a',
      tagged: true,
      lang: 'en',
      displayTitle: true,
      info: {
        Title: info.title,
        Subject: info.subject,
        Author: info.author,
        Creator: 'clearance',
        Producer: 'clearance (pdfkit)',
        CreationDate: info.date,
      },
    });
    this.#raw = info;
    for (const line of ['%PDF-1.7', '%\xFF\xFF\xFF\xFF']) this._write(line);
    this._root.data.Names.data.Dests.limits = false;
    this._id = info.id;
    // Without /expanded pdfkit leaves the root of the outline without /Count, which ISO 32000-1 table 152 asks for.
    this.outline.options = { expanded: true };
    // PDF/UA-1 identification beside PDF/A: with the schema that PDF/A (ISO 19005-3, 6.6.2.3) demands for it.
    this.appendXML(UA_METADATA);
  }

  /** Opens a TrueType font. Ask once per file: pdfkit parses the bytes again each time they are given. */
  openFont(bytes: Uint8Array): EmbeddedFont {
    this.font(bytes);
    // pdfkit scales every width to thousandths but that of .notdef, which then disagrees with the font program.
    this._font.widths[0] = (this._font.widths[0] as number) * this._font.scale;
    return this._font;
  }

  /** Attaches a file as its source data (ISO 19005-3, 6.8). `deflated` are its bytes behind zlib. */
  attach(file: {
    name: string;
    media: string;
    description: string;
    relationship: 'Data' | 'Supplement';
    size: number;
    md5: Uint8Array;
    deflated: Uint8Array;
  }): void {
    const stream = this.ref({
      Type: 'EmbeddedFile',
      Subtype: file.media.replaceAll('/', '#2F').replaceAll('+', '#2B'),
      // A /Filter named at birth tells pdfkit that the bytes are packed already.
      Filter: 'FlateDecode',
      Params: { Size: file.size, CheckSum: file.md5, ModDate: this.#raw.date },
    });
    stream.end(file.deflated);
    const specification = this.ref({
      Type: 'Filespec',
      AFRelationship: file.relationship,
      F: new String(file.name),
      UF: new String(file.name),
      EF: { F: stream, UF: stream },
      Desc: new String(file.description),
    });
    specification.end();
    this.addNamedEmbeddedFile(file.name, specification);
    const catalog = this._root.data as { AF?: Ref[] };
    catalog.AF = [...(catalog.AF ?? []), specification];
  }

  /** A place that links can name before its page exists; `y` in PDF coordinates. */
  addDestination(name: string, page: Ref, y: number): void {
    this._root.data.Names.data.Dests.add(name, [page, 'XYZ', null, y, null]);
  }

  /** An entry of the outline. pdfkit's own would scroll to the right: it takes `left` from the right edge. */
  addOutline(title: string, page: Ref, top: number): void {
    const box = page.data['MediaBox'] as [number, number, number, number];
    const pageNumber = this._root.data.Pages.data.Kids.indexOf(page);
    this.outline.addItem(title, { fit: false, left: box[2], top: box[3] - top, zoom: 0, pageNumber });
  }

  /** Bytes of the file that are ready; each is handed out once. */
  drain(): Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** All objects are written and the file is complete. */
  get closed(): boolean {
    return this.#closed;
  }

  override ref(data?: object): ReturnType<Internals['ref']> {
    const ref = super.ref(data ?? {});
    const finalize = ref.finalize;
    ref.finalize = () => {
      if (ref.buffer.length > 0) {
        finalize.call(ref);
        return;
      }
      // pdfkit writes "id 0 obj", the dictionary, "endobj": the dictionary goes into an object stream instead.
      this.#captured = [];
      finalize.call(ref);
    };
    return ref;
  }

  /** Takes what pdfkit writes; strings are lines. */
  _write(data: Uint8Array | string): void {
    // pdfkit writes the header from its constructor, before this object has its own fields.
    if (!(#chunks in this)) return;
    if (this.#captured) {
      this.#captured.push(String(data));
      return;
    }
    const bytes = typeof data === 'string' ? Buffer.from(`${data}\n`, 'latin1') : data;
    this.#chunks.push(bytes);
    this.#written += bytes.length;
    this._offset = this.#written;
  }

  override _refEnd(ref: Ref): void {
    const captured = this.#captured;
    this.#captured = undefined;
    if (captured) {
      this.#packed.push({ id: ref.id, text: captured[1] ?? 'null' });
      if (this.#packed.length >= PACKED) this.#pack();
    }
    super._refEnd(ref);
  }

  /** Metadata with the five XML characters escaped: pdfkit writes /Info values into XMP as they are. */
  _addInfo(): void {
    const raw = this.info;
    this.info = Object.fromEntries(
      Object.entries(raw).map(([key, value]) => [key, typeof value === 'string' ? escapeXml(value) : value]),
    );
    (Base.prototype as unknown as { _addInfo(): void })._addInfo.call(this);
    this.info = raw;
  }

  /** The end of the file: the last object stream, then the cross-reference stream (ISO 32000-1, 7.5.8). */
  _finalize(): void {
    this.#pack();
    const id = this._offsets.length + 1;
    const rows = new Map<number, readonly [number, number, number]>([[0, [0, 0, 65535]]]);
    for (const [index, offset] of this._offsets.entries()) {
      const place = this.#places[index + 1];
      rows.set(index + 1, place ? [2, place.stream, place.index] : [1, offset ?? 0, 0]);
    }
    rows.set(id, [1, this.#written, 0]);
    const table = Buffer.alloc((id + 1) * XREF_ROW);
    for (const [number, [type, second, third]] of rows) {
      table.writeUInt8(type, number * XREF_ROW);
      table.writeUIntBE(second, number * XREF_ROW + 1, 6);
      table.writeUInt16BE(third, number * XREF_ROW + 7);
    }
    const hex = Buffer.from(this._id).toString('hex');
    const body = deflateSync(table);
    const start = this.#written;
    this._write(
      `${id} 0 obj\n<< /Type /XRef /Size ${id + 1} /W [1 6 2] /Root ${this._root.id} 0 R /Info ${this._info.id} 0 R ` +
        `/ID [<${hex}> <${hex}>] /Filter /FlateDecode /Length ${body.length} >>\nstream`,
    );
    this._write(body);
    this._write('\nendstream\nendobj\nstartxref');
    this._write(`${start}`);
    this._write('%%EOF');
    this.#closed = true;
  }

  #pack(): void {
    const objects = this.#packed;
    if (objects.length === 0) return;
    this.#packed = [];
    // Numbered like any object, but written by hand: pdfkit must not wait for it.
    this._offsets.push(null);
    const id = this._offsets.length;
    let index = '';
    let bodies = '';
    for (const [position, { id: member, text }] of objects.entries()) {
      index += `${member} ${bodies.length} `;
      bodies += `${text}\n`;
      this.#places[member] = { stream: id, index: position };
    }
    const body = deflateSync(Buffer.from(index + bodies, 'latin1'));
    this._offsets[id - 1] = this.#written;
    this._write(
      `${id} 0 obj\n<< /Type /ObjStm /N ${objects.length} /First ${index.length} /Filter /FlateDecode /Length ${body.length} >>\nstream`,
    );
    this._write(body);
    this._write('\nendstream\nendobj');
  }
}

const XREF_ROW = 9;

/** The first 16 bytes of the SHA-256 of `seed`: a file identifier that follows the content. */
export function fileIdentifier(seed: string): Uint8Array {
  return createHash('sha256').update(seed).digest().subarray(0, 16);
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

const UA_METADATA = `
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
  <pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 the file was built to</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>`;
