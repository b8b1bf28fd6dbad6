import type { ItemStatus } from '../../../model/index.ts';
import { STATUS_WORDS, shownEntry } from '../../names.ts';
import { byteCount, integer, percent } from '../../wording.ts';
import type { Book } from '../book.ts';
import { type Flow, STYLE } from '../flow.ts';
import type { Colour, Tone } from '../palette.ts';
import { table } from '../table.ts';

type Status = ItemStatus | 'none';

const ORDER: readonly { status: Status; tone: Tone; ink: Colour; lean: -1 | 0 | 1 | undefined }[] = [
  { status: 'documented', tone: 'good', ink: 'good', lean: undefined },
  { status: 'documented-ambiguous', tone: 'good', ink: 'good', lean: 1 },
  { status: 'known-from-other-source', tone: 'warn', ink: 'warn', lean: 0 },
  { status: 'undocumented', tone: 'bad', ink: 'bad', lean: 1 },
  { status: 'forbidden', tone: 'bad', ink: 'bad', lean: undefined },
  { status: 'none', tone: 'plain', ink: 'muted', lean: 0 },
];

/** Page 4: which entries the inventory knows, and each one it does not. */
export const inventory = {
  name: 'inventory',
  title: 'Inventory match',
  draw(book: Book): void {
    const { flow, head, facts, options } = book;
    flow.open(this.title, this.name);
    const source = head.catalog.inventory;
    if (source === null) {
      flow.callout(
        'warn',
        'No inventory was applied',
        'No file was compared with a document. The audit was told so, and nothing here says that a file is expected.',
      );
    } else {
      flow.paragraph(
        `Every entry was compared with the inventory ${source.id} ${source.version} by its place and name. An entry that ` +
          'matches is named in the document that the inventory follows; one that does not is a reason to hold the payload.',
      );
    }
    const parts = ORDER.map((part) => ({
      ...part,
      tally: facts.statuses.get(part.status) ?? { entries: 0, bytes: 0 },
    })).filter(({ tally }) => tally.entries > 0);
    const alt = `Entries by inventory status: ${parts.map(({ status, tally }) => `${STATUS_WORDS[status]} ${integer(tally.entries)}`).join(', ')}.`;
    if (parts.length > 0) {
      flow.space(4);
      flow.figure(24, alt, (sheet, x, y, width) => {
        const total = facts.entryCount;
        let left = x;
        for (const { ink, lean, tally } of parts) {
          const wide = 4 + (tally.entries / total) * (width - parts.length * 4);
          if (lean === undefined) sheet.fill(ink, left, y, wide, 16);
          else sheet.hatch(ink, left, y, wide, 16, 3, lean);
          left += wide;
        }
        sheet.stroke('muted', x, y, width, 16, 0.6);
      });
    }
    table(
      flow,
      [
        { title: 'Status', share: 0.46 },
        { title: 'Entries', share: 0.18, align: 'right' },
        { title: 'Share', share: 0.16, align: 'right' },
        { title: 'Bytes of content', share: 0.2, align: 'right' },
      ],
      parts.map(({ status, tone, tally }) => [
        { text: STATUS_WORDS[status], tone },
        integer(tally.entries),
        percent(tally.entries, facts.entryCount),
        byteCount(tally.bytes),
      ]),
    );
    outside(flow, book);
    if (options.audience === 'executive') return;
    const items = [...facts.items]
      .filter(([id]) => !Object.hasOwn(STATUS_WORDS, id))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (items.length === 0) return;
    flow.h2('Items of the inventory that were met');
    table(
      flow,
      [
        { title: 'Item', share: 0.42 },
        { title: 'Status', share: 0.34 },
        { title: 'Entries', share: 0.1, align: 'right' },
        { title: 'Bytes', share: 0.14, align: 'right' },
      ],
      items.map(([id, { status, entries, bytes }]) => [id, STATUS_WORDS[status], integer(entries), byteCount(bytes)]),
    );
  },
};

function outside(flow: Flow, { facts, head }: Book): void {
  if (facts.outsideTotal === 0) return;
  flow.h2('Entries that are not documented');
  table(
    flow,
    [
      { title: 'No.', share: 0.08, align: 'right' },
      { title: 'Entry', share: 0.44, face: 'mono' },
      { title: 'Status', share: 0.22 },
      { title: 'Rests on', share: 0.14 },
      { title: 'Size', share: 0.12, align: 'right' },
    ],
    facts.outside.map(({ ordinal, entry }) => [
      String(ordinal),
      shownEntry(entry.path, head),
      {
        text: STATUS_WORDS[entry.item?.status ?? 'none'],
        tone: entry.item?.status === 'known-from-other-source' ? 'warn' : 'bad',
      } as const,
      entry.item?.id ?? `context ${entry.item?.context}`,
      byteCount(entry.size),
    ]),
  );
  if (facts.outsideTotal > facts.outside.length) {
    flow.paragraph(
      `${integer(facts.outsideTotal - facts.outside.length)} more stand in the attached result.`,
      STYLE.small,
    );
  }
}
