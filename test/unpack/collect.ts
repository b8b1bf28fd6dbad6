import { createHash } from 'node:crypto';
import type { EntryHead, EntryTail, Payload } from '../../src/model/index.ts';
import { type LayerLedger, type Limits, unpack } from '../../src/unpack/index.ts';

export interface Collected {
  readonly entry: EntryHead;
  readonly tail: EntryTail;
  readonly content: Buffer;
}

/** A payload from memory, cut into chunks; without `seekable` it is a stream like stdin. */
export function payloadOf(bytes: Uint8Array, name = 'payload', chunk = 65536, seekable = true): Payload {
  return {
    type: 'file',
    name: Buffer.from(name),
    bytes: {
      size: seekable ? bytes.length : undefined,
      async *stream() {
        // A buffer that is written over shows whoever keeps a chunk for too long.
        const lent = Buffer.alloc(chunk);
        for (let at = 0; at < bytes.length; at += chunk) {
          const length = lent.write(Buffer.from(bytes.subarray(at, at + chunk)).toString('latin1'), 'latin1');
          yield lent.subarray(0, length);
          lent.fill(0xaa);
        }
      },
      ...(seekable && { readAt: async (position, length) => bytes.slice(position, position + length) }),
    },
  };
}

/** All entries of a payload in walk order; checks what must hold for any input. */
export async function collect(
  payload: Payload,
  limits?: Limits,
  secondReader = false,
): Promise<{ entries: Collected[]; ledgers: LayerLedger[] }> {
  const heads: EntryHead[] = [];
  const tails = new Map<number, EntryTail>();
  const contents = new Map<number, Buffer[]>();
  const ledgers: LayerLedger[] = [];
  const open: number[] = [];
  const payloads = (async function* () {
    yield payload;
  })();
  const onLedger = (ledger: LayerLedger): void => void ledgers.push(ledger);
  for await (const event of unpack(payloads, { onLedger, secondReader, ...(limits && { limits }) })) {
    const { ordinal, parent } = event.entry;
    if (event.type === 'begin') {
      if (ordinal !== heads.length) throw new Error('ordinals are not in walk order');
      if (parent !== open.at(-1)) throw new Error('an entry began outside its container');
      open.push(ordinal);
      heads.push(event.entry);
    } else if (ordinal !== open.at(-1)) {
      throw new Error(`${event.type} of an entry that is not the innermost`);
    } else if (event.type === 'bytes') {
      if (event.bytes.length > 2 ** 20 || event.bytes.length === 0) throw new Error('a piece of a wrong size');
      contents.set(ordinal, [...(contents.get(ordinal) ?? []), Buffer.from(event.bytes)]);
    } else {
      open.pop();
      tails.set(ordinal, event.tail);
    }
  }
  if (open.length > 0) throw new Error('an entry was not ended');
  for (const { size, spans } of ledgers) checkSpans(size, spans);
  const entries = heads.map((entry) => {
    const tail = tails.get(entry.ordinal)!;
    const content = Buffer.concat(contents.get(entry.ordinal) ?? []);
    if (content.length > 0 && tail.sha256 !== null && tail.sha256 !== sha256(content)) throw new Error('wrong digest');
    if (content.length > 0 && tail.size !== null && tail.size !== content.length) throw new Error('wrong size');
    if (tail.coverage === 'unread' && tail.gaps.length === 0) throw new Error('unread without a gap');
    return { entry, tail, content };
  });
  return { entries, ledgers };
}

function checkSpans(size: number, spans: LayerLedger['spans']): void {
  let at = 0;
  for (const { from, to } of spans) {
    if (from !== at || to <= from) throw new Error('spans do not follow each other');
    at = to;
  }
  if (at !== size) throw new Error(`spans end at ${at} of ${size}`);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `path → size sha256` of regular files, as other tools list them. */
export function filesOf(entries: readonly Collected[], depth = 2): Record<string, string> {
  const files = entries.filter(({ entry }) => entry.kind === 'file' && entry.path.length === depth);
  return Object.fromEntries(files.map(({ entry, tail }) => [entry.path.at(-1)!, `${tail.size} ${tail.sha256}`]));
}

/** Codes of all gaps, with the name of their entry. */
export function gapsOf(entries: readonly Collected[]): string[] {
  return entries.flatMap(({ entry, tail }) => tail.gaps.map(({ code }) => `${entry.path.at(-1)}: ${code}`));
}

/** Says if somebody reading all bytes and names would have seen a text. */
export function shows(entries: readonly Collected[], text: string): boolean {
  return entries.some(
    ({ entry, content }) =>
      content.includes(text) || entry.path.at(-1)!.includes(text) || Buffer.from(entry.linkTarget ?? '').includes(text),
  );
}
