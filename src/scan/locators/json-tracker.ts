import type { Locator } from '../../model/index.ts';
import type { Extractor } from '../extractor.ts';
import { type LocatedPlaces, MAX_TEXT } from './located.ts';

type JsonLocator = Extract<Locator, { json: unknown }>['json'];

const MAX_DEPTH = 256;
const MAX_KEY = 1024;

interface Level {
  readonly array: boolean;
  /** Key of the member at hand, or index of the element. */
  step: string;
  index: number;
  expectsKey: boolean;
}
interface OpenValue {
  readonly id: string;
  readonly depth: number;
  readonly begin: number;
  text: string;
}

/**
 * Follows a JSON text through its bytes and notes where the asked-for members lie (paths like `$.a.b`, `$.list[*].c`,
 * `$..name`). Text that is not JSON ends it, so that nothing later is located.
 */
export class JsonTracker implements Extractor {
  readonly #locators: readonly { readonly id: string; readonly steps: readonly string[] }[];
  readonly #places: LocatedPlaces;
  readonly #levels: Level[] = [];
  #open: OpenValue[] = [];
  #state: 'before' | 'value' | 'string' | 'ended' = 'before';
  #escaped = false;
  #key: string | null = null;
  #at = 0;

  constructor(locators: ReadonlyMap<string, JsonLocator>, places: LocatedPlaces) {
    this.#places = places;
    this.#locators = [...locators].map(([id, { path }]) => ({ id, steps: stepsOf(path) }));
  }

  feed(bytes: Uint8Array, base: number, length: number): void {
    const end = length - base;
    for (let at = this.#at - base; at < end && this.#state !== 'ended'; at++) this.#byte(bytes[at]!, base + at);
    this.#at = length;
  }

  #byte(byte: number, offset: number): void {
    const char = String.fromCharCode(byte);
    for (const value of this.#open) if (value.text.length <= MAX_TEXT) value.text += char;
    if (this.#state === 'string') {
      this.#inString(char, offset);
      return;
    }
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return;
    if (this.#state === 'before') {
      if (byte === 0xef || byte === 0xbb || byte === 0xbf) return;
      this.#state = char === '{' || char === '[' ? 'value' : 'ended';
      if (this.#state === 'ended') return;
    }
    const level = this.#levels.at(-1);
    if (char === '{' || char === '[') {
      if (this.#levels.length >= MAX_DEPTH || level?.expectsKey) this.#end();
      this.#begin(offset + 1);
      this.#levels.push({ array: char === '[', step: '0', index: 0, expectsKey: char === '{' });
    } else if (char === '}' || char === ']') {
      if (level?.array !== (char === ']')) this.#end();
      this.#levels.pop();
      this.#finish(offset);
    } else if (char === '"') {
      this.#state = 'string';
      if (level?.expectsKey) this.#key = '';
      else this.#begin(offset + 1);
    } else if (char === ',') {
      if (level) {
        level.index++;
        if (level.array) level.step = String(level.index);
        level.expectsKey = !level.array;
      } else {
        this.#end();
      }
    } else if (char === ':') {
      if (!level || level.array || level.expectsKey) this.#end();
    } else if (!/[-+.\w]/.test(char) || level?.expectsKey) {
      this.#end();
    }
  }

  #inString(char: string, offset: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (char === '\\') this.#escaped = true;
    else if (char === '"') {
      this.#state = 'value';
      const level = this.#levels.at(-1);
      if (this.#key !== null && level) {
        level.step = this.#key;
        level.expectsKey = false;
        this.#key = null;
      } else {
        this.#finish(offset);
      }
      return;
    } else if (char === '\n') {
      this.#end();
    }
    if (this.#key !== null && this.#key.length < MAX_KEY) this.#key += char;
  }

  /** A string, object or array begins: it may be what is looked for. */
  #begin(begin: number): void {
    if (this.#state === 'ended') return;
    const path = this.#levels.map(({ step }) => step);
    for (const { id, steps } of this.#locators) {
      if (matches(path, steps)) this.#open.push({ id, depth: this.#levels.length, begin, text: '' });
    }
  }

  #finish(end: number): void {
    const depth = this.#levels.length;
    if (!this.#open.some((value) => value.depth === depth)) return;
    for (const value of this.#open) {
      if (value.depth === depth) this.#places.add(value.id, value.begin, end, value.text.slice(0, -1));
    }
    this.#open = this.#open.filter((value) => value.depth !== depth);
  }

  /** This is no JSON: what is still open is not located. */
  #end(): void {
    this.#state = 'ended';
    this.#open = [];
  }
}

/** `$.a[*]..b` as steps: `a`, `*`, `..`, `b`. */
function stepsOf(path: string): string[] {
  return [...path.replace(/^\$/, '').matchAll(/\.\.|\[(?:\*|(\d+)|["']([^"']*)["'])\]|[^.[\]]+/g)].map(
    (match) => match[1] ?? match[2] ?? (match[0] === '[*]' ? '*' : match[0]),
  );
}

function matches(path: readonly string[], steps: readonly string[]): boolean {
  if (steps.length === 0) return path.length === 0;
  const [first, ...rest] = steps;
  if (first === '..') return path.some((_, index) => matches(path.slice(index), rest));
  return path.length > 0 && (first === '*' || first === path[0]) && matches(path.slice(1), rest);
}
