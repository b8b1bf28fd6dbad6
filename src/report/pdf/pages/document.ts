import type { DocumentAccount } from '../../../model/index.ts';
import { CONTROLS_ARE, type ControlRow, controlRows } from '../../connectivity.ts';
import {
  CLAIMS_ARE,
  endpointsScope,
  sharedSource,
  shownNotice,
  shownNoticePath,
  shownReadings,
  shownStatements,
} from '../../document.ts';
import { integer } from '../../wording.ts';
import type { Book } from '../book.ts';
import { STYLE } from '../flow.ts';
import { table } from '../table.ts';

const NOTICES = 60;

/** What the vendor's document says beyond files: its claims, why such files are sent, connections, its own conflicts. */
export const document = {
  name: 'document',
  title: 'What the document says',
  draw({ flow, head, options }: Book): void {
    const brief = options.audience === 'executive';
    flow.open(this.title, this.name);
    const account = head.document;
    if (account !== undefined) said(flow, head, account, brief);
    else {
      flow.callout(
        'plain',
        'Nothing is kept of a document',
        head.catalog.inventory === null
          ? 'No inventory was applied, so no document of a vendor stands behind this examination.'
          : 'The result does not hold what the document of its inventory says beyond files.',
      );
    }
    checklist(flow, controlRows(head), brief);
  },
};

/** Where an executive finds what is only counted there. */
const ELSEWHERE = 'All of it is in the report for administrators and in the attached result.json';

function said(flow: Book['flow'], head: Book['head'], account: DocumentAccount, brief: boolean): void {
  if (account.claims.length > 0) {
    flow.h2('The vendor’s claims');
    const { source, place } = sharedSource(account.claims.map(({ cite }) => cite));
    flow.paragraph(`${CLAIMS_ARE}${from(source)}`);
    table(
      flow,
      [
        { title: 'The vendor says', share: 0.44 },
        { title: 'Where', share: 0.24 },
        { title: 'What it is here', share: 0.32 },
      ],
      account.claims.map(({ quote, cite, meaning }) => [`“${quote}”`, place(cite), meaning]),
    );
  }
  flow.h2('Documented reasons served');
  if (account.reasonsServed.length === 0)
    flow.paragraph('No file that was met serves a reason that the document names.');
  else if (brief) flow.bullets(account.reasonsServed.map(briefReason));
  else {
    table(
      flow,
      [
        { title: 'Reason', share: 0.36 },
        { title: 'Items that serve it', share: 0.42 },
        { title: 'On the platform given', share: 0.22 },
      ],
      account.reasonsServed.map(({ id, title, items, forbidden }) => [
        `${id}: ${title}`,
        items.length > 12 ? `${items.slice(0, 12).join(', ')} and ${items.length - 12} more` : items.join(', '),
        forbidden ? { text: 'does not exist there', tone: 'warn' as const } : 'not ruled out',
      ]),
    );
  }
  if (account.endpoints) {
    flow.h2('Connections that the payload shows');
    flow.paragraph(endpointsScope(account.endpoints));
    const { notices, more } = account.endpoints;
    const shown = brief ? [] : notices.slice(0, NOTICES);
    if (shown.length > 0) {
      table(
        flow,
        [
          { title: 'File', share: 0.36, face: 'mono' },
          { title: 'Notice', share: 0.64 },
        ],
        shown.map((notice) => [shownNoticePath(notice, head), shownNotice(notice)]),
      );
    }
    const rest = notices.length - shown.length + more;
    if (rest > 0 && !brief) flow.paragraph(`${integer(rest)} more were noted.`, STYLE.small);
  }
  if (account.conflicts.length === 0) return;
  flow.h2('Source conflicts');
  const { source, place } = sharedSource(account.conflicts.flatMap(({ statements }) => statements));
  if (brief) {
    flow.paragraph(
      `Where the document contradicts itself, errs or is damaged; none changes the verdict by itself. ${ELSEWHERE} (document.conflicts), with every reading and what is done.`,
    );
    flow.bullets(account.conflicts.map(({ title, kind }) => `${title} (${kind})`));
    return;
  }
  flow.paragraph(
    `Where the document contradicts itself, errs or is damaged: its words, every reading, and what is done.${from(source)}`,
  );
  table(
    flow,
    [
      { title: 'Conflict', share: 0.16 },
      { title: 'The document says', share: 0.36 },
      { title: 'Readings', share: 0.26 },
      { title: 'Handling', share: 0.22 },
    ],
    account.conflicts.map((conflict) => [
      conflict.title,
      shownStatements(conflict, place),
      shownReadings(conflict),
      conflict.handling,
    ]),
  );
}

const from = (source: string | undefined): string =>
  source === undefined ? '' : ` The places are those of ${source}.`;

function briefReason({ id, title, items, forbidden }: DocumentAccount['reasonsServed'][number]): string {
  const many = `${integer(items.length)} ${items.length === 1 ? 'item' : 'items'}`;
  return `${id}: ${title} (${many}${forbidden ? '; does not exist on the platform given' : ''})`;
}

function checklist(flow: Book['flow'], controls: readonly ControlRow[], brief: boolean): void {
  if (controls.length === 0) return;
  flow.h2('Connectivity and inbound controls');
  const { source, place } = sharedSource(controls.map(({ cite }) => cite));
  if (brief) {
    const states = [...new Set(controls.map(({ state }) => state))];
    const sums = states.map((state) => `${state}: ${integer(controls.filter((one) => one.state === state).length)}`);
    flow.paragraph(`${CONTROLS_ARE} ${sums.join('; ')}. ${ELSEWHERE} (document.endpoints.controls).`);
    flow.bullets(controls.filter(({ tone }) => tone === 'warn').map(({ title, state }) => `${title}: ${state}`));
    return;
  }
  flow.paragraph(`${CONTROLS_ARE}${from(source)}`);
  table(
    flow,
    [
      { title: 'Control', share: 0.28 },
      { title: 'State', share: 0.15 },
      { title: 'Evidence', share: 0.33 },
      { title: 'Where the document asks it', share: 0.24 },
    ],
    controls.map(({ title, state, tone, evidence, cite }) => [
      title,
      tone === 'plain' ? state : { text: state, tone },
      evidence.join('; ') || 'none',
      place(cite),
    ]),
  );
}
