import { readFileSync } from 'node:fs';

/** The part of WebAssembly that is used; the compiler's library has it only together with the whole of the DOM. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { readonly exports: object };
  Memory: new (size: { initial: number; maximum: number }) => WasmMemory;
};
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const PAGE = 65536;
/** An idle instance larger than this is let go of rather than kept. */
const IDLE_MAX = 16 << 20;

const modules = new Map<string, object>();
/** One idle instance a kernel: a payload with many small streams does not make one each. */
const idle = new Map<string, Kernel<object>>();

/** One instance of a compiled kernel with a memory of its own, which grows as asked. */
export class Kernel<Exports extends object> {
  readonly call: Exports;
  readonly #memory: WasmMemory;
  #bytes: Uint8Array;

  constructor(name: string) {
    let module = modules.get(name);
    if (module === undefined) {
      module = new WebAssembly.Module(readFileSync(new URL(`../${name}.wasm`, import.meta.url)));
      modules.set(name, module);
    }
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: PAGE });
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.call = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as Exports;
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** Grows the memory to at least `size` bytes; false if the machine has no more. Earlier views become empty. */
  reserve(size: number): boolean {
    const missing = Math.ceil(size / PAGE) - this.#bytes.length / PAGE;
    if (missing <= 0) return true;
    try {
      this.#memory.grow(missing);
    } catch {
      return false;
    }
    this.#bytes = new Uint8Array(this.#memory.buffer);
    return true;
  }

  put(bytes: Uint8Array, at: number): void {
    this.#bytes.set(bytes, at);
  }

  view(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }
}

/** A decoder's hold on a kernel: taken when first needed, given back when the decoder is closed. */
export class KernelLease<Exports extends object> {
  readonly #name: string;
  #kernel: Kernel<Exports> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  get kernel(): Kernel<Exports> {
    if (this.#kernel === undefined) {
      const spare = idle.get(this.#name) as Kernel<Exports> | undefined;
      idle.delete(this.#name);
      this.#kernel = spare ?? new Kernel<Exports>(this.#name);
    }
    return this.#kernel;
  }

  release(): void {
    if (this.#kernel !== undefined && this.#kernel.size <= IDLE_MAX) idle.set(this.#name, this.#kernel);
    this.#kernel = undefined;
  }
}
