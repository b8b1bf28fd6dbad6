import { readFileSync } from 'node:fs';
import type { Starts } from '../rules/index.ts';
import { aligned, type KernelTables, SHAPES_SIZE, TABLES, type TableLayout } from './kernel-tables.ts';
import { NIBBLE_TABLES, nibbleTables } from './nibble-tables.ts';
import type { Patterned, Prefilter } from './prefilter.ts';
import type { StartWindows } from './start-windows.ts';

/** The part of WebAssembly that is used; the compiler's library has it only together with the whole of the DOM. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The committed kernel; its SHA-256 is the engine's identity. */
export const KERNEL = new URL('./prefilter.wasm', import.meta.url);

interface Kernel {
  layOut(triples: number, anchors: number, states: number, touched: number): void;
  begin(text: number, length: number, first: number, last: number, windows: number): void;
  allow(end: number): void;
  written(): number;
  triples(from: number, to: number): number;
  shapes(from: number, to: number, tables: number, state: number): number;
  collect(offset: number, list: number, out: number): number;
  narrow(base: number, pairs: number, count: number, tables: number, out: number): number;
}

/** Bytes worked off by one call: they stay in the processor's cache for all passes. */
const SLICE = 64 * 1024;
/** Bytes before the text that may be read. */
const LEAD = 8;
/** Bytes after the text that may be read. */
const TRAIL = 64;
/** What the kernel keeps of a rule, of a window, of a pair and of a rule with windows. */
const RULE_SIZE = 32;
const WINDOW_SIZE = 12;
const PAIR_SIZE = 8;
const LISTED_SIZE = 16;
/** Bits of shapes between two slices of the text. */
const STATE_SIZE = 16;
/** For fewer places no tables are made. */
const FEW = 24;

let module: object | undefined;

/** The prefilter in WebAssembly. Text is copied in, which is far cheaper than looking at it; windows stay there. */
export class WasmPrefilter implements Prefilter {
  readonly #memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly #kernel: Kernel;
  readonly #layout: TableLayout;
  readonly #states: number;
  readonly #list: number;
  readonly #text: number;
  #bytes: Uint8Array;
  #words: Int32Array;
  /** Index in the caller's bytes that `#text` stands for, and how many are held. */
  #from = 0;
  #length = 0;
  /** Where ranges may be asked about. */
  #asked = 0;

  /** @throws where the machine cannot run WebAssembly */
  constructor({ layout, image }: KernelTables, rules: number) {
    this.#layout = layout;
    this.#states = layout.end;
    const ruleStates = aligned(this.#states + STATE_SIZE * shapesOf(layout));
    const touched = ruleStates + RULE_SIZE * rules;
    this.#list = aligned(touched + 4 * rules);
    this.#text = aligned(this.#list + LISTED_SIZE * rules) + LEAD;
    this.#memory = new WebAssembly.Memory({ initial: pages(this.#text + SLICE) });
    module ??= new WebAssembly.Module(readFileSync(KERNEL));
    this.#kernel = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Kernel;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Int32Array(this.#memory.buffer);
    this.#bytes.set(image, TABLES);
    this.#kernel.layOut(TABLES, layout.anchors, ruleStates, touched);
  }

  run(bytes: Uint8Array, from: number, to: number, windows: StartWindows): void {
    const length = to - from;
    this.#hold(bytes, from, to);
    const kernel = this.#kernel;
    const log = aligned(this.#text + length + TRAIL);
    let room = log + WINDOW_SIZE * (256 + (length >> 3));
    const work = (pass: (at: number) => number, begin: number, end: number): void => {
      for (let at = begin; at < end; at = pass(at)) {
        if (kernel.written() >= room - log) room += room - log;
        this.#ensure(room + WINDOW_SIZE * this.#layout.most);
        kernel.allow(room);
      }
    };
    kernel.begin(this.#text, length, windows.first - from, windows.last - from, log);
    const shapes = shapesOf(this.#layout);
    this.#bytes.fill(0, this.#states, this.#states + STATE_SIZE * shapes);
    for (let begin = 0; begin < length; begin += SLICE) {
      const end = Math.min(length, begin + SLICE);
      work((at) => kernel.triples(at, end), begin, end);
      for (let which = 0; which < shapes; which++) {
        const tables = this.#layout.shapes + SHAPES_SIZE * which;
        work((at) => kernel.shapes(at, end, tables, this.#states + STATE_SIZE * which), begin, end);
      }
    }
    this.#give(aligned(log + kernel.written()), kernel.written() / WINDOW_SIZE, windows);
  }

  /** Hands the windows over, rule by rule, where they lie. */
  #give(place: number, count: number, windows: StartWindows): void {
    this.#asked = aligned(place + PAIR_SIZE * count);
    // Room for ranges that are asked about and for the answer: were it made later, what was handed over would be lost.
    this.#ensure(this.#asked + PAIR_SIZE * (this.#length + 2 * TRAIL));
    if (count === 0) return;
    const rules = this.#kernel.collect(this.#from, this.#list, place);
    const words = this.#words;
    for (let item = this.#list >> 2, end = item + 4 * rules; item < end; item += 4) {
      const first = words[item + 1]! >> 2;
      const starts = { pairs: words.subarray(first, first + 2 * words[item + 2]!), count: words[item + 2]! };
      windows.give(words[item]!, starts, words[item + 3] !== 0);
    }
  }

  narrow(index: number, rule: Patterned, starts: Starts): Starts {
    const { pairs, count } = starts;
    const tabled = this.#layout.tabled + index;
    if (count === 0 || this.#bytes[tabled] === 1) return starts;
    const tables = this.#layout.nibbles + NIBBLE_TABLES * index;
    if (this.#bytes[tabled] === 0) {
      if (isFew(starts)) return starts;
      const prefixes = rule.matcher!.prefixes();
      this.#bytes[tabled] = prefixes ? 2 : 1;
      if (!prefixes) return starts;
      this.#bytes.set(nibbleTables(prefixes), tables);
    }
    let asked = pairs.byteOffset;
    let answer = this.#asked + 64;
    if (pairs.buffer !== this.#memory.buffer) {
      asked = this.#asked;
      answer = aligned(asked + PAIR_SIZE * count) + 64;
      this.#words.set(count === pairs.length / 2 ? pairs : pairs.subarray(0, 2 * count), asked >> 2);
    }
    const found = this.#kernel.narrow(this.#text - this.#from, asked, count, tables, answer);
    const words = this.#words;
    const first = answer >> 2;
    // Nothing stands before the very first byte: there a match may begin whatever the tables say.
    if (pairs[0] !== 0 || (found > 0 && words[first] === 0)) {
      return { pairs: words.subarray(first, first + 2 * found), count: found };
    }
    if (found > 0 && words[first] === 1) {
      words[first] = 0;
      return { pairs: words.subarray(first, first + 2 * found), count: found };
    }
    words[first - 2] = 0;
    words[first - 1] = 0;
    return { pairs: words.subarray(first - 2, first + 2 * found), count: found + 1 };
  }

  /** Copies the text in, with the byte before it. */
  #hold(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    this.#ensure(this.#text + length + TRAIL);
    const lead = Math.min(1, from);
    this.#bytes.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from - lead, to), this.#text - lead);
    this.#bytes.fill(0, this.#text + length, this.#text + length + TRAIL);
    this.#from = from;
    this.#length = length;
  }

  #ensure(bytes: number): void {
    const missing = pages(bytes) - this.#memory.buffer.byteLength / 65536;
    if (missing <= 0) return;
    this.#memory.grow(missing);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Int32Array(this.#memory.buffer);
  }
}

/** How often 128 bits of shapes there are. */
function shapesOf({ shapes, nibbles }: TableLayout): number {
  return (nibbles - shapes) / SHAPES_SIZE;
}

function isFew({ pairs, count }: Starts): boolean {
  let places = 0;
  for (let index = 0; index < 2 * count; index += 2) places += pairs[index + 1]! - pairs[index]! + 1;
  return places < FEW;
}

function pages(bytes: number): number {
  return Math.ceil(bytes / 65536);
}
