import type { LedgerEvent } from '../../options.ts';
import { integer } from '../../wording.ts';
import type { Book } from '../book.ts';
import { type Flow, STYLE } from '../flow.ts';
import { TONE, type Tone } from '../palette.ts';
import { table } from '../table.ts';

/** Who acts in which lane of the timeline. */
const LANES = [
  { title: 'Examination', types: ['audit', 'verify', 'submit'] },
  { title: 'Approval', types: ['approve', 'reject', 'revoke', 'expire'] },
  { title: 'Release', types: ['release', 'export'] },
  { title: 'Keys', types: ['key-add', 'key-retire'] },
] as const;

const EVENT_TONE: Readonly<Record<LedgerEvent['type'], Tone>> = {
  audit: 'plain',
  submit: 'plain',
  verify: 'plain',
  approve: 'good',
  reject: 'bad',
  revoke: 'bad',
  expire: 'warn',
  release: 'good',
  export: 'plain',
  'key-add': 'plain',
  'key-retire': 'warn',
};

/** The picture is capped; the table has every act. */
const DRAWN = 14;

/** Page 9: what people did with this payload, by the ledger. */
export const custody = {
  name: 'custody',
  title: 'Approvals and custody',
  draw({ flow, options, resultSha256 }: Book): void {
    flow.open(this.title, this.name);
    const { ledger } = options;
    if (ledger === undefined) {
      flow.callout(
        'plain',
        'No ledger was given',
        'Whether anybody approved, rejected or released this payload cannot be seen from this report.',
      );
      return;
    }
    if (ledger.resultSha256 !== resultSha256) {
      flow.callout(
        'bad',
        'The ledger belongs to another result',
        'The acts it holds are bound to a different result digest. None of them counts for this payload.',
      );
      return;
    }
    const { given, required, validUntil } = ledger.approvals;
    const enough = given >= required;
    flow.callout(
      enough ? 'good' : 'warn',
      `${given} of ${required} required approvals${enough ? '' : ': not enough'}`,
      validUntil
        ? `Valid until ${validUntil} (UTC). After that the payload needs to be approved again.`
        : 'No end of validity is recorded.',
    );
    if (ledger.events.length > 0) {
      timeline(flow, ledger.events);
      flow.h2('Each act');
      table(
        flow,
        [
          { title: 'No.', share: 0.07, align: 'right' },
          { title: 'Time (UTC)', share: 0.2 },
          { title: 'Act', share: 0.13 },
          { title: 'By', share: 0.27 },
          { title: 'Reason', share: 0.33 },
        ],
        ledger.events.map(({ seq, time, type, actor, reason, expires }) => [
          String(seq),
          time,
          { text: type, tone: EVENT_TONE[type] },
          `${actor.id} (${actor.method}${actor.key ? `, key ${actor.key}` : ''})`,
          [reason, expires && `expires ${expires}`].filter(Boolean).join('; '),
        ]),
      );
    }
    if (ledger.checkpoint) {
      const { origin, size, root } = ledger.checkpoint;
      flow.paragraph(
        `Ledger ${origin}, ${integer(size)} entries, root ${root}. A ledger alone does not stop its owner from rewriting all of it; a checkpoint kept elsewhere does.`,
        STYLE.small,
      );
    }
  },
};

/** Acts from left to right in the lane of their kind; even steps, since acts may lie seconds or weeks apart. */
function timeline(flow: Flow, events: readonly LedgerEvent[]): void {
  const shown = events.slice(-DRAWN);
  const lanes = LANES.filter(({ types }) => shown.some(({ type }) => (types as readonly string[]).includes(type)));
  const lane = 40;
  const names = 70;
  const alt = `Timeline: ${shown.map(({ type, time, actor }) => `${type} by ${actor.id} at ${time}`).join('; ')}.`;
  flow.figure(lanes.length * lane + 14, alt, (sheet, x, y, width) => {
    const step = (width - names - 44) / Math.max(1, shown.length - 1);
    let last: [number, number] | undefined;
    for (const [at, { title }] of lanes.entries()) {
      const top = y + at * lane;
      if (at % 2 === 0) sheet.fill('wash', x, top, width, lane);
      sheet.text('bold', 8, 'muted', x + 6, top + lane / 2 + 3, title);
    }
    for (const [at, event] of shown.entries()) {
      const row = lanes.findIndex(({ types }) => (types as readonly string[]).includes(event.type));
      const point: [number, number] = [x + names + 14 + at * step, y + row * lane + 13];
      if (last) sheet.line('line', [last, corner(last, point), point], 1);
      last = point;
    }
    for (const [at, event] of shown.entries()) {
      const row = lanes.findIndex(({ types }) => (types as readonly string[]).includes(event.type));
      const [cx, cy] = [x + names + 14 + at * step, y + row * lane + 13];
      const { ink } = TONE[EVENT_TONE[event.type]];
      drawMark(sheet, EVENT_TONE[event.type], ink, cx, cy);
      // Neighbours in one lane would write over each other: the date steps aside where there is no room.
      const roomy = step > 44 || shown.length === 1;
      const word = flow.textWidth(event.type, { ...STYLE.label, size: 7 });
      sheet.text('bold', 7, ink, Math.min(cx - word / 2, x + width - word), cy + 14, event.type);
      if (roomy) sheet.text('text', 6.6, 'muted', cx - 16, cy + 23, event.time.slice(0, 10));
    }
  });
  if (events.length > shown.length)
    flow.paragraph(`The last ${DRAWN} of ${events.length} acts are drawn.`, STYLE.small);
  flow.space(6);
}

/** Where the line turns: marks have their words below, so it leaves upwards and arrives downwards. */
function corner([x0, y0]: [number, number], [x1, y1]: [number, number]): [number, number] {
  return y1 < y0 ? [x0, y1] : [x1, y0];
}

/** Disc, square or diamond: the shape beside the colour. */
function drawMark(sheet: Flow['sheet'], tone: Tone, ink: (typeof TONE)[Tone]['ink'], x: number, y: number): void {
  if (tone === 'good') sheet.disc(ink, x, y, 5);
  else if (tone === 'bad') sheet.fill(ink, x - 4.5, y - 4.5, 9, 9);
  else if (tone === 'warn')
    sheet.polygon(ink, [
      [x, y - 6],
      [x + 6, y + 5],
      [x - 6, y + 5],
    ]);
  else
    sheet.polygon(ink, [
      [x, y - 5.5],
      [x + 5.5, y],
      [x, y + 5.5],
      [x - 5.5, y],
    ]);
}
