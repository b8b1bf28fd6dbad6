import qrcode from 'qrcode-generator';
import { DEFAULT_OPTIONS } from '../../options.ts';
import { grouped } from '../../wording.ts';
import type { Book } from '../book.ts';
import { STYLE } from '../flow.ts';
import { factSheet } from '../table.ts';

/** Page 10: how a reader checks this file without trusting whoever sent it. */
export const verify = {
  name: 'verify',
  title: 'How to verify this report',
  draw({ flow, head, options, resultSha256, reportId, entryRoot }: Book): void {
    flow.open(this.title, this.name);
    flow.paragraph(
      'The evidence is the result: a JSON file attached to this PDF. Everything printed here is derived from it, and the ' +
        'same result gives the same pages. None of these commands needs a network:',
    );
    const steps = [
      ['Take the attached result out of this file', 'pdfdetach -savefile result.json report.pdf'],
      [`Its digest must begin with ${resultSha256.slice(0, 16)}`, 'sha256sum result.json'],
      ...head.payloads
        .slice(0, 1)
        .filter(({ sha256 }) => sha256 !== null)
        .map(({ name }) => ['The payload must have the digest of page 1', `sha256sum ${quoted(name)}`] as const),
      ['Draw the report again: the bytes must be equal', `${again(options)} && cmp report.pdf again.pdf`],
    ] as const;
    for (const [at, [what, command]] of steps.entries()) {
      flow.ensure(40);
      flow.block('P', `${at + 1}. ${what}`, STYLE.strong);
      flow.space(2);
      flow.block('Code', command, STYLE.code, flow.section, 14);
      flow.space(6);
    }
    flow.paragraph(
      'A signed report is this file with the signature appended: cut off what was appended and the same bytes remain; "pdfsig" ' +
        'shows who signed. The entry tree is the root of the Merkle tree (RFC 6962) over the entries: "clearance ledger prove ' +
        '--result" shows by it what one file was judged, without the names of the others.',
      STYLE.small,
    );
    // The code and the digits it stands for are compared side by side.
    flow.ensure(250);
    flow.h2('Digest of the result');
    qr(flow, resultSha256);
    flow.space(8);
    factSheet(flow, [
      ['Report', reportId],
      ['SHA-256', grouped(resultSha256), 'mono'],
      ['Entry tree', grouped(entryRoot), 'mono'],
      [
        'Attached',
        `result.json: the complete result, canonical JSON (RFC 8785)${
          flow.attached.has('register.csv') ? '; register.csv: all entries, one a row' : ''
        }`,
      ],
      ['Options', `audience ${options.audience}, paper ${options.paper}`],
      ['Audit options', grouped(head.optionsSha256), 'mono'],
      ...(options.ledger?.checkpoint
        ? [
            [
              'Ledger',
              `${options.ledger.checkpoint.size} entries, root ${options.ledger.checkpoint.root}`,
              'mono',
            ] as const,
          ]
        : []),
    ]);
  },
};

/** The command that makes this very file again. */
function again({ audience, paper, ledger, previous }: Book['options']): string {
  return [
    'clearance report result.json -o pdf=again.pdf',
    ...(audience === DEFAULT_OPTIONS.audience ? [] : [`--audience ${audience}`]),
    ...(paper === DEFAULT_OPTIONS.paper ? [] : [`--paper ${paper}`]),
    ...(ledger ? ['--ledger LEDGER'] : []),
    ...(previous ? ['--previous EARLIER'] : []),
  ].join(' ');
}

/** Shell quoting, so that a name copied from the page is one word and nothing else. */
function quoted(name: string): string {
  return /^[\w.,:@%+=/-]+$/.test(name) && !name.startsWith('-') ? name : `'./${name.replaceAll("'", "'\\''")}'`;
}

/** The digest for a camera, with the quiet zone of four modules that ISO/IEC 18004 asks for. */
function qr(flow: Book['flow'], digest: string): void {
  const code = qrcode(0, 'M');
  // Upper-case hexadecimal fits the alphanumeric mode, a third smaller than bytes.
  code.addData(`SHA256:${digest.toUpperCase()}`, 'Alphanumeric');
  code.make();
  const modules = code.getModuleCount();
  const size = 96;
  const quiet = 4;
  const unit = size / (modules + quiet * 2);
  flow.figure(size, `QR code with the text SHA256:${digest.toUpperCase()}`, (sheet, x, y) => {
    for (let row = 0; row < modules; row += 1) {
      for (let from = 0; from < modules; from += 1) {
        if (!code.isDark(row, from)) continue;
        let to = from;
        while (to + 1 < modules && code.isDark(row, to + 1)) to += 1;
        sheet.fill('ink', x + (from + quiet) * unit, y + (row + quiet) * unit, (to - from + 1) * unit, unit);
        from = to;
      }
    }
  });
}
