import type { Typeface } from './typeface.ts';

/** After one of these a long name may continue on the next line. */
const BREAKS = /[/\\._\-:,=@+&?;)]/;

/** Breaks `text` into lines no wider than `width` points; every line is ready to be drawn. Blanks at breaks are dropped. */
export function wrap(face: Typeface, text: string, size: number, width: number): string[] {
  const shown = face.shown(text);
  if (face.width(shown, size) <= width) return [shown];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const space = face.width(' ', size);
  for (const word of shown.split(' ')) {
    const length = face.width(word, size);
    if (line !== '' && used + space + length <= width) {
      line += ` ${word}`;
      used += space + length;
      continue;
    }
    if (length <= width) {
      if (line !== '') lines.push(line);
      line = word;
      used = length;
      continue;
    }
    // A word longer than a line starts where the last one ended if a fair part of it fits there.
    if (line !== '' && used > width * 0.6) {
      lines.push(line);
      line = '';
    } else if (line !== '') line += ' ';
    const pieces = split(face, word, size, width, face.width(line, size));
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      lines.push(line + piece);
      line = '';
    }
    line += last;
    used = face.width(line, size);
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** Cuts a word into pieces that fit, the first beside `used` points already on its line; at a break sign where one is near. */
function split(face: Typeface, word: string, size: number, width: number, used: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let room = width - used;
  let filled = 0;
  let cut = -1;
  for (const char of word) {
    const step = face.width(char, size);
    if (filled + step > room && piece !== '') {
      const at = cut > piece.length * 0.5 ? cut : piece.length;
      pieces.push(piece.slice(0, at));
      piece = piece.slice(at);
      filled = face.width(piece, size);
      room = width;
      cut = -1;
    }
    piece += char;
    filled += step;
    if (BREAKS.test(char)) cut = piece.length;
  }
  pieces.push(piece);
  return pieces;
}
