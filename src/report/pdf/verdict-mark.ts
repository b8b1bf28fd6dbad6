import type { Colour } from './palette.ts';
import type { Sheet } from './sheet.ts';

/** A sign whose outline alone tells the verdict: disc with a tick, octagon with a bar, triangle with a question stroke. */
export function drawVerdictMark(
  sheet: Sheet,
  mark: 'check' | 'stop' | 'question',
  colour: Colour,
  x: number,
  y: number,
  size: number,
): void {
  const half = size / 2;
  const [cx, cy] = [x + half, y + half];
  const at = (dx: number, dy: number): [number, number] => [cx + dx * half, cy + dy * half];
  if (mark === 'check') {
    sheet.disc(colour, cx, cy, half);
    sheet.line('paper', [at(-0.45, 0.02), at(-0.12, 0.36), at(0.48, -0.34)], size * 0.1);
  } else if (mark === 'stop') {
    const points = [22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5].map((degree) => {
      const angle = (degree * Math.PI) / 180;
      return at(Math.cos(angle), Math.sin(angle));
    });
    sheet.polygon(colour, points);
    sheet.line('paper', [at(-0.5, 0), at(0.5, 0)], size * 0.13);
  } else {
    sheet.polygon(colour, [at(0, -0.98), at(1, 0.82), at(-1, 0.82)]);
    sheet.line(
      'paper',
      [at(-0.24, -0.16), at(-0.14, -0.32), at(0.12, -0.34), at(0.24, -0.16), at(0.02, 0.12), at(0, 0.32)],
      size * 0.07,
    );
    sheet.disc('paper', cx, cy + half * 0.56, size * 0.05);
  }
}
