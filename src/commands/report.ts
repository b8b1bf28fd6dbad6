import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../cli/index.ts';
import { EXIT } from '../model/index.ts';

const file = (helpValue: string, summary: string) => Flags.string({ helpValue, summary });
const choice = <const T extends string>(options: readonly [T, ...T[]], summary: string) =>
  Flags.option({ options, default: options[0] })({ summary });

export default class Report extends BaseCommand {
  static override summary = 'Make reports in any format from a stored result.';
  static override description =
    'RESULT is the file that "audit --json" or "-o json=FILE" wrote. The same result and options give the same bytes. ' +
    'Exits 0 if all outputs were written, whatever the verdict.';
  static override usage = ['report RESULT -o FORMAT=PATH...', 'report --summary RESULT... -o FORMAT=PATH...'];
  static override examples = [
    '<%= config.bin %> report result.json -o pdf=report.pdf',
    '<%= config.bin %> report result.json -o html=report.html -o sarif=result.sarif --sarif-profile github',
    '<%= config.bin %> report result.json -o pdf=board.pdf --audience executive --paper letter --previous last.json',
    '<%= config.bin %> report --summary results/*.json -o pdf=fleet.pdf -o csv=fleet.csv',
  ];
  static override enableJsonFlag = false;
  static override strict = false;
  static override flags = {
    output: Flags.string({
      char: 'o',
      multiple: true,
      required: true,
      multipleNonGreedy: true,
      helpValue: 'FORMAT=PATH',
    }),
    summary: Flags.boolean({ summary: 'One page over many results (pdf, json or csv).' }),
    audience: choice(['administrator', 'manager', 'executive'], 'How deep the PDF and HTML reports go.'),
    paper: choice(['a4', 'letter'], 'Paper of the PDF.'),
    'sarif-profile': choice(['full', 'github'], 'github: only what counts, without excerpts.'),
    previous: file('RESULT', 'An earlier result, to show what changed.'),
    ledger: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FILE',
      summary: 'Extract of a ledger.',
    }),
    'sign-key': Flags.string({ dependsOn: ['sign-cert'], helpValue: 'PEM', summary: 'Sign PDFs with this key.' }),
    'sign-cert': Flags.string({
      dependsOn: ['sign-key'],
      helpValue: 'PEM',
      summary: 'Its certificate, then the chain.',
    }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Report);
    const flags: Interfaces.InferredFlags<typeof Report.flags> = parsed.flags;
    const { makeReports } = await import('../report/index.ts');
    await makeReports(parsed.argv as string[], flags);
    this.finish(EXIT.cleared);
  }
}
