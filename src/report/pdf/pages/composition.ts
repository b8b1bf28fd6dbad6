import type { Facts } from '../../facts.ts';
import { STATUS_WORDS, shownEntry } from '../../names.ts';
import { byteCount, integer, percent } from '../../wording.ts';
import type { Book } from '../book.ts';
import { type Flow, STYLE } from '../flow.ts';
import { type Colour, TONE } from '../palette.ts';
import { table } from '../table.ts';
import { squarify } from '../treemap.ts';

/** Boxes of documented items, and of what is not documented; the rest of each share one: a part must not colour the whole. */
const BOXES = { plain: 14, bad: 4 } as const;

interface Slice {
  readonly name: string;
  readonly bytes: number;
  readonly entries: number;
  readonly tone: 'plain' | 'bad';
}

/** Page 3: what the payload is made of, by bytes and by nesting. */
export const composition = {
  name: 'composition',
  title: 'Payload composition',
  draw(book: Book): void {
    const { flow, facts } = book;
    flow.open(this.title, this.name);
    flow.paragraph(
      'Each box is an item of the inventory, its area the bytes of content found under it. Containers are not counted, ' +
        'their members are. Boxes of entries that are not documented carry a falling hatch and are named so in the table.',
    );
    const slices = slicesOf(facts);
    if (slices.length === 0)
      flow.callout('warn', 'No bytes of content', 'No entry with content was met in the payload.');
    else treemap(flow, slices);
    ladder(book);
  },
};

function slicesOf(facts: Facts): Slice[] {
  const all = [...facts.items]
    .filter(([, { bytes }]) => bytes > 0)
    .map(([name, { bytes, entries, status }]) => {
      const outside = status === 'undocumented' || status === 'forbidden' || status === 'known-from-other-source';
      const label = Object.hasOwn(STATUS_WORDS, name) ? STATUS_WORDS[name as keyof typeof STATUS_WORDS] : name;
      return { name: label, bytes, entries, tone: outside ? ('bad' as const) : ('plain' as const) };
    })
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  return (['plain', 'bad'] as const).flatMap((tone) => {
    const list = all.filter((slice) => slice.tone === tone);
    const rest = list.slice(BOXES[tone]);
    if (rest.length === 0) return list;
    return [
      ...list.slice(0, BOXES[tone]),
      {
        name: tone === 'bad' ? `${rest.length} more not documented` : `${rest.length} more items`,
        bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0),
        entries: rest.reduce((sum, { entries }) => sum + entries, 0),
        tone,
      },
    ];
  });
}

function treemap(flow: Flow, slices: readonly Slice[]): void {
  const total = slices.reduce((sum, { bytes }) => sum + bytes, 0);
  const sorted = [...slices].sort((a, b) => b.bytes - a.bytes);
  const height = 190;
  const alt = `Bytes of content by inventory item: ${sorted.map(({ name, bytes }) => `${name} ${percent(bytes, total)}`).join(', ')}.`;
  flow.figure(height + 10, alt, (sheet, x, y, width) => {
    const boxes = squarify(
      sorted.map(({ bytes }) => bytes),
      { x, y, width, height },
    );
    for (const [at, box] of boxes.entries()) {
      const slice = sorted[at] as Slice;
      const { ink, tint } = TONE[slice.tone];
      sheet.fill(slice.tone === 'bad' ? tint : 'accentTint', box.x, box.y, box.width, box.height);
      if (slice.tone === 'bad') sheet.hatch('line', box.x, box.y, box.width, box.height, 6, -1);
      sheet.stroke('paper', box.x, box.y, box.width, box.height, 1.6);
      label(flow, sheet, box, slice, at + 1, ink, total);
    }
    sheet.stroke('line', x, y, width, height, 0.7);
  });
  table(
    flow,
    [
      { title: 'Box', share: 0.08, align: 'right' },
      { title: 'Item', share: 0.38 },
      { title: 'Entries', share: 0.16, align: 'right' },
      { title: 'Bytes', share: 0.2, align: 'right' },
      { title: 'Share', share: 0.18, align: 'right' },
    ],
    sorted.map(({ name, bytes, entries, tone }, at) => [
      String(at + 1),
      tone === 'bad' ? { text: name, tone } : name,
      integer(entries),
      byteCount(bytes),
      percent(bytes, total),
    ]),
  );
}

/** Name and share as far as they fit into the box, else its number in the table below. */
function label(
  flow: Flow,
  sheet: Flow['sheet'],
  box: { x: number; y: number; width: number; height: number },
  slice: Slice,
  number: number,
  ink: Colour,
  total: number,
): void {
  const name = { ...STYLE.label, size: 8, colour: ink };
  const share = { ...STYLE.label, face: 'text' as const };
  const room = box.width - 10;
  if (box.height < 16) return;
  if (flow.textWidth(slice.name, name) > room) {
    if (room > 4) sheet.text('bold', name.size, ink, box.x + 5, box.y + 12, String(number));
    return;
  }
  sheet.text('bold', name.size, ink, box.x + 5, box.y + 12, flow.faces.bold.shown(slice.name));
  const words = percent(slice.bytes, total);
  if (box.height > 27 && flow.textWidth(words, share) <= room)
    sheet.text('text', share.size, 'ink', box.x + 5, box.y + 22, words);
}

function ladder({ flow, head, facts, options }: Book): void {
  if (facts.rungs.length === 0) return;
  flow.ensure(130);
  flow.h2('Archives within archives');
  flow.paragraph(
    `The deepest entry lies ${integer(facts.deepest)} level${facts.deepest === 1 ? '' : 's'} inside the payload.`,
  );
  const rows = options.audience === 'administrator' ? facts.rungs : facts.rungs.slice(0, 12);
  table(
    flow,
    [
      { title: 'Level', share: 0.09, align: 'right' },
      { title: 'Container', share: 0.41, face: 'mono' },
      { title: 'Kind', share: 0.17 },
      { title: 'Members', share: 0.11, align: 'right' },
      { title: 'Size', share: 0.12, align: 'right' },
      { title: 'Ratio', share: 0.1, align: 'right' },
    ],
    rows.map(({ depth, path, media, members, size, memberBytes }) => [
      String(depth),
      `${'· '.repeat(Math.min(depth, 8))}${shownEntry(path, head)}`,
      media,
      integer(members),
      byteCount(size),
      size ? `${(Math.floor((memberBytes / size) * 10) / 10).toFixed(1)}` : '',
    ]),
  );
  if (rows.length < facts.rungTotal)
    flow.paragraph(
      `${integer(facts.rungTotal - rows.length)} more containers stand in the attached result.`,
      STYLE.small,
    );
}
