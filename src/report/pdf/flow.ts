import { CompactDocument, type DocumentInfo, type Ref } from './compact-document.ts';
import { type Colour, TONE, type Tone } from './palette.ts';
import { PAPER, type Paper, Sheet } from './sheet.ts';
import { type Tag, TagTree } from './tag-tree.ts';
import { type Face, openFaces, type Typeface } from './typeface.ts';
import { wrap } from './wrap.ts';

/** How a block of text looks; sizes and leading in points. */
export interface Style {
  readonly face: Face;
  readonly size: number;
  readonly leading: number;
  readonly colour: Colour;
}

export const STYLE = {
  body: { face: 'text', size: 9.5, leading: 14, colour: 'ink' },
  small: { face: 'text', size: 8, leading: 11.5, colour: 'muted' },
  strong: { face: 'bold', size: 9.5, leading: 14, colour: 'ink' },
  lead: { face: 'text', size: 11, leading: 16.5, colour: 'ink' },
  code: { face: 'mono', size: 7.8, leading: 11.5, colour: 'ink' },
  h1: { face: 'bold', size: 17, leading: 23, colour: 'accent' },
  h2: { face: 'bold', size: 11.5, leading: 16, colour: 'accent' },
  label: { face: 'bold', size: 7.5, leading: 11, colour: 'muted' },
} as const satisfies Record<string, Style>;

/** What stands at the foot of every page. */
export interface Footer {
  readonly left: string;
  readonly middle: string;
}

/** Places blocks one below the other on as many pages as they need, each with its tag. */
export class Flow {
  readonly document: CompactDocument;
  readonly tags: TagTree;
  readonly paper: Paper;
  readonly faces: Readonly<Record<Face, Typeface>>;
  readonly #resources: Ref;
  readonly #footer: Footer;
  readonly #sheets: Sheet[] = [];
  readonly #contents: { readonly name: string; readonly page: number }[] = [];
  readonly #late: ((pageOf: (name: string) => number | undefined) => void)[] = [];
  #section: Tag | undefined;
  /** Names of the files attached so far. */
  readonly attached = new Set<string>();
  y = 0;

  constructor(info: DocumentInfo, paper: 'a4' | 'letter', footer: Footer) {
    this.document = new CompactDocument(info);
    this.tags = new TagTree(this.document);
    this.paper = PAPER[paper];
    this.faces = openFaces(this.document);
    this.#footer = footer;
    this.#resources = this.document.ref({
      Font: Object.fromEntries(Object.values(this.faces).map((face) => [face.name, face.ref])),
    });
    this.#resources.end();
  }

  get sheet(): Sheet {
    return this.#sheets.at(-1) as Sheet;
  }

  get width(): number {
    return this.paper.right - this.paper.left;
  }

  get room(): number {
    return this.paper.bottom - this.y;
  }

  get section(): Tag {
    return this.#section ?? this.tags.root;
  }

  newPage(): void {
    if (this.#sheets.length > 0) this.sheet.settle();
    this.#sheets.push(new Sheet(this.document, this.tags, this.paper, this.faces, this.#resources));
    this.y = this.paper.top;
  }

  /** A new page unless `height` points are left on this one. */
  ensure(height: number): void {
    if (this.room < height) this.newPage();
  }

  space(height: number): void {
    this.y += height;
  }

  /** Opens a section with its place in the outline and for links, on a new page unless most of this one is free. */
  open(title: string, name: string): void {
    if (this.room < (this.paper.bottom - this.paper.top) * 0.55) this.newPage();
    else this.space(this.y > this.paper.top ? 30 : 0);
    this.begin(title, name);
    this.heading('H1', title, STYLE.h1);
    this.space(2);
    this.rule('line', 0.9);
    this.space(12);
  }

  /** As `open`, without page break and heading: for a page that has a face of its own. */
  begin(title: string, name: string): void {
    this.finishSection();
    this.#section = this.tags.open(this.tags.root, 'Sect');
    this.#contents.push({ name, page: this.#sheets.length });
    const top = this.paper.height - Math.max(0, this.y - 16);
    this.document.addDestination(name, this.sheet.ref, top);
    this.document.addOutline(title, this.sheet.ref, top);
  }

  finishSection(): void {
    if (this.#section) this.tags.close(this.#section);
    this.#section = undefined;
  }

  h2(title: string): void {
    this.ensure(96);
    this.space(this.y > this.paper.top + 4 ? 10 : 0);
    this.heading('H2', title, STYLE.h2);
    this.space(4);
  }

  heading(type: 'H1' | 'H2' | 'H3', text: string, style: Style): void {
    this.block(type, text, style);
  }

  paragraph(text: string, style: Style = STYLE.body): void {
    this.block('P', text, style);
    this.space(style.leading * 0.4);
  }

  /** Wrapped text as one element, over page ends if need be. */
  block(type: Tag['type'], text: string, style: Style, parent = this.section, indent = 0): void {
    const tag = this.tags.open(parent, type);
    const lines = this.wrap(text, style, this.width - indent);
    for (let at = 0; at < lines.length; ) {
      this.ensure(style.leading);
      const fits = Math.max(1, Math.min(lines.length - at, Math.floor(this.room / style.leading)));
      this.sheet.tagged(tag, () => {
        for (const line of lines.slice(at, at + fits)) this.line(line, style, this.paper.left + indent);
      });
      at += fits;
    }
    this.tags.close(tag);
  }

  bullets(items: readonly string[], style: Style = STYLE.body): void {
    const list = this.tags.open(this.section, 'L');
    list.ref.data['A'] = { O: 'List', ListNumbering: 'Disc' };
    for (const item of items) {
      this.ensure(style.leading * 2);
      const entry = this.tags.open(list, 'LI');
      const label = this.tags.open(entry, 'Lbl');
      const baseline = this.y + style.leading - style.size * 0.35;
      this.sheet.tagged(label, () =>
        this.sheet.text(style.face, style.size, 'muted', this.paper.left + 2, baseline, '•'),
      );
      this.tags.close(label);
      this.block('LBody', item, style, entry, 13);
      this.tags.close(entry);
      this.space(2.5);
    }
    this.tags.close(list);
    this.space(4);
  }

  /** A tinted box with a strong first line. The tone is doubled by the words. */
  callout(tone: Tone, title: string, text: string): void {
    const { ink, tint } = TONE[tone];
    const pad = 11;
    const inner = this.width - pad * 2 - 5;
    const heading = this.wrap(title, STYLE.strong, inner);
    const lines = this.wrap(text, STYLE.body, inner);
    const height = heading.length * 14 + lines.length * STYLE.body.leading + pad * 2 - 4;
    this.ensure(height);
    const { sheet } = this;
    const top = this.y;
    sheet.artifact(() => {
      sheet.fill(tint, this.paper.left, top, this.width, height);
      sheet.fill(ink, this.paper.left, top, 3, height);
    });
    this.y = top + pad - 3;
    const tag = this.tags.open(this.section, 'P');
    sheet.tagged(tag, () => {
      for (const line of heading) this.line(line, { ...STYLE.strong, colour: ink }, this.paper.left + pad + 5);
      for (const line of lines) this.line(line, STYLE.body, this.paper.left + pad + 5);
    });
    this.tags.close(tag);
    this.y = top + height + 10;
  }

  /** A vector figure with the text that a reader hears instead. */
  figure(height: number, alt: string, draw: (sheet: Sheet, x: number, y: number, width: number) => void): void {
    this.ensure(height);
    const { left, height: pageHeight } = this.paper;
    const box = [left, pageHeight - this.y - height, left + this.width, pageHeight - this.y];
    const tag = this.tags.open(this.section, 'Figure', { alt, box });
    this.sheet.tagged(tag, () => draw(this.sheet, left, this.y, this.width));
    this.tags.close(tag);
    this.y += height;
  }

  rule(colour: Colour = 'line', line = 0.7): void {
    const { y } = this;
    this.sheet.artifact(() =>
      this.sheet.line(
        colour,
        [
          [this.paper.left, y],
          [this.paper.right, y],
        ],
        line,
      ),
    );
  }

  /** Draws one line and moves down; the caller has opened its tag. */
  line(text: string, style: Style, x: number): void {
    const baseline = this.y + style.leading - style.size * 0.35;
    this.sheet.text(style.face, style.size, style.colour, x, baseline, text);
    this.y += style.leading;
  }

  wrap(text: string, style: Style, width: number): string[] {
    return wrap(this.faces[style.face], text, style.size, width);
  }

  textWidth(text: string, style: Style): number {
    const face = this.faces[style.face];
    return face.width(face.shown(text), style.size);
  }

  /** Runs once all pages are known, on the late stream of the page it was asked on. */
  later(draw: (sheet: Sheet, pageOf: (name: string) => number | undefined) => void): void {
    const { sheet } = this;
    this.#late.push((pageOf) => draw(sheet, pageOf));
  }

  /** Numbers the pages, closes every open object and ends the file. */
  finish(): void {
    this.finishSection();
    this.sheet.settle();
    const pageOf = (name: string) => this.#contents.find((item) => item.name === name)?.page;
    for (const draw of this.#late) draw(pageOf);
    this.#sheets.forEach((sheet, index) => {
      this.#drawFooter(sheet, `page ${index + 1} of ${this.#sheets.length}`);
      sheet.end();
    });
    this.tags.end();
    this.document.end();
  }

  #drawFooter(sheet: Sheet, page: string): void {
    const { left, right, height } = this.paper;
    const size = 7;
    const y = height - 36;
    const { text: face } = this.faces;
    sheet.artifact(() => {
      sheet.line(
        'hair',
        [
          [left, y - 12],
          [right, y - 12],
        ],
        0.7,
      );
      sheet.text('text', size, 'muted', left, y, face.shown(this.#footer.left));
      const middle = face.shown(this.#footer.middle);
      sheet.text('text', size, 'muted', (left + right - face.width(middle, size)) / 2, y, middle);
      sheet.text('text', size, 'muted', right - face.width(page, size), y, page);
    }, 'Pagination');
  }
}
