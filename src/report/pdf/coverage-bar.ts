import type { CoverageCounts } from '../../model/index.ts';
import { byteCount, integer, percent } from '../wording.ts';
import type { Flow } from './flow.ts';
import { STYLE } from './flow.ts';
import type { Colour } from './palette.ts';
import type { Sheet } from './sheet.ts';

type Part = 'decoded' | 'raw' | 'opened' | 'unread';

const PARTS: readonly { readonly part: Part; readonly label: string }[] = [
  { part: 'decoded', label: 'decoded' },
  { part: 'raw', label: 'raw only' },
  { part: 'opened', label: 'opened (containers)' },
  { part: 'unread', label: 'unread' },
];

const INK: Readonly<Record<Part, Colour>> = { decoded: 'good', raw: 'accent', opened: 'muted', unread: 'bad' };

/** The four coverage words as a bar over bytes: solid, falling lines, dots of lines, crossed; each named below with its share. */
export function coverageBar(flow: Flow, bytes: CoverageCounts, entries: CoverageCounts): void {
  const shown = PARTS.filter(({ part }) => entries[part] > 0 || bytes[part] > 0);
  const alt = `Coverage of ${byteCount(bytes.seen)} in ${integer(entries.seen)} entries: ${shown
    .map(({ part, label }) => `${label} ${percent(bytes[part], bytes.seen)} (${integer(entries[part])} entries)`)
    .join(', ')}.`;
  flow.figure(46, alt, (sheet, x, y, width) => {
    const total = shown.reduce((sum, { part }) => sum + bytes[part], 0);
    let left = x;
    const free = width - shown.length * 3;
    for (const { part } of shown) {
      // A part of nothing still shows: unread bytes may be few, or of unknown number.
      const wide = 3 + (total === 0 ? free / shown.length : (bytes[part] / total) * free);
      drawPart(sheet, part, left, y, wide, 15);
      left += wide;
    }
    sheet.stroke('muted', x, y, width, 15, 0.6);
    left = x;
    for (const { part, label } of shown) {
      drawPart(sheet, part, left, y + 23, 9, 9);
      sheet.stroke('muted', left, y + 23, 9, 9, 0.5);
      const name = `${label} ${percent(bytes[part], bytes.seen)}`;
      sheet.text('bold', 8, 'ink', left + 13, y + 30.5, name);
      sheet.text(
        'text',
        7.2,
        'muted',
        left + 13,
        y + 40,
        `${integer(entries[part])} entries, ${byteCount(bytes[part])}`,
      );
      left += Math.max(flow.textWidth(name, { ...STYLE.strong, size: 8 }) + 26, width / 4);
    }
  });
}

/** One part in its colour and its own pattern. */
function drawPart(sheet: Sheet, part: Part, x: number, y: number, width: number, height: number): void {
  if (part === 'decoded') {
    sheet.fill(INK[part], x, y, width, height);
    return;
  }
  sheet.fill('paper', x, y, width, height);
  sheet.hatch(INK[part], x, y, width, height, part === 'opened' ? 3.5 : 3, part === 'opened' ? 0 : 1);
  if (part === 'unread') sheet.hatch(INK[part], x, y, width, height, 3, -1);
}
