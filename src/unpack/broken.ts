import type { Gap } from '../model/index.ts';
import type { GapCode } from './gap-codes.ts';

/**
 * A container or codec that cannot be read on. Thrown where it is noticed, caught where its entry is ended; entries in
 * between are cut short. Never leaves this room.
 */
export class Broken extends Error {
  readonly gap: Gap & { readonly code: GapCode };
  /** The layer (see `Box`) that broke; entries inside it only lost their bytes. */
  readonly layer: object;

  constructor(layer: object, code: GapCode, detail: string, offset?: number) {
    super(code);
    this.layer = layer;
    this.gap = offset === undefined ? { code, detail } : { code, detail, offset };
  }
}

/** A limit of the whole payload: nothing more of it is read. */
export class Stopped extends Error {
  readonly gap: Gap & { readonly code: GapCode };

  constructor(code: GapCode, detail: string) {
    super(code);
    this.gap = { code, detail };
  }
}
