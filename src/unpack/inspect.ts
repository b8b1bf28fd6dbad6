import type { EntryHead, EntryTail, Payload, UnpackEvent } from '../model/index.ts';
import type { Limits } from './limits.ts';
import { OrderedLines } from './ordered-lines.ts';
import { walkAll, withoutItem } from './unpack.ts';
import type { LayerLedger } from './walk.ts';

/** One entry as text. `ledgers` is there where the accounts are asked for, and the entry is a container. */
export type InspectLine = (entry: EntryHead, tail: EntryTail, ledgers: readonly LayerLedger[] | undefined) => string;

/** A piece of the output, and whether up to here everything was read and there was something to read. */
export interface Inspected {
  readonly text: string;
  readonly complete: boolean;
}

/** Walks payloads and gives a line for each entry, in walk order; a payload's lines come once it was read. */
export async function* inspect(
  payloads: AsyncIterable<Payload>,
  line: InspectLine,
  options: { limits: Limits; ledger: boolean; secondReader?: boolean },
): AsyncGenerator<Inspected> {
  const lines = new OrderedLines();
  const ledgers = new Map<number, LayerLedger[]>();
  const onLedger = (ledger: LayerLedger): void => {
    const { ordinal } = ledger.entry;
    ledgers.set(ordinal, [...(ledgers.get(ordinal) ?? []), ledger]);
  };
  let unread = 0;
  let examined = false;
  const onEvent = (event: UnpackEvent): void => {
    const { entry } = event;
    if (event.type === 'bytes' || entry.parent !== undefined) examined = true;
    if (event.type !== 'end') return;
    const tail = withoutItem(event.tail);
    if (tail.coverage === 'unread' || tail.gaps.length > 0) unread += 1;
    lines.put(entry.ordinal, `${line(entry, tail, ledgers.get(entry.ordinal))}\n`);
    ledgers.delete(entry.ordinal);
  };
  try {
    const { limits, secondReader = false } = options;
    const walked = { limits, secondReader, ...(options.ledger && { onLedger }) };
    for await (const _payload of walkAll(payloads, onEvent, walked)) {
      for (const text of lines.take()) yield { text, complete: false };
    }
    yield { text: '', complete: unread === 0 && examined };
  } finally {
    lines.close();
  }
}

/** A JSON object with the keys of the contract. */
export const inspectJson: InspectLine = ({ path, kind }, { size, sha256, coverage, gaps }, ledgers) =>
  JSON.stringify({ path, kind, size, sha256, coverage, gaps, ...(ledgers && { ledger: ledgers.map(account) }) });

/** A line of a tree for people. */
export const inspectTree: InspectLine = ({ path, kind, linkTarget }, { size, coverage, gaps }, ledgers) => {
  const indent = '  '.repeat(path.length - 1);
  const target = linkTarget ? ` -> ${printable(Buffer.from(linkTarget).toString())}` : '';
  const what = kind === 'file' || kind === 'pseudo' ? (size === null ? '' : ` ${size}`) : ` ${kind}`;
  const problems = gaps.map(({ code, detail, offset }) => {
    const place = offset === undefined ? '' : ` at ${offset}`;
    return `\n${indent}  ! ${code}${place}: ${printable(detail)}`;
  });
  const accounts = (ledgers ?? []).flatMap(({ format, spans }) =>
    spans.map(
      ({ from, to, kind: span, reason }) => `\n${indent}  ${format} ${from}-${to} ${span}${reason ? ` ${reason}` : ''}`,
    ),
  );
  return `${indent}${printable(path.at(-1)!)}${target}${what} ${coverage}${problems.join('')}${accounts.join('')}`;
};

function account({ format, size, spans }: LayerLedger): object {
  return { format, size, spans };
}

/** Names are hostile: nothing in them may steer a terminal. */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
