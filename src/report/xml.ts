import { printable } from '../model/index.ts';

/** Text for an XML 1.0 or HTML element or attribute: controls as `\u{...}`, code points XML forbids as well, markup escaped. */
export function markup(text: string): string {
  return printable(text)
    .replace(/[\uFFFE\uFFFF]/g, (char) => `\\u{${char.charCodeAt(0).toString(16).toUpperCase()}}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
