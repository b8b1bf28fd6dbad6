import { shownPath } from '../../names.ts';
import { attestation, byteCount, grouped, integer } from '../../wording.ts';
import type { Book } from '../book.ts';
import { STYLE } from '../flow.ts';
import { factSheet, table } from '../table.ts';

/** Page 2: what the report says, what it does not say, and what is left to its reader. */
export const attested = {
  name: 'attested',
  title: 'What is and is not attested',
  draw(book: Book): void {
    const { flow, head, options, level } = book;
    flow.open(this.title, this.name);
    flow.callout(
      'plain',
      `Wording level ${level}`,
      attestation({ head, resultSha256: book.resultSha256, ledger: options.ledger }),
    );

    flow.h2('What was examined');
    if (head.payloads.length > 2) {
      table(
        flow,
        [
          { title: 'Payload', share: 0.4 },
          { title: 'Size', share: 0.15, align: 'right' },
          { title: 'SHA-256', share: 0.45, face: 'mono' },
        ],
        head.payloads.map(({ name, size, sha256 }) => [shownPath([name]), byteCount(size), grouped(sha256)]),
      );
    } else {
      const { unread } = head.coverage.entries;
      flow.paragraph(
        unread === 0
          ? 'The bytes of the payload on page 1, opened through every archive to the last byte.'
          : `The bytes of the payload on page 1, as far as they could be read: ${integer(unread)} ${unread === 1 ? 'entry' : 'entries'} could not, or not to the end.`,
      );
    }
    const { inventory, packs, policy, crypto } = head.catalog;
    factSheet(flow, [
      ['As of', `${head.asOf}: the day whose rules and dates were applied`],
      ['Tool', `${head.tool.name} ${head.tool.version}, engine ${grouped(head.tool.engine).slice(0, 17)}...`],
      ['Inventory', inventory ? `${inventory.id} ${inventory.version}` : 'none: no file was compared with a document'],
      ['Rule packs', packs.map(({ id, version }) => `${id} ${version}`).join(', ') || 'none'],
      ['Policy', `${policy.id} ${policy.version}`],
      ...(crypto ? [['Crypto rules', `${crypto.id} ${crypto.version}`] as const] : []),
      [
        'Repeatable',
        head.reproducible
          ? 'yes: the same input gives the same result, byte for byte'
          : 'no: a clock or a memory watchdog stopped the run',
      ],
    ]);

    flow.h2('What is attested');
    flow.bullets([
      head.payloads.every(({ sha256 }) => sha256 !== null)
        ? `The payload has the digest stated, and ${integer(head.coverage.entries.seen)} entries were met in it.`
        : `${integer(head.coverage.entries.seen)} entries were met in the payload; it has no digest of its own, its entries have.`,
      'Each entry is named in the attached result with its size, digest, coverage and its place in the inventory.',
      'The rules of the packs named were applied to all content whose coverage is "decoded" or "raw".',
    ]);
    flow.h2('What is not attested');
    flow.bullets([
      'Absence. A rule that does not report a thing has not shown that the thing is not there.',
      'Content of entries whose coverage is "unread"; and structure of entries whose coverage is "raw": their bytes were scanned, their format was not understood.',
      'Meaning. Two harmless values may identify a client together; the rules see each by itself.',
      'What happens before the payload was read and after it was released.',
    ]);
    if (inventory) {
      flow.paragraph(
        'The inventory follows the vendor’s own document. What that document says about its files is the vendor’s statement, ' +
          'quoted with its section under "What the document says"; it is not a finding of this examination.',
        STYLE.small,
      );
    }
    flow.h2('What is left to the reader');
    flow.bullets([
      'Compare the digest of the file about to be sent with the one on page 1.',
      'Look at every reason and every notice, and decide who may approve.',
      'Keep this file: the complete machine-readable result is attached to it.',
    ]);

    flow.h2('Who says what');
    table(
      flow,
      [
        { title: 'Role', share: 0.24 },
        { title: 'Who', share: 0.3 },
        { title: 'Says', share: 0.46 },
      ],
      [
        [
          'Asserts',
          inventory ? 'the vendor, in its document' : 'nobody: no inventory was applied',
          'which files are sent and what they hold',
        ],
        ['Examines', `${head.tool.name} ${head.tool.version}`, 'what was found in this payload, by the rules named'],
        [
          'Decides',
          options.ledger ? 'the approvers named under "Approvals and custody"' : 'not recorded in this report',
          'whether the payload may leave',
        ],
      ],
    );
  },
};
