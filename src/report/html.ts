import { createHash } from 'node:crypto';
import type { StoredResult } from '../model/index.ts';
import { gatherFacts, REGISTER_ROWS } from './facts.ts';
import { checklist, documented } from './html-document.ts';
import { html, Raw, reach, rowOf } from './html-markup.ts';
import { basis, coverage, findings, gaps, inventory, reasons } from './html-sections.ts';
import { STYLESHEET } from './html-style.ts';
import { resultDigest } from './identifiers.ts';
import { STATUS_WORDS, shownEntry } from './names.ts';
import { nextSteps, notLookedAt } from './next-steps.ts';
import type { ReportOptions } from './options.ts';
import { APPROVED, attestation, byteCount, grouped, integer, VERDICT, wordingLevel } from './wording.ts';

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
