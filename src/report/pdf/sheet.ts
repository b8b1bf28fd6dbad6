import type { CompactDocument, Ref } from './compact-document.ts';
import { COLOUR, type Colour } from './palette.ts';
import type { Tag, TagTree } from './tag-tree.ts';
import type { Face, Typeface } from './typeface.ts';

/** Size of a page in points and the frame that text keeps to. */
export interface Paper {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** ISO 216 A4 and ANSI Letter, with margins wide enough for a binder. */
export const PAPER: Readonly<Record<'a4' | 'letter', Paper>> = {
  a4: frame(595.28, 841.89),
  letter: frame(612, 792),
};

function frame(width: number, height: number): Paper {
  return { width, height, left: 62, right: width - 56, top: 66, bottom: height - 64 };
}

/**
 * One page. Measures run in points from the top left corner. Everything drawn is either content of a tag or an artifact;
 * what is known only at the end ("page 3 of 12") goes into a second stream of the page.
 */
export class Sheet {
  readonly ref: Ref;
  readonly #document: CompactDocument;
  readonly #tags: TagTree;
  readonly #key: number;
  readonly #streams: readonly [Ref, Ref];
  readonly #paper: Paper;
  readonly #faces: Readonly<Record<Face, Typeface>>;
  #out: string[] = [];
  readonly #annotations: Ref[] = [];

  constructor(
    document: CompactDocument,
    tags: TagTree,
    paper: Paper,
    faces: Readonly<Record<Face, Typeface>>,
    resources: Ref,
  ) {
    this.#document = document;
    this.#tags = tags;
    this.#paper = paper;
    this.#faces = faces;
    this.#streams = [document.ref(), document.ref()];
    this.#key = tags.addPage();
    const pages = document._root.data.Pages;
    this.ref = document.ref({
      Type: 'Page',
      Parent: pages,
      MediaBox: [0, 0, paper.width, paper.height],
      Contents: [...this.#streams],
      Resources: resources,
      StructParents: this.#key,
      Tabs: 'S',
    });
    pages.data.Kids.push(this.ref);
    pages.data.Count += 1;
  }

  /** Draws as content of `tag`. */
  tagged(tag: Tag, draw: () => void): void {
    const id = this.#tags.mark(tag, this.ref, this.#key);
    this.#out.push(`/${tag.type} <</MCID ${id}>> BDC`);
    draw();
    this.#out.push('EMC');
  }

  /** Draws what a reading aloud leaves out: rules, backgrounds, repeated headers, page numbers. */
  artifact(draw: () => void, kind: 'Layout' | 'Pagination' = 'Layout'): void {
    this.#out.push(`/Artifact <</Type /${kind}>> BDC`);
    draw();
    this.#out.push('EMC');
  }

  text(face: Face, size: number, colour: Colour, x: number, baseline: number, text: string): void {
    if (text === '') return;
    const type = this.#faces[face];
    this.#out.push(
      `BT ${rgb(colour)} rg /${type.name} ${n(size)} Tf ${n(x)} ${this.#y(baseline)} Td <${type.hex(text)}> Tj ET`,
    );
  }

  fill(colour: Colour, x: number, y: number, width: number, height: number): void {
    this.#out.push(`${rgb(colour)} rg ${n(x)} ${this.#y(y + height)} ${n(width)} ${n(height)} re f`);
  }

  stroke(colour: Colour, x: number, y: number, width: number, height: number, line = 0.7): void {
    this.#out.push(`${rgb(colour)} RG ${n(line)} w ${n(x)} ${this.#y(y + height)} ${n(width)} ${n(height)} re S`);
  }

  line(colour: Colour, points: readonly (readonly [number, number])[], line = 0.7): void {
    const [first, ...rest] = points.map(([x, y]) => `${n(x)} ${this.#y(y)}`);
    if (first) this.#out.push(`${rgb(colour)} RG ${n(line)} w ${first} m ${rest.map((to) => `${to} l`).join(' ')} S`);
  }

  polygon(colour: Colour, points: readonly (readonly [number, number])[]): void {
    const [first, ...rest] = points.map(([x, y]) => `${n(x)} ${this.#y(y)}`);
    if (first) this.#out.push(`${rgb(colour)} rg ${first} m ${rest.map((to) => `${to} l`).join(' ')} h f`);
  }

  /** A filled circle of four Bezier arcs. */
  disc(colour: Colour, x: number, y: number, radius: number): void {
    const k = radius * 0.5523;
    const p = (dx: number, dy: number) => `${n(x + dx)} ${this.#y(y + dy)}`;
    this.#out.push(
      `${rgb(colour)} rg ${p(radius, 0)} m ${p(radius, k)} ${p(k, radius)} ${p(0, radius)} c ` +
        `${p(-k, radius)} ${p(-radius, k)} ${p(-radius, 0)} c ${p(-radius, -k)} ${p(-k, -radius)} ${p(0, -radius)} c ` +
        `${p(k, -radius)} ${p(radius, -k)} ${p(radius, 0)} c f`,
    );
  }

  /** Lines across a box: the shape that stands beside the colour. `lean` 1 rises, -1 falls, 0 is horizontal. */
  hatch(colour: Colour, x: number, y: number, width: number, height: number, gap: number, lean: -1 | 0 | 1): void {
    const strokes: string[] = [];
    if (lean === 0) {
      for (let at = y + gap / 2; at < y + height; at += gap) {
        strokes.push(`${n(x)} ${this.#y(at)} m ${n(x + width)} ${this.#y(at)} l`);
      }
    } else {
      for (let at = -height; at < width; at += gap) {
        const [from, to] = lean === 1 ? [y + height, y] : [y, y + height];
        strokes.push(`${n(x + at)} ${this.#y(from)} m ${n(x + at + height)} ${this.#y(to)} l`);
      }
    }
    this.#out.push(
      `q ${n(x)} ${this.#y(y + height)} ${n(width)} ${n(height)} re W n ${rgb(colour)} RG 0.6 w ${strokes.join(' ')} S Q`,
    );
  }

  /** A link to a named place of this document, over a box; `tag` is its Link element. */
  link(tag: Tag, destination: string, description: string, box: readonly [number, number, number, number]): void {
    const [x, y, width, height] = box;
    const annotation = this.#document.ref({
      Type: 'Annot',
      Subtype: 'Link',
      Rect: [x, this.#paper.height - y - height, x + width, this.#paper.height - y],
      Border: [0, 0, 0],
      // Print, and not hidden (ISO 19005-3, 6.3.2).
      F: 4,
      Contents: new String(description),
      A: { S: 'GoTo', D: new String(destination) },
    });
    annotation.data['StructParent'] = this.#tags.markObject(tag, this.ref, annotation);
    annotation.end();
    this.#annotations.push(annotation);
  }

  /** Ends the page's own stream; from here on drawing goes into the late one. */
  settle(): void {
    this.#flush(this.#streams[0]);
  }

  /** Writes the late stream and the page itself. */
  end(): void {
    this.#flush(this.#streams[1]);
    if (this.#annotations.length > 0) this.ref.data['Annots'] = this.#annotations;
    this.ref.end();
  }

  #flush(stream: Ref): void {
    // pdfkit takes a stream without bytes for a dictionary.
    stream.write(Buffer.from(`${this.#out.join('\n')}\n`, 'latin1'));
    stream.end();
    this.#out = [];
  }

  #y(y: number): string {
    return n(this.#paper.height - y);
  }
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function rgb(colour: Colour): string {
  const hex = COLOUR[colour];
  return [0, 2, 4].map((at) => n(Number.parseInt(hex.slice(at, at + 2), 16) / 255)).join(' ');
}
