import type { StoredResult } from '../model/index.ts';
import { type Facts, SEVERITIES } from './facts.ts';
import { html, moreOf, Raw, table } from './html-markup.ts';
import { COVERAGE_WORDS, STATE_WORDS, STATUS_WORDS, shownEntry, shownPath, shownPlace } from './names.ts';
import type { ReportOptions } from './options.ts';
import { groupReasons } from './reason-words.ts';
import { byteCount, grouped, integer, percent } from './wording.ts';

export function basis({ head }: StoredResult, digest: string): Raw {
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

export function coverage({ head }: StoredResult): Raw {
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

export function reasons({ head }: StoredResult): Raw {
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

export function inventory({ head }: StoredResult, facts: Facts): Raw {
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

export function findings({ head }: StoredResult, facts: Facts, options: ReportOptions): Raw {
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

export function gaps({ head }: StoredResult, facts: Facts): Raw {
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
