import type { Setting } from './tls-settings.ts';

/** A section of an INI-like file; the lines before the first header are in the section ''. */
export interface Section {
  readonly name: string;
  readonly line: number;
  readonly entries: readonly (Setting & { readonly key: string })[];
}

/** Reads `key = value` lines under `[section]` headers, with `#` and `;` comments and `\` at a line's end. */
export function sections(text: string, comment = /^\s*[#;!]/): Section[] {
  const all: { name: string; line: number; entries: (Setting & { key: string })[] }[] = [
    { name: '', line: 1, entries: [] },
  ];
  let joined = '';
  let began = 0;
  for (const [at, raw] of text.split('\n').entries()) {
    const piece = raw.trim();
    if (joined === '') {
      if (comment.test(raw) || piece === '') continue;
      began = at + 1;
    }
    if (piece.endsWith('\\')) {
      joined += piece.slice(0, -1);
      continue;
    }
    const whole = joined + piece;
    joined = '';
    const header = /^\[\s*([^\]]+?)\s*\]$/.exec(whole);
    if (header) all.push({ name: header[1]!, line: began, entries: [] });
    else {
      const found = /^([^=:\s]+)\s*[=:]\s*(.*)$/.exec(whole);
      if (found) all.at(-1)!.entries.push({ key: found[1]!, value: found[2]!.trim(), line: began });
    }
  }
  return all;
}

/** The last entry of a name, as most programs read them. */
export function lastOf(section: Section, key: string): Setting | undefined {
  return section.entries.findLast((entry) => entry.key.toLowerCase() === key.toLowerCase());
}
