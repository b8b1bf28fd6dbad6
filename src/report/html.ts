import { createHash } from 'node:crypto';
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
import { type Facts, gatherFacts, REGISTER_ROWS, SEVERITIES } from './facts.ts';
import { STYLESHEET } from './html-style.ts';
import { resultDigest } from './identifiers.ts';
import { COVERAGE_WORDS, STATE_WORDS, STATUS_WORDS, shownEntry, shownPath, shownPlace } from './names.ts';
import { nextSteps, notLookedAt } from './next-steps.ts';
import type { ReportOptions } from './options.ts';
import { groupReasons } from './reason-words.ts';
import { APPROVED, attestation, byteCount, grouped, integer, percent, VERDICT, wordingLevel } from './wording.ts';
import { markup } from './xml.ts';

/** Template whose values are escaped unless they were made by one. */
function html(parts: TemplateStringsArray, ...values: readonly (string | number | Raw | readonly Raw[])[]): Raw {
  const shown = values.map((value) => {
    if (value instanceof Raw) return value.text;
    if (Array.isArray(value)) return value.map((item: Raw) => item.text).join('');
    return markup(String(value));
  });
  return new Raw(parts.map((part, at) => part + (shown[at] ?? '')).join(''));
}

class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * One file without script or anything from outside: a content security policy allows exactly its own style sheet.
 * Reads aloud, prints, and works from a mail attachment.
 */
export async function* renderHtml(result: StoredResult, options: ReportOptions): AsyncGenerator<Uint8Array> {
  const { head } = result;
  const facts = await gatherFacts(result);
  const digest = await resultDigest(result);
  const { word, advice } = VERDICT[head.verdict.outcome];
  const styleHash = createHash('sha256').update(STYLESHEET).digest('base64');
  const title = `${word}: ${head.payloads.map(({ name }) => name).join(', ')}`;
  const level = wordingLevel({ head, resultSha256: digest, ledger: options.ledger });
  const part = (text: Raw) => Buffer.from(text.text);

  yield part(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${new Raw(styleHash)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Raw(STYLESHEET)}</style>
</head>
<body>
<header><p><strong>clearance</strong> examination of an outgoing payload</p><p>Report CLR-${digest.slice(0, 12).toUpperCase()}, as of ${head.asOf}</p></header>
<main>
<h1>May this payload leave the building?</h1>
<p class="verdict ${head.verdict.outcome}"><span class="mark" aria-hidden="true">${MARK[head.verdict.outcome]}</span><strong>${word}</strong> <span>${level === 'L4' ? `${advice}; ${APPROVED}` : advice}</span></p>
<p>${attestation({ head, resultSha256: digest, ledger: options.ledger })} (Wording level ${level}.)</p>
${reasons(result)}
${reach('What was not looked at', notLookedAt(head, facts))}
${reach('What to do next', nextSteps(head, level, options.ledger))}
${basis(result, digest)}
${coverage(result)}
`);
  yield part(inventory(result, facts));
  yield part(findings(result, facts, options));
  yield part(gaps(result, facts));
  yield part(documented(result));
  yield part(checklist(result));
  yield part(limits());
  if (options.audience === 'administrator') yield* register(result);
  yield part(html`</main>
<footer><p>Result SHA-256 <code>${grouped(digest)}</code></p><p>Confidential: names files of a client system.</p></footer>
</body>
</html>
`);
}

const MARK = { cleared: '✓', held: '■', incomplete: '?' } as const;

/** A table in a region of its own that a keyboard can scroll (WCAG 2.1, 2.1.1). */
function table(caption: string, columns: readonly string[], rows: readonly (readonly (string | Raw)[])[]): Raw {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => rowOf(row))}</tbody>
</table></div>
`;
}

function rowOf(cells: readonly (string | Raw)[]): Raw {
  return html`<tr>${cells.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>
`;
}

function reach(title: string, items: readonly string[]): Raw {
  return html`<h2>${title}</h2>
<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>
`;
}

function basis({ head }: StoredResult, digest: string): Raw {
  const { inventory: source, packs, policy } = head.catalog;
  const rows: (readonly [string, string | Raw])[] = head.payloads.flatMap(({ name, size, sha256 }) => [
    ['Payload', shownPath([name])] as const,
    ['Size', size === null ? 'not determined' : `${integer(size)} bytes (${byteCount(size)})`] as const,
    ['SHA-256', html`<code>${grouped(sha256)}</code>`] as const,
  ]);
  rows.push(
    ['Inventory', source ? `${source.id} ${source.version}` : 'none was applied: no file was compared with a document'],
    ['Rule packs', packs.map(({ id, version }) => `${id} ${version}`).join(', ') || 'none'],
    ['Policy', `${policy.id} ${policy.version}, as of ${head.asOf}`],
    ['Tool', `${head.tool.name} ${head.tool.version}`],
    ['Result', html`<code>${grouped(digest)}</code>`],
  );
  return html`<h2>What was examined</h2>
<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
`;
}

function coverage({ head }: StoredResult): Raw {
  const { entries, bytes } = head.coverage;
  const words = ['decoded', 'raw', 'opened', 'unread'] as const;
  let left = 0;
  const total = words.reduce((sum, word) => sum + bytes[word], 0) || 1;
  const bars = words.map((word) => {
    const wide = (bytes[word] / total) * 1000;
    const bar = html`<rect x="${left.toFixed(2)}" y="0" width="${wide.toFixed(2)}" height="24" class="bar-${word}" fill="url(#p-${word})"/>`;
    left += wide;
    return bar;
  });
  const label = words.map((word) => `${word} ${percent(bytes[word], bytes.seen)}`).join(', ');
  return html`<h2>Coverage</h2>
<svg viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="Coverage of bytes: ${label}">
<defs>
<pattern id="p-decoded" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#1C6242"/></pattern>
<pattern id="p-raw" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fff"/><path d="M0 8L8 0" stroke="#1F3A5F" stroke-width="2"/></pattern>
<pattern id="p-opened" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fff"/><path d="M0 4H8" stroke="#525E6B" stroke-width="2"/></pattern>
<pattern id="p-unread" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fff"/><path d="M0 8L8 0M0 0L8 8" stroke="#8F1D1D" stroke-width="2"/></pattern>
</defs>
${bars}</svg>
${table(
  'Entries and bytes by how far they were read',
  ['Word', 'Meaning', 'Entries', 'Bytes', 'Share of bytes'],
  words.map((word) => [
    word,
    COVERAGE_WORDS[word],
    integer(entries[word]),
    byteCount(bytes[word]),
    percent(bytes[word], bytes.seen),
  ]),
)}`;
}

function reasons({ head }: StoredResult): Raw {
  const list = (title: string, groups: ReturnType<typeof groupReasons>): Raw =>
    html`<h2>${title}</h2>
${groups.map(
  (
    group,
  ) => html`<details><summary>${group.title}: ${integer(group.count)} (${group.severity})</summary><ul>${group.reasons.map(
    ({ path, message, count }) =>
      html`<li><code>${path === null ? '(the whole payload)' : shownEntry(path, head)}</code>: ${message} (${integer(count)})</li>`,
  )}</ul></details>
`,
)}`;
  const { outcome, reasons: against, notices } = head.verdict;
  const parts = [
    ...(against.length > 0 ? [list(`Why it is ${outcome}`, groupReasons(against))] : []),
    ...(notices.length > 0 ? [list('Notices', groupReasons(notices))] : []),
  ];
  return html`${parts}`;
}

function inventory({ head }: StoredResult, facts: Facts): Raw {
  const statuses = table(
    'Entries by what the inventory says of them',
    ['Status', 'Entries', 'Share', 'Bytes of content'],
    [...facts.statuses].map(([status, tally]) => [
      STATUS_WORDS[status],
      integer(tally.entries),
      percent(tally.entries, facts.entryCount),
      byteCount(tally.bytes),
    ]),
  );
  const outside = table(
    'Entries that are not documented',
    ['No.', 'Entry', 'Status', 'Size'],
    facts.outside.map(({ ordinal, entry }) => [
      String(ordinal),
      html`<code>${shownEntry(entry.path, head)}</code>`,
      STATUS_WORDS[entry.item?.status ?? 'none'],
      byteCount(entry.size),
    ]),
  );
  const more = facts.outsideTotal - facts.outside.length;
  return html`<h2>Inventory match</h2>
${statuses}${facts.outsideTotal > 0 ? outside : new Raw('')}${moreOf(more)}`;
}

function findings({ head }: StoredResult, facts: Facts, options: ReportOptions): Raw {
  const states = [...facts.findings];
  if (states.length === 0) return html`<h2>Findings</h2><p>The rules reported nothing in what was examined.</p>`;
  const byState = table(
    'Findings by state',
    ['State', 'Findings'],
    states.map(([state, count]) => [STATE_WORDS[state], integer(count)]),
  );
  const matrix = table(
    'Counting findings by rule pack and severity',
    ['Rule pack', ...SEVERITIES],
    [...facts.matrix].map(([pack, cells]) => [
      pack,
      ...SEVERITIES.map((severity) => integer(cells.get(severity) ?? 0)),
    ]),
  );
  const each = table(
    'Counting findings by entry and rule, worst first, values masked',
    ['No.', 'Rule', 'Severity', 'State', 'Where', 'Masked context'],
    facts.counting.map(({ ordinal, path, finding, count }) => [
      String(ordinal),
      `${finding.rule} (${finding.class})`,
      finding.severity,
      STATE_WORDS[finding.state],
      html`<code>${shownEntry(path, head)}</code> at ${shownPlace(finding.at)}${count > 1 ? `; ${integer(count)} in this entry` : ''}`,
      html`<code>${finding.excerpt}</code>`,
    ]),
  );
  const none = new Raw('');
  const more = facts.countingTotal - facts.counting.reduce((sum, { count }) => sum + count, 0);
  return html`<h2>Findings</h2>
${byState}${facts.matrix.size > 0 ? matrix : none}${facts.counting.length > 0 && options.audience !== 'executive' ? each : none}${moreOf(more)}`;
}

function gaps({ head }: StoredResult, facts: Facts): Raw {
  if (facts.gaps.size === 0) return html`<h2>Gaps</h2><p>No entry has a gap.</p>`;
  return html`<h2>Gaps</h2>
${table(
  'Entries that could not, or not all, be examined',
  ['No.', 'Entry', 'Coverage', 'Gaps'],
  facts.unread.map(({ ordinal, entry }) => [
    String(ordinal),
    html`<code>${shownEntry(entry.path, head)}</code>`,
    entry.coverage,
    entry.gaps
      .map(({ code, detail, offset }) => `${code}: ${detail}${offset === undefined ? '' : ` (byte ${offset})`}`)
      .join('; '),
  ]),
)}${moreOf(facts.unreadTotal - facts.unread.length)}`;
}

/** What the vendor's document says beyond files, as the vendor's. */
function documented({ head }: StoredResult): Raw {
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

function checklist({ head }: StoredResult): Raw {
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

/** What a cut list leaves out. */
function moreOf(count: number): Raw {
  return count > 0
    ? html`<p>${integer(count)} more stand in the result.</p>
`
    : new Raw('');
}

function limits(): Raw {
  return html`<h2>What is not attested</h2>
<ul>
<li>Absence. A rule that does not report a thing has not shown that the thing is not there.</li>
<li>Content of entries whose coverage is "unread", and structure of entries whose coverage is "raw".</li>
<li>What happens before the payload was read and after it was released.</li>
</ul>
`;
}

async function* register({ head, entryCount, entries }: StoredResult): AsyncGenerator<Uint8Array> {
  if (entryCount > REGISTER_ROWS) {
    yield Buffer.from(
      html`<h2>Entry register</h2><p>The payload has ${integer(entryCount)} entries; the CSV and JSON formats list them all.</p>`
        .text,
    );
    return;
  }
  yield Buffer.from(
    `<h2>Entry register</h2><details><summary>All ${integer(entryCount)} entries</summary>` +
      '<div class="scroll" role="region" aria-label="Entry register" tabindex="0"><table><caption>Entries in the order in which they were met</caption>' +
      '<thead><tr><th scope="col">No.</th><th scope="col">Entry</th><th scope="col">Size</th><th scope="col">SHA-256</th>' +
      '<th scope="col">Coverage</th><th scope="col">Inventory</th></tr></thead><tbody>\n',
  );
  let ordinal = 0;
  for await (const entry of entries()) {
    const row = rowOf([
      String(ordinal),
      html`<code>${shownEntry(entry.path, head)}</code>`,
      byteCount(entry.size),
      html`<code>${entry.sha256 ?? ''}</code>`,
      entry.coverage,
      entry.item ? `${entry.item.id ?? ''} ${STATUS_WORDS[entry.item.status]}` : '',
    ]);
    yield Buffer.from(row.text);
    ordinal += 1;
  }
  yield Buffer.from('</tbody></table></div></details>\n');
}
