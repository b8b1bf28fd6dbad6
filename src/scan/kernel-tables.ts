import { type ByteSet, type CompiledRule, likelihood } from '../rules/index.ts';
import { NIBBLE_TABLES, nibbleTables } from './nibble-tables.ts';
import { NEAR, type PreparedAnchors, TRIPLES } from './prefilter.ts';

/** Where each table lies in the kernel's memory: places in bytes, all multiples of 64. */
export interface TableLayout {
  readonly anchors: number;
  /** For every 128 bits of shapes `SHAPES_SIZE` bytes. */
  readonly shapes: number;
  readonly nibbles: number;
  /** For each rule: 0 while its nibble tables are not made, 1 if it has none, 2 if they are there. */
  readonly tabled: number;
  readonly end: number;
  /** Most windows that one step of the kernel writes. */
  readonly most: number;
}

/** What the kernel looks things up in: `image` stands at `TABLES`. */
export interface KernelTables {
  readonly layout: TableLayout;
  readonly image: Uint8Array;
}

/** Tables of the triples: a bit for each, its bucket, sets, buckets and their entries (the kernel knows this layout). */
export const TABLES = 1024;
const HEADS = TRIPLES / 8;
const SETS = HEADS + 2 * TRIPLES;
/** An entry tells a set by twelve bits and its place by four. */
const MAX_SETS = 4096;
const BUCKETS = SETS + 32 * MAX_SETS;
const BUCKET_SIZE = 16;
const ENTRY_SIZE = 32;
const MAX_PLACES = 14;
/** 128 bits for each byte, for beginnings and for ends, and an anchor and its length for each bit. */
export const SHAPES_SIZE = aligned(16 * 258 + 4 * 128);
const ANCHOR_SIZE = 8;
const MARK_SIZE = 16;
/** Triples that are looked up in one step. */
const STEP = 4;

/** @throws RangeError if the anchors are too many for the kernel */
export function layTables(prepared: PreparedAnchors, rules: number): KernelTables {
  const { anchors, buckets, shapes } = prepared;
  const marksOf = (anchor: number): number => anchors[anchor]!.rules.length;
  const entries = BUCKETS + BUCKET_SIZE * (buckets.length + 1);
  const anchorsAt = aligned(entries + ENTRY_SIZE * sum(buckets.map(({ length }) => length)));
  const marks = sum(anchors.map((_, index) => marksOf(index)));
  const shapesAt = aligned(anchorsAt + ANCHOR_SIZE * anchors.length + MARK_SIZE * marks);
  const nibbles = shapesAt + SHAPES_SIZE * ((shapes.words + 3) >> 2);
  const tabled = aligned(nibbles + NIBBLE_TABLES * rules);
  const end = aligned(tabled + rules);
  const perBucket = buckets.map((bucket) => sum(bucket.map(({ anchor }) => marksOf(anchor))));
  const perPlace = shapes.owner.reduce(
    (total, anchor, bit) => total + (isLast(prepared, bit) ? marksOf(anchor) : 0),
    0,
  );
  const image = new Uint8Array(end);
  const view = new DataView(image.buffer);
  layTriples(prepared, image, view, { entries, anchorsAt });
  layShapes(prepared, view, shapesAt);
  const layout: TableLayout = {
    anchors: TABLES + anchorsAt,
    shapes: TABLES + shapesAt,
    nibbles: TABLES + nibbles,
    tabled: TABLES + tabled,
    end: TABLES + end,
    most: STEP * Math.max(perPlace, ...perBucket, 0),
  };
  return { layout, image };
}

/** Makes the nibble tables of all rules beforehand. */
export function layNibbles({ layout, image }: KernelTables, rules: readonly CompiledRule[]): void {
  rules.forEach(({ matcher }, rule) => {
    if (!matcher) return;
    const prefixes = matcher.prefixes();
    image[layout.tabled - TABLES + rule] = prefixes ? 2 : 1;
    if (prefixes) image.set(nibbleTables(prefixes), layout.nibbles - TABLES + NIBBLE_TABLES * rule);
  });
}

function layTriples(
  { anchors, heads, buckets, near, nearSets }: PreparedAnchors,
  image: Uint8Array,
  view: DataView,
  at: { readonly entries: number; readonly anchorsAt: number },
): void {
  for (let triple = 0; triple < TRIPLES; triple++) {
    if (heads[triple] !== 0) image[triple >> 3]! |= 1 << (triple & 7);
  }
  new Uint16Array(image.buffer, HEADS, TRIPLES).set(heads);
  image.set(nearSets, SETS);
  let sets = nearSets.length / 32;
  const known = new Map<ByteSet, number>();
  const numberOf = (set: ByteSet): number => {
    let number = known.get(set);
    if (number === undefined) {
      if (sets === MAX_SETS) throw new RangeError('more sets of bytes than the kernel holds');
      number = sets++;
      known.set(set, number);
      for (let byte = 0; byte < 256; byte++) image[SETS + 32 * number + (byte >> 3)]! |= set[byte]! << (byte & 7);
    }
    return number;
  };
  if (anchors.length > 0xffff) throw new RangeError('more anchors than the kernel holds');
  let entry = at.entries;
  buckets.forEach((bucket, index) => {
    const place = BUCKETS + BUCKET_SIZE * (index + 1);
    for (let which = 0; which < NEAR.length; which++) {
      view.setUint16(place + 2 * which, near[NEAR.length * index + which]!, true);
    }
    view.setUint16(place + 10, bucket.length, true);
    view.setUint32(place + 12, entry, true);
    for (const { anchor, at: back } of bucket) {
      const places = anchors[anchor]!.sets;
      if (places.length > MAX_PLACES) throw new RangeError('an anchor longer than the kernel holds');
      view.setUint16(entry, anchor, true);
      view.setUint8(entry + 2, back);
      view.setUint8(entry + 3, places.length);
      rarestFirst(places, back).forEach((offset, which) => {
        view.setUint16(entry + 4 + 2 * which, numberOf(places[offset]!) | (offset << 12), true);
      });
      entry += ENTRY_SIZE;
    }
  });
  let mark = ANCHOR_SIZE * anchors.length;
  anchors.forEach(({ rules, least, most, through }, index) => {
    view.setUint32(at.anchorsAt + ANCHOR_SIZE * index, mark, true);
    view.setUint32(at.anchorsAt + ANCHOR_SIZE * index + 4, rules.length, true);
    rules.forEach((rule, which) => {
      const set = through[which]!;
      view.setUint16(at.anchorsAt + mark, rule, true);
      view.setUint16(at.anchorsAt + mark + 2, set ? numberOf(set) : 0, true);
      view.setInt32(at.anchorsAt + mark + 4, least[which]!, true);
      view.setInt32(at.anchorsAt + mark + 8, most[which]!, true);
      mark += MARK_SIZE;
    });
  });
}

/** The order in which bytes of an anchor are looked at: what is met most seldom first, the triple that was found last. */
function rarestFirst(places: readonly ByteSet[], triple: number): number[] {
  const chance = places.map((set, at) => likelihood(set) + (at >= triple && at < triple + 3 ? 1 : 0));
  return places.map((_, at) => at).sort((left, right) => chance[left]! - chance[right]! || left - right);
}

function layShapes(prepared: PreparedAnchors, view: DataView, at: number): void {
  const { words, accept, first, last, owner } = prepared.shapes;
  for (let word = 0; word < words; word++) {
    const place = at + SHAPES_SIZE * (word >> 2) + 4 * (word & 3);
    for (let byte = 0; byte < 256; byte++) view.setInt32(place + 16 * byte, accept[byte * words + word]!, true);
    view.setInt32(place + 4096, first[word]!, true);
    view.setInt32(place + 4112, last[word]!, true);
  }
  owner.forEach((anchor, bit) => {
    if (!isLast(prepared, bit)) return;
    const place = at + SHAPES_SIZE * (bit >> 7) + 4128 + 4 * (bit & 127);
    view.setUint16(place, anchor, true);
    view.setUint16(place + 2, prepared.anchors[anchor]!.sets.length, true);
  });
}

function isLast({ shapes }: PreparedAnchors, bit: number): boolean {
  return ((shapes.last[bit >> 5]! >>> (bit & 31)) & 1) === 1;
}

export function aligned(bytes: number): number {
  return (bytes + 63) & ~63;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
