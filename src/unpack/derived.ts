import type { Gap, UnpackEvent } from '../model/index.ts';
import type { Box } from './box.ts';
import { Broken, Stopped } from './broken.ts';
import type { ChunkSource, Co } from './reader.ts';

/** Text as it is made: pieces of it, or what the walk has to wait for. */
export type TextMaker = Generator<string | Uint8Array | Promise<void> | UnpackEvent, void>;

const PIECE = 64 * 1024;
/** The most that one made piece may have, so that it can be handed on at once. */
const MOST = 2 ** 19;

/**
 * Hands on what was read out of a document as one pseudo-entry `#label@offset`; nothing where there is no text. What
 * `make` finds wrong goes to `gaps`, which are the pseudo-entry's, or the document's where there is no text.
 */
export function* derivedText(box: Box, label: string, offset: number, make: TextMaker, gaps: Gap[] = []): Co<void> {
  const source = textSource(box, make, gaps);
  const first = yield* source.next();
  if (!first) {
    box.gaps.push(...gaps);
    return;
  }
  let pending: Uint8Array | undefined = first;
  const resumed: ChunkSource = {
    *next() {
      if (!pending) return yield* source.next();
      const chunk = pending;
      pending = undefined;
      return chunk;
    },
  };
  const name = Buffer.from(`#${label}@${offset}`);
  yield* box.member({ name, kind: 'pseudo', where: 'content', plain: true, source: resumed, gaps });
}

function textSource(box: Box, make: TextMaker, gaps: Gap[]): ChunkSource {
  const ready: Uint8Array[] = [];
  let done = false;
  return {
    *next() {
      let size = 0;
      const pieces: Uint8Array[] = [];
      if (ready.length > 0) return ready.shift();
      while (!done && size < PIECE) {
        let step: ReturnType<TextMaker['next']>;
        try {
          step = make.next();
        } catch (error) {
          done = true;
          const gap = gapOf(error);
          if (!gap) throw error;
          gaps.push(gap);
          break;
        }
        if (step.done) {
          done = true;
        } else if (typeof step.value === 'string' || step.value instanceof Uint8Array) {
          if (step.value.length === 0) continue;
          const bytes = typeof step.value === 'string' ? Buffer.from(step.value) : step.value;
          box.budget.chargeDecoded(bytes.length);
          pieces.push(bytes);
          size += bytes.length;
        } else {
          yield step.value;
        }
      }
      if (size === 0) return undefined;
      const all = Buffer.concat(pieces);
      for (let at = MOST; at < all.length; at += MOST) ready.push(all.subarray(at, at + MOST));
      return all.subarray(0, MOST);
    },
  };
}

/** What ended the making is told, and what was made before stays; a limit of the whole payload ends the payload. */
function gapOf(error: unknown): Gap | undefined {
  if (error instanceof Broken) return error.gap;
  if (error instanceof Stopped || !(error instanceof RangeError || error instanceof TypeError)) return undefined;
  return { code: 'corrupt', detail: `the reader failed on it (${error.name})` };
}
