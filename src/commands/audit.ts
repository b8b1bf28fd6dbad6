import { Flags, type Interfaces } from '@oclif/core';
import { auditFlags, BaseCommand, checkOutputs, rssFlag, runAudit, summarise } from '../cli/index.ts';
import { EXIT } from '../model/index.ts';

export default class Audit extends BaseCommand {
  static override summary = 'Say with evidence whether payloads may leave the building.';
  static override description =
    'Unpacks each PATH (a file, a directory that stands for one unpacked bundle, or - for stdin) to the last nested byte, ' +
    'matches every entry against the inventory, scans contents and names, and judges by the policy. ' +
    'Exits 0 cleared, 1 held, 3 incomplete, 2 usage error. Anything but 0 means: do not send.';
  static override examples = [
    '<%= config.bin %> audit bundle.tgz',
    '<%= config.bin %> audit bundle.tgz -o pdf=report.pdf -o json=result.json',
    '<%= config.bin %> audit /staging --each --json > result.json',
    'ssh hmc cat bundle.tgz | <%= config.bin %> audit - --stdin-name bundle.tgz',
    '<%= config.bin %> audit export.zip --inventory none --packs credentials,./our-rules.yaml',
  ];
  static override strict = false;
  static override enableJsonFlag = false;
  static override usage = 'audit PATH...|-';
  static override flags = {
    ...auditFlags,
    ...rssFlag,
    'in-process': Flags.boolean({ summary: 'Read the payload in this process, not in a restricted one.' }),
    json: Flags.boolean({ summary: 'Print the result as canonical JSON, and nothing else, on stdout.' }),
    output: Flags.string({
      char: 'o',
      multiple: true,
      helpValue: 'FORMAT=PATH',
      summary: 'Also write FORMAT to PATH.',
    }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Audit);
    const flags: Interfaces.InferredFlags<typeof Audit.flags> = parsed.flags;
    const report = await import('../report/index.ts');
    const outputs = report.parseOutputs(flags.output ?? []);
    const paths = parsed.argv as string[];
    checkOutputs(outputs, paths);
    const result = await runAudit(paths, flags, this.config.version);
    try {
      for (const { format, path } of outputs) {
        await report.writeOutput(path, report.render(format, result, report.DEFAULT_OPTIONS));
      }
      if (flags.json) {
        for await (const bytes of report.render('json', result, report.DEFAULT_OPTIONS)) await this.write(bytes);
      } else {
        await this.write(summarise(result.head, process.stdout.hasColors?.() ?? false));
      }
    } finally {
      result.close();
    }
    this.finish(EXIT[result.head.verdict.outcome]);
  }
}
