import type { CompactDocument, Ref } from './compact-document.ts';

/** Standard structure types (ISO 32000-1, 14.8.4) that the report uses. */
export type TagType =
  | 'Document'
  | 'Sect'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'P'
  | 'L'
  | 'LI'
  | 'Lbl'
  | 'LBody'
  | 'Table'
  | 'THead'
  | 'TBody'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'Figure'
  | 'Caption'
  | 'Link'
  | 'TOC'
  | 'TOCI'
  | 'Code';

/** A structure element while it is open: its children are written when it ends. */
export interface Tag {
  readonly type: TagType;
  readonly ref: Ref;
  readonly kids: unknown[];
  page: Ref | undefined;
}

/** The structure tree (ISO 32000-1, 14.7), written element by element; only open elements and page tables stay in memory. */
export class TagTree {
  readonly #document: CompactDocument;
  readonly #parents: (number[] | number)[] = [];
  readonly root: Tag;

  constructor(document: CompactDocument) {
    this.#document = document;
    const root = document._root.data.StructTreeRoot;
    const ref = document.ref({ Type: 'StructElem', S: 'Document', P: root });
    this.root = { type: 'Document', ref, kids: [], page: undefined };
  }

  /** Opens a child of `parent`. `alt` is what a reader hears for a figure; `scope` is for header cells. */
  open(parent: Tag, type: TagType, attributes: { alt?: string; scope?: 'Column' | 'Row'; box?: number[] } = {}): Tag {
    const ref = this.#document.ref({ Type: 'StructElem', S: type, P: parent.ref });
    parent.kids.push(ref);
    if (attributes.alt !== undefined) ref.data['Alt'] = new String(attributes.alt);
    if (attributes.scope) ref.data['A'] = { O: 'Table', Scope: attributes.scope };
    if (attributes.box) ref.data['A'] = { O: 'Layout', Placement: 'Block', BBox: attributes.box };
    return { type, ref, kids: [], page: undefined };
  }

  close(tag: Tag): void {
    tag.ref.data['K'] = tag.kids.length === 1 ? tag.kids[0] : tag.kids;
    if (tag.page) tag.ref.data['Pg'] = tag.page;
    tag.ref.end();
  }

  /** A table of marked content for a new page: the value of its /StructParents. */
  addPage(): number {
    return this.#parents.push([]) - 1;
  }

  /** A new marked-content id on a page, owned by `tag`. */
  mark(tag: Tag, page: Ref, pageKey: number): number {
    const owners = this.#parents[pageKey] as number[];
    const id = owners.push(tag.ref.id) - 1;
    tag.page ??= page;
    tag.kids.push(tag.page === page ? id : { Type: 'MCR', Pg: page, MCID: id });
    return id;
  }

  /** Ties an annotation to its element: the value of its /StructParent. */
  markObject(tag: Tag, page: Ref, annotation: Ref): number {
    tag.kids.push({ Type: 'OBJR', Obj: annotation, Pg: page });
    return this.#parents.push(tag.ref.id) - 1;
  }

  end(): void {
    this.close(this.root);
    const numbers = this.#parents.map((owners, key) => {
      const value = typeof owners === 'number' ? `${owners} 0 R` : `[${owners.map((id) => `${id} 0 R`).join(' ')}]`;
      return `${key} ${value}`;
    });
    const tree = this.#document._root.data.StructTreeRoot;
    const parents = this.#document.ref({ Nums: new Verbatim(`[${numbers.join('\n')}]`) });
    parents.end();
    tree.data['K'] = [this.root.ref];
    tree.data['ParentTree'] = parents;
    tree.data['ParentTreeNextKey'] = this.#parents.length;
  }
}

/** Text that pdfkit writes as it is: it calls `toString` on what it does not know. */
class Verbatim {
  readonly #text: string;
  /** Keeps pdfkit from taking it for a plain dictionary. */
  readonly [Symbol.toStringTag] = 'Verbatim';

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}
