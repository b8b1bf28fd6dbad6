import { integer } from './wording.ts';
import { markup } from './xml.ts';

/** Template whose values are escaped unless they were made by one. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Raw | readonly Raw[])[]): Raw {
  const shown = values.map((value) => {
    if (value instanceof Raw) return value.text;
    if (Array.isArray(value)) return value.map((item: Raw) => item.text).join('');
    return markup(String(value));
  });
  return new Raw(parts.map((part, at) => part + (shown[at] ?? '')).join(''));
}

export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A table in a region of its own that a keyboard can scroll (WCAG 2.1, 2.1.1). */
export function table(caption: string, columns: readonly string[], rows: readonly (readonly (string | Raw)[])[]): Raw {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => rowOf(row))}</tbody>
</table></div>
`;
}

export function rowOf(cells: readonly (string | Raw)[]): Raw {
  return html`<tr>${cells.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>
`;
}

export function reach(title: string, items: readonly string[]): Raw {
  return html`<h2>${title}</h2>
<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>
`;
}

/** What a cut list leaves out. */
export function moreOf(count: number): Raw {
  return count > 0
    ? html`<p>${integer(count)} more stand in the result.</p>
`
    : new Raw('');
}
