import type { DirectoryEntry, EntryTail, Gap, Payload, UnpackEvent } from '../model/index.ts';
import { Broken, Stopped } from './broken.ts';
import { Budget } from './budget.ts';
import { FORMATS } from './format/index.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { payloadRandom, payloadSource, readFailure } from './payload-source.ts';
import { type Co, wait } from './reader.ts';
import { type LayerLedger, type Place, Walk } from './walk.ts';

export interface UnpackOptions {
  readonly limits?: Limits;
  /** Other readers read tar and zip as well; where they disagree is a gap. */
  readonly secondReader?: boolean;
  /** Is given the account of each container layer, once it is closed. */
  readonly onLedger?: (ledger: LayerLedger) => void;
}

/**
 * Walks payloads to the last byte. Containers begin before their members and end after them; ordinals count up from 0 in
 * the order of `begin`. Only leaves have `bytes`, in pieces of at most 1 MiB.
 */
export async function* unpack(
  payloads: AsyncIterable<Payload>,
  options: UnpackOptions = {},
): AsyncGenerator<UnpackEvent> {
  for await (const walk of walks(payloads, options)) yield* drive(walk);
}

/** The same for a listener, which costs no promise for each event. Gives a turn after each payload. */
export async function* walkAll(
  payloads: AsyncIterable<Payload>,
  onEvent: (event: UnpackEvent) => void,
  options: UnpackOptions = {},
): AsyncGenerator<void> {
  for await (const walk of walks(payloads, options, onEvent)) {
    for await (const event of drive(walk)) onEvent(event);
    yield;
  }
}

async function* walks(
  payloads: AsyncIterable<Payload>,
  { limits, secondReader, onLedger }: UnpackOptions,
  onEvent?: (event: UnpackEvent) => void,
): AsyncGenerator<Co<void>> {
  let ordinal = 0;
  const second = secondReader ? (await import('./second-reader/second-readers.ts')).secondReading : undefined;
  const listeners = { secondReader: second, onLedger, onEvent };
  for await (const payload of payloads) {
    const walk = new Walk(FORMATS, new Budget(limits ?? DEFAULT_LIMITS), () => ordinal++, listeners);
    yield payload.type === 'file' ? file(walk, payload) : directory(walk, payload);
  }
}

/** What an entry is when no inventory item accepts its bytes as they are: content that looks random was not read. */
export function withoutItem(tail: EntryTail): EntryTail {
  if (tail.coverage !== 'raw' || !tail.highEntropy) return tail;
  const gap: Gap = { code: 'high-entropy', detail: 'looks compressed or encrypted' };
  return { ...tail, coverage: 'unread', gaps: [...tail.gaps, gap] };
}

/** Awaits what a walk has to wait for and gives its events. */
async function* drive(walk: Co<void>): AsyncGenerator<UnpackEvent> {
  try {
    for (const step of walk) {
      if (step instanceof Promise) await step;
      else yield step;
    }
  } catch (error) {
    // The entries' own gaps tell of it already.
    if (!(error instanceof Broken || error instanceof Stopped)) throw error;
  }
}

function* file(walk: Walk, { name, bytes, kind = 'file' }: Extract<Payload, { type: 'file' }>): Co<void> {
  const owner = {};
  const source = payloadSource(bytes, walk.budget, owner);
  const random = payloadRandom(bytes, owner);
  try {
    yield* walk.payload(name, kind, { source, owner, ...(random && { random, size: random.size }) });
  } finally {
    source.close?.();
  }
}

function* directory(walk: Walk, payload: Extract<Payload, { type: 'directory' }>): Co<void> {
  const owner = {};
  yield* walk.payload(payload.name, 'directory', {
    owner,
    *members(place) {
      const entries = payload.entries()[Symbol.asyncIterator]();
      for (;;) {
        let next: IteratorResult<DirectoryEntry>;
        try {
          next = yield* wait(entries.next());
        } catch (error) {
          throw readFailure(error, owner);
        }
        if (next.done) return;
        yield* directoryEntry(walk, place, next.value);
      }
    },
  });
}

function* directoryEntry(walk: Walk, place: Place, { path, kind, linkTarget, bytes }: DirectoryEntry): Co<void> {
  const about = { name: path, kind, ...(linkTarget && { linkTarget }) };
  if (!bytes) {
    yield* walk.member(place, about);
    return;
  }
  const owner = {};
  const source = payloadSource(bytes, walk.budget, owner);
  const random = payloadRandom(bytes, owner);
  try {
    yield* walk.member(place, { ...about, source, owner, ...(random && { random, size: random.size }) });
  } finally {
    source.close?.();
  }
}
