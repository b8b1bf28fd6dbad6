import type { StoredResult } from '../model/index.ts';
import { CONTROLS_ARE, controlRows } from './connectivity.ts';
import {
  CLAIMS_ARE,
  endpointsScope,
  shownCitation,
  shownNotice,
  shownNoticePath,
  shownReadings,
  shownStatements,
} from './document.ts';
import { html, moreOf, Raw, table } from './html-markup.ts';

/** What the vendor's document says beyond files, as the vendor's. */
export function documented({ head }: StoredResult): Raw {
  const account = head.document;
  if (account === undefined) return new Raw('');
  const { claims, conflicts, reasonsServed, endpoints } = account;
  const none = new Raw('');
  const said = html`<h2>The vendor’s claims</h2><p>${CLAIMS_ARE}</p>
${claims.map(({ quote, cite }) => html`<blockquote><p>${quote}</p><p><cite>${shownCitation(cite)}</cite></p></blockquote>`)}
`;
  const served = table(
    'Documented reasons that files of the payload serve',
    ['Reason', 'Items', 'On the platform given'],
    reasonsServed.map(({ id, title, items, forbidden }) => [
      `${id}: ${title}`,
      items.join(', '),
      forbidden ? 'does not exist there' : 'not ruled out',
    ]),
  );
  const noticed =
    endpoints &&
    html`<h2>Connections that the payload shows</h2><p>${endpointsScope(endpoints)}</p>
${
  endpoints.notices.length > 0
    ? table(
        'Notices about connections',
        ['File', 'Notice'],
        endpoints.notices.map((notice) => [html`<code>${shownNoticePath(notice, head)}</code>`, shownNotice(notice)]),
      )
    : none
}${moreOf(endpoints.more)}`;
  const conflicting = html`<h2>Source conflicts</h2>
${table(
  'Where the document contradicts itself, errs or is damaged',
  ['Conflict', 'The document says', 'Readings', 'Handling'],
  conflicts.map((conflict) => [conflict.title, shownStatements(conflict), shownReadings(conflict), conflict.handling]),
)}`;
  return html`${claims.length > 0 ? said : none}${
    reasonsServed.length > 0
      ? html`<h2>Documented reasons served</h2>
${served}`
      : none
  }${noticed ?? none}${conflicts.length > 0 ? conflicting : none}`;
}

export function checklist({ head }: StoredResult): Raw {
  const controls = controlRows(head);
  if (controls.length === 0) return new Raw('');
  return html`<h2>Connectivity and inbound controls</h2><p>${CONTROLS_ARE}</p>
${table(
  'Controls with their evidence',
  ['Control', 'State', 'Evidence', 'Where the document asks it'],
  controls.map(({ title, state, evidence, cite }) => [
    title,
    state,
    evidence.join('; ') || 'none',
    shownCitation(cite),
  ]),
)}`;
}
