import { Args, Flags, type Interfaces } from '@oclif/core';
import { auditFlags, BaseCommand, examinationFor, rssFlag, runWatch, sinkFlags } from '../cli/index.ts';
import { EXIT } from '../model/index.ts';

const { each: _each, 'stdin-name': _name, ...options } = auditFlags;
const seconds = (summary: string, byDefault: string) =>
  Flags.string({ helpValue: 'SECONDS', summary, default: byDefault });

export default class Watch extends BaseCommand {
  static override summary = 'Clear what lies in a staging directory: incoming -> cleared or held.';
  static override description =
    'Takes every file that rests in DIR/incoming, audits a private copy, and publishes that copy with its sidecar ' +
    'NAME.clearance.json into DIR/cleared or DIR/held; the original is kept in DIR/.originals. An uploader reads only ' +
    'DIR/cleared. With --once: exits 0 all cleared, 1 something held, 3 something incomplete or not at rest, 2 errors.';
  static override examples = [
    '<%= config.bin %> watch /srv/staging --once',
    '<%= config.bin %> watch /srv/staging --settle 30 --report json --report pdf --metrics /var/lib/node_exporter/clearance.prom',
    '<%= config.bin %> watch /srv/staging --syslog tls://siem.example.com --webhook https://hooks.example.com/c --webhook-secret ./secret',
    '<%= config.bin %> watch /srv/staging --trigger .done --policy ./four-eyes.yaml',
  ];
  static override enableJsonFlag = false;
  static override args = { dir: Args.string({ description: 'directory that holds incoming', required: true }) };
  static override flags = {
    ...options,
    ...rssFlag,
    once: Flags.boolean({ summary: 'Clear what is there, then end: for cron, a timer, a task.' }),
    settle: seconds('How long a file must not change before it is taken.', '5'),
    interval: seconds('How often the directory is looked at.', '2'),
    trigger: Flags.string({ helpValue: 'SUFFIX', summary: 'Take NAME only once NAME + SUFFIX lies beside it.' }),
    jobs: Flags.integer({ min: 1, max: 64, default: 1, summary: 'Payloads audited at a time.' }),
    report: Flags.string({
      multiple: true,
      helpValue: 'FORMAT',
      default: ['json'],
      summary: 'What else stands beside a payload: json, pdf, html ..., or none.',
    }),
    metrics: Flags.string({ helpValue: 'FILE', summary: 'Prometheus text file, replaced whole each round.' }),
    ...sinkFlags,
    json: Flags.boolean({ summary: 'Print each sidecar as one line of JSON.' }),
    quiet: Flags.boolean({ char: 'q', summary: 'Log only warnings and errors.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Watch);
    const flags: Interfaces.InferredFlags<typeof Watch.flags> = parsed.flags;
    const tally = await runWatch(parsed.args.dir, flags, {
      examination: await examinationFor(parsed.args.dir, flags, this.config.version),
      write: (text) => this.write(text),
    });
    const incomplete = tally.incomplete + tally.waiting + tally.odd > 0;
    const code =
      tally.troubles > 0 ? EXIT.usage : tally.held > 0 ? EXIT.held : incomplete ? EXIT.incomplete : EXIT.cleared;
    this.finish(flags.once ? code : EXIT.interrupted);
  }
}
