import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, limitFlags, limitsFrom } from '../cli/index.ts';
import { EXIT, UsageError } from '../model/index.ts';

export default class Scan extends BaseCommand {
  static override summary = 'Scan contents for client data and credentials, without an inventory.';
  static override description =
    'With --jsonl, reads {"id", "text" or "base64", "name"?} a line and prints {"id", "findings"} a line, in order. Exits 0 ' +
    'if there is nothing to hold, 1 if there is, 3 if something could not be examined.';
  static override examples = [
    '<%= config.bin %> scan bundle.tgz',
    '<%= config.bin %> scan ./logs --packs credentials --packs ./mine.yaml --json',
    `echo '{"id":1,"text":"..."}' | <%= config.bin %> scan --jsonl -`,
  ];
  static override enableJsonFlag = false;
  static override strict = false;
  static override args = { path: Args.string({ description: 'files or directories; - for stdin', required: true }) };
  static override flags = {
    jsonl: Flags.boolean({ summary: 'Read texts as JSON Lines from stdin.' }),
    json: Flags.boolean({ summary: 'Print {ordinal, path, findings, gaps} a line for each entry.' }),
    packs: Flags.string({
      summary: 'Rule packs, ids or files.',
      multiple: true,
      multipleNonGreedy: true,
      default: ['default'],
    }),
    'stdin-name': Flags.string({ summary: 'Name of the payload read from -.', default: 'stdin' }),
    ...limitFlags,
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Scan);
    const flags: Interfaces.InferredFlags<typeof Scan.flags> = parsed.flags;
    const paths = parsed.argv as string[];
    if (flags.jsonl && paths.join() !== '-') throw new UsageError('--jsonl reads stdin', ['clearance scan --jsonl -']);
    const { loadRulePacks } = await import('../rules/index.ts');
    const { answerJson, answerText, scanEntries, scanJsonl } = await import('../scan/index.ts');
    const { openPayloads } = await import('../source/index.ts');
    const { unpack } = await import('../unpack/index.ts');
    const rules = loadRulePacks(flags.packs);
    const payloads = openPayloads(paths, { each: false, stdinName: flags['stdin-name'] });
    const answers = flags.jsonl
      ? scanJsonl(process.stdin, rules)
      : scanEntries(unpack(payloads, { limits: limitsFrom(flags) }), rules);
    const seen = { holds: false, unread: false, content: false };
    let piece = '';
    try {
      for await (const answer of answers) {
        for (const word of ['holds', 'unread', 'content'] as const) seen[word] ||= answer[word];
        piece += 'line' in answer ? `${answer.line}\n` : flags.json ? answerJson(answer) : answerText(answer);
        if (piece.length < 65_536) continue;
        await this.write(piece);
        piece = '';
      }
    } finally {
      await this.write(piece);
    }
    this.finish(seen.holds ? EXIT.held : seen.unread || !seen.content ? EXIT.incomplete : EXIT.cleared);
  }
}
