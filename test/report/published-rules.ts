/**
 * The rules that veraPDF publishes for PDF/A-3a (155) and PDF/UA-1 (106), by clause and number as in its profiles, each
 * with our rule that asks the same of our files. `checked` reads what stands in the file; `never` stands for rules about a
 * construct that the writer does not make, and asks that it is not there. Clauses are those of ISO 19005-3 (A) and
 * ISO 14289-1 (U); numbers are the published ones, sentences and checks are ours.
 */
const TABLE = `
A 6.1.2 1: the header stands at byte 0 and names version 1.n
A 6.1.2 2: a comment of four bytes above 127 follows
A 6.1.3 1: the trailer has an /ID of two strings
A 6.1.3 2: nothing is encrypted
A 6.1.3 3: nothing follows the last end of file mark but one line end
A 6.1.4 2: the word xref stands alone in its line
A 6.1.6 1: hexadecimal strings have an even number of digits
A 6.1.6 2: hexadecimal strings hold only digits
A 6.1.7.1 1: every /Length is that of the data
A 6.1.7.1 2: the words stream and endstream stand at line ends
A 6.1.7.1 3: no stream has parameters of an external filter
A 6.1.7.2 1: the only filter is Flate
A 6.1.8 1: names are UTF-8
A 6.1.9 1: objects are written as the grammar asks
A 6.1.10 1 never: no inline image
A 6.1.12 1: permissions have no keys but those of the specification
A 6.1.12 2 never: no permissions other than document modification
A 6.1.13 1: no integer above 2^31 - 1
A 6.1.13 2: no real number beyond 3.403e38
A 6.1.13 3: no string above 32767 bytes
A 6.1.13 4: no name above 127 bytes
A 6.1.13 5: no real number nearer to zero than 1.175e-38
A 6.1.13 7: no more than 8388607 objects
A 6.1.13 8: graphics states nest no deeper than 28, and q and Q balance
A 6.1.13 9 never: no Separation or DeviceN
A 6.1.13 10: no CID above 65535
A 6.1.13 11: page sides lie between 3 and 14400 units
A 6.2.2 1: only operators of the specification
A 6.2.2 2: every page names its resources itself
A 6.2.3 1: the profile is a display profile for RGB, version 4 or lower, with /N 3
A 6.2.3 2: exactly one output intent of PDF/A with an ICC profile
A 6.2.3 3: the profile is not referred to from elsewhere
A 6.2.4.2 1,2 never: no ICC based colour space
A 6.2.4.3 2: colours of the screen stand only under an output intent for RGB
A 6.2.4.3 3,4: no CMYK or uncalibrated grey operator
A 6.2.4.4 1,2 never: no Separation or DeviceN
A 6.2.5 1: no transfer function
A 6.2.5 2: no second transfer function
A 6.2.5 3: no halftone
A 6.2.5 4,5,6 never: no halftone dictionary
A 6.2.6 1: a rendering intent is one of the four
A 6.2.8 1: no alternate image
A 6.2.8 2: no open prepress reference
A 6.2.8 3: no interpolation
A 6.2.8 4,5 never: no image
A 6.2.8.3 1,2,3,4,5 never: no JPEG 2000 data
A 6.2.9 1: no PostScript in a form XObject
A 6.2.9 2: no reference XObject
A 6.2.9 3: no PostScript XObject
A 6.2.10 1: no blend mode
A 6.2.10 2: no transparency group and so no blending space
A 6.2.11.2 1,2: fonts have the type and subtype of the specification
A 6.2.11.2 3: every font has a base name
A 6.2.11.2 4,5,6 never: no Type 1 font
A 6.2.11.2 7: an embedded font program names no kind that the specification does not
A 6.2.11.3.1 1: the character collection of every CID font is Adobe-Identity-0
A 6.2.11.3.2 1: every CID font maps CIDs to glyphs by Identity
A 6.2.11.3.3 1: every composite font is encoded by Identity-H
A 6.2.11.3.3 2 never: no map of characters is embedded as an encoding
A 6.2.11.3.3 3: no map of characters refers to another
A 6.2.11.4.1 1: every font program is embedded
A 6.2.11.4.1 2: every glyph drawn is in the font program
A 6.2.11.4.2 1 never: no list of characters of a Type 1 font
A 6.2.11.4.2 2 never: no CIDSet that might be incomplete
A 6.2.11.5 1: widths of the dictionary are those of the font program
A 6.2.11.6 1,2,3,4 never: no simple TrueType font
A 6.2.11.7.2 1: every glyph drawn has a Unicode value
A 6.2.11.7.2 2: no glyph drawn maps to U+0000, U+FEFF or U+FFFE
A 6.2.11.7.3 1: no glyph drawn has a private Unicode value
A 6.2.11.8 1: no glyph .notdef is drawn
A 6.3.1 1: annotations are links or widgets only
A 6.3.2 1,2: annotations have /F with Print and without Hidden, Invisible, ToggleNoView and NoView
A 6.3.3 1: annotations other than links of no area have an appearance
A 6.3.3 2,3,4: an appearance is one stream for the normal state
A 6.4.1 1: no widget has an action
A 6.4.1 2: no form field has additional actions
A 6.4.1 3: no form asks for appearances to be made
A 6.4.2 1: no XFA form
A 6.4.2 2: nothing has to be rendered first
A 6.4.3 1: a signature covers the whole file but itself
A 6.4.3 2,3: a signature holds the certificate of its one signer
A 6.5.1 1: every action is a jump within the document
A 6.5.1 2: no named action
A 6.5.2 1: the catalog has no additional actions
A 6.5.2 2: no page has additional actions
A 6.6.2.1 1: the catalog has a metadata stream without a filter
A 6.6.2.1 2: the packet header says nothing of its bytes
A 6.6.2.1 3: the packet header says nothing of its encoding
A 6.6.2.1 4: metadata is well-formed XML in UTF-8 with a packet header without encoding
A 6.6.2.1 5: metadata is UTF-8
A 6.6.2.3.1 1,2: every property of the metadata is of a schema that is known or declared
A 6.6.2.3.2 1: every property outside the predefined schemas has an extension schema
A 6.6.2.3.3 1: extension schemas stand in a bag
A 6.6.2.3.3 2,4,7,8,10: the extension schema has name, type, category and description for each property
A 6.6.2.3.3 3: every property outside the predefined schemas has an extension schema
A 6.6.2.3.3 5: properties of an extension schema stand in a sequence
A 6.6.2.3.3 9: the category of a property is internal or external
A 6.6.2.3.3 6,11,12,13,14,15,16,17,18 never: no type of value of our own
A 6.6.4 1,2,3,4,5: metadata names part 3 and conformance A
A 6.6.4 6,7 never: no amendment and no corrigendum is named
A 6.7.2.2 1: MarkInfo says marked
A 6.7.3.3 1: there is a structure tree
A 6.7.3.4 1: structure types are standard ones
A 6.7.3.4 2,3: no standard type is mapped to another
A 6.7.4 1: every language is a tag
A 6.8 1,2,3: every embedded file has names, media type and relationship
A 6.8 4: embedded files are associated with the document
A 6.9 1,2,3,4 never: no optional content
A 6.10 1: no alternate presentations
A 6.10 2: no presentation steps
A 6.11 1: no requirements on a reader
U 5 1,2,3: metadata names part 1
U 5 4,5 never: no amendment and no corrigendum is named
U 6.1 1: the header stands at byte 0 and names version 1.n
U 6.2 1: MarkInfo says marked
U 7.1 1,2: no artifact lies in tagged content nor the other way round
U 7.1 3: content is either tagged or an artifact
U 7.1 4: Suspects is not set
U 7.1 5: structure types are standard ones
U 7.1 6,7: no standard type is mapped to another
U 7.1 8: the catalog has a metadata stream without a filter
U 7.1 9: metadata has a title
U 7.1 10: the window shows the title
U 7.1 11: there is a structure tree
U 7.1 12: every element names its parent, and is its kid
U 7.2 2,21,22,23,24,25,30,31,32,33,34: natural language is named for the whole document
U 7.2 3: Table holds only TR, THead, TBody, TFoot, Caption
U 7.2 4: TR stands in Table or THead or TBody or TFoot
U 7.2 5: THead stands in Table
U 7.2 6: TBody stands in Table
U 7.2 7: TFoot stands in Table
U 7.2 8: TH stands in TR
U 7.2 9: TD stands in TR
U 7.2 10: TR holds only TH, TD
U 7.2 11: a table has at most one head, before its body
U 7.2 12: a table has at most one foot
U 7.2 13,14: a table with a head or a foot has a body
U 7.2 15,41: no cell spans rows
U 7.2 16,28,39,40: a caption is the first or last of its table, and the first of its list
U 7.2 17: LI stands in L
U 7.2 18: LBody stands in LI
U 7.2 19: L holds only LI, L, Caption
U 7.2 20: LI holds only Lbl, LBody
U 7.2 26: TOCI stands in TOC
U 7.2 27: TOC holds only TOCI, TOC, Caption
U 7.2 29: every language is a tag
U 7.2 36: THead holds only TR
U 7.2 37: TBody holds only TR
U 7.2 38: TFoot holds only TR
U 7.2 42,43: rows of a table are equally long
U 7.3 1: every figure has alternative text
U 7.4.2 1: headings start at level 1 and leave none out
U 7.4.4 1,2,3: numbered and unnumbered headings are not mixed
U 7.5 1: every header cell has a scope
U 7.5 2: every table has header cells
U 7.7 1: a formula has a text for those who do not see it
U 7.9 1,2: no note without an id of its own
U 7.10 1,2 never: no optional content
U 7.11 1: file specifications have /F and /UF
U 7.15 1: no XFA
U 7.16 1: nothing keeps a screen reader out
U 7.18.1 1,2: an annotation that is no link, widget or popup stands in an Annot element that describes it
U 7.18.1 3: every annotation says what it is
U 7.18.2 1: no trap network
U 7.18.3 1: the tab order is that of the structure
U 7.18.4 1: a widget stands in a form element unless it is out of sight
U 7.18.4 2 never: no form element
U 7.18.5 1: every annotation in sight is tagged
U 7.18.5 2: every annotation says what it is
U 7.18.6.2 1,2 never: no media clip
U 7.18.8 1 never: no mark of a printer
U 7.20 1: no reference XObject
U 7.20 2 never: no form XObject
U 7.21.3.1 1: CID fonts and their encoding agree
U 7.21.3.2 1: every CID font maps CIDs to glyphs by Identity
U 7.21.3.3 1: every composite font is encoded by Identity-H
U 7.21.3.3 2 never: no map of characters is embedded as an encoding
U 7.21.3.3 3: no map of characters refers to another
U 7.21.4.1 1: fonts are embedded
U 7.21.4.1 2: every glyph drawn is in the font program
U 7.21.4.2 1 never: no list of characters of a Type 1 font
U 7.21.4.2 2 never: no CIDSet that might be incomplete
U 7.21.5 1: widths of the dictionary are those of the font program
U 7.21.6 1,2,3,4 never: no simple TrueType font
U 7.21.7 1: every glyph drawn has a Unicode value
U 7.21.7 2: no glyph drawn maps to U+0000, U+FEFF or U+FFFE
U 7.21.8 1: no .notdef
`;

export interface PublishedRule {
  /** Standard (A or U), clause and number. */
  readonly id: string;
  readonly kind: 'checked' | 'never';
  /** `says` of our rule. */
  readonly ours: string;
}

export const PUBLISHED: readonly PublishedRule[] = TABLE.trim()
  .split('\n')
  .flatMap((line) => {
    const [, standard, clause, numbers = '', never, ours = ''] =
      /^([AU]) ([\d.]+) ([\d,]+)( never)?: (.*)$/.exec(line) ?? [];
    return numbers.split(',').map((number) => ({
      id: `${standard} ${clause}-${number}`,
      kind: never ? ('never' as const) : ('checked' as const),
      ours,
    }));
  });
