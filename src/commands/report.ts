import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../cli/index.ts';
import { EXIT, UsageError } from '../model/index.ts';

export default class Report extends BaseCommand {
  static override summary = 'Make reports in any format from a stored result.';
  static override description =
    'The result is the file that "audit --json" or "-o json=FILE" wrote. The same result and options give the same bytes. ' +
    'Exits 0 if all outputs were written, whatever the verdict.';
  static override examples = [
    '<%= config.bin %> report result.json -o pdf=report.pdf',
    '<%= config.bin %> report result.json -o html=report.html -o sarif=result.sarif --sarif-profile github',
    '<%= config.bin %> report result.json -o pdf=board.pdf --audience executive --paper letter --previous last.json',
  ];
  static override enableJsonFlag = false;
  static override args = { result: Args.string({ description: 'a result file', required: true }) };
  static override flags = {
    output: Flags.string({
      char: 'o',
      multiple: true,
      required: true,
      helpValue: 'FORMAT=PATH',
      summary: 'Write FORMAT to PATH; may be repeated.',
    }),
    audience: Flags.option({
      options: ['executive', 'manager', 'administrator'] as const,
      default: 'administrator' as const,
    })({
      summary: 'How deep the PDF and HTML reports go.',
    }),
    paper: Flags.option({ options: ['a4', 'letter'] as const, default: 'a4' as const })({
      summary: 'Paper of the PDF.',
    }),
    'sarif-profile': Flags.option({ options: ['full', 'github'] as const, default: 'full' as const })({
      summary: 'github: only what counts, without excerpts.',
    }),
    previous: Flags.string({ helpValue: 'RESULT', summary: 'An earlier result, to show what changed.' }),
    ledger: Flags.string({ helpValue: 'FILE', summary: 'What a ledger says about this result.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Report);
    const flags: Interfaces.InferredFlags<typeof Report.flags> = parsed.flags;
    const report = await import('../report/index.ts');
    const outputs = report.parseOutputs(flags.output);
    const inputs = [parsed.args.result, flags.previous, flags.ledger];
    const clash = outputs.find(({ path }) => inputs.includes(path));
    if (clash) throw new UsageError(`${clash.path} is an input`, ['name another file for the output']);
    const result = await report.openStoredResult(parsed.args.result);
    const options = {
      ...report.DEFAULT_OPTIONS,
      audience: flags.audience,
      paper: flags.paper,
      sarifProfile: flags['sarif-profile'],
      ...(flags.previous ? { previous: await report.openStoredResult(flags.previous) } : {}),
      ...(flags.ledger ? { ledger: report.readLedgerExtract(flags.ledger) } : {}),
    };
    for (const { format, path } of outputs) await report.writeOutput(path, report.render(format, result, options));
    this.finish(EXIT.cleared);
  }
}
