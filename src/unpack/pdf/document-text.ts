import type { Gap } from '../../model/index.ts';
import type { Budget } from '../budget.ts';
import { nameOf, type PdfFile, type PdfObject, type PdfStream } from './file.ts';
import { Font } from './font.ts';
import { type PdfDict, PdfRef, type PdfValue } from './lexer.ts';
import { PageText } from './page-text.ts';

/** Text of one page, form or stray content stream. */
export interface ShownText {
  readonly offset: number;
  readonly gaps: Gap[];
  readonly text: Generator<string>;
}

const PARENTS = 64;
/** Lines and curves that could be letters; a page of fewer is a rule or a frame. */
const SHAPES = 200;

/** All texts of a document: each page's, then that of every other stream that draws text, reachable or not. */
export class DocumentTexts {
  private readonly file: PdfFile;
  private readonly budget: Budget;
  private readonly fonts = new Map<PdfValue, Font>();
  /** Fonts of all resources by name, for streams of which no page says what they belong to. */
  private readonly anyFont = new Map<string, PdfValue>();
  private readonly used = new Set<PdfStream>();
  private readonly resources = new Map<number, PdfDict>();

  constructor(file: PdfFile, budget: Budget) {
    this.file = file;
    this.budget = budget;
  }

  *texts(): Generator<ShownText> {
    const { file } = this;
    for (const { value } of file.objects) if (value instanceof Map) this.collectFonts(value);
    for (const page of file.objects) {
      if (page.value instanceof Map && nameOf(file.resolve(page.value.get('Type'))) === 'Page')
        yield this.page(page, page.value);
    }
    for (const stream of file.streams) {
      if (this.used.has(stream) || !this.drawsText(stream)) continue;
      const own = file.resolve(stream.dict.get('Resources'));
      const resources = own instanceof Map ? own : this.resources.get(stream.number);
      yield this.shown([stream], resources, stream.offset);
    }
  }

  private page(page: PdfObject, dict: PdfDict): ShownText {
    const { file } = this;
    const resources = this.inherited(dict, 'Resources');
    const contents = file.resolve(dict.get('Contents'));
    const refs = Array.isArray(contents) ? contents : [dict.get('Contents')];
    const streams: PdfStream[] = [];
    for (const ref of refs) {
      const stream = file.streamOf(ref);
      if (ref instanceof PdfRef && resources instanceof Map) this.resources.set(ref.number, resources);
      if (stream) streams.push(stream);
    }
    return this.shown(streams, resources instanceof Map ? resources : undefined, page.offset, true);
  }

  private shown(
    streams: readonly PdfStream[],
    resources: PdfDict | undefined,
    offset: number,
    isPage = false,
  ): ShownText {
    const gaps: Gap[] = [];
    const page = new PageText((name) => this.font(name, resources));
    const { file, budget, used } = this;
    const text = (function* () {
      const parts: Uint8Array[] = [];
      for (const stream of streams) {
        used.add(stream);
        const { bytes } = file.decode(stream);
        budget.chargeDecoded(bytes.length);
        parts.push(bytes, Buffer.from('\n'));
      }
      yield* page.run(Buffer.concat(parts), file);
      if (page.unmapped > 0) gaps.push({ code: 'text-not-mapped', detail: `${page.unmapped} characters` });
      if (page.pictures > 0)
        gaps.push({ code: 'image-not-read', detail: `${page.pictures} pictures in the page itself` });
      if (isPage && page.characters === 0 && page.shapes > SHAPES) {
        gaps.push({ code: 'image-not-read', detail: 'a page that draws shapes and no text' });
      }
    })();
    return { offset, gaps, text };
  }

  /** Its operators, as far as they show text; fonts and pictures are something else. */
  private drawsText(stream: PdfStream): boolean {
    const { dict } = stream;
    const type = nameOf(this.file.resolve(dict.get('Type')));
    const subtype = nameOf(this.file.resolve(dict.get('Subtype')));
    if (subtype === 'Form') return true;
    if ((type !== undefined && type !== 'XObject' && type !== 'Pattern') || subtype !== undefined) return false;
    if (dict.has('Length1') || dict.has('FunctionType') || dict.has('ShadingType')) return false;
    const { bytes } = this.file.decode(stream);
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return content.includes('BT') && content.includes('ET') && content.includes('Tf');
  }

  private inherited(dict: PdfDict, key: string): PdfValue | undefined {
    let at: PdfValue | undefined = dict;
    for (let step = 0; step < PARENTS && at instanceof Map; step += 1) {
      const value: PdfValue | undefined = this.file.resolve(at.get(key));
      if (value !== undefined) return value;
      at = this.file.resolve(at.get('Parent'));
    }
    return undefined;
  }

  private font(name: string, resources: PdfDict | undefined): Font | undefined {
    const listed = this.file.resolve(resources?.get('Font'));
    const found = (listed instanceof Map ? listed.get(name) : undefined) ?? this.anyFont.get(name);
    const dict = this.file.resolve(found);
    if (!(dict instanceof Map)) return undefined;
    const known = this.fonts.get(dict) ?? new Font(dict, this.file);
    this.fonts.set(dict, known);
    return known;
  }

  private collectFonts(dict: PdfDict): void {
    const nested = this.file.resolve(dict.get('Resources'));
    for (const holder of [dict, ...(nested instanceof Map ? [nested] : [])]) {
      const fonts = this.file.resolve(holder.get('Font'));
      if (fonts instanceof Map) for (const [name, font] of fonts) this.anyFont.set(name, font);
    }
  }
}
