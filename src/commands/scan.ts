import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../cli/index.ts';
import { EXIT, UsageError } from '../model/index.ts';

/** Answers are written in pieces of about this many characters. */
const PIECE = 64 * 1024;

export default class Scan extends BaseCommand {
  static override summary = 'Scan contents for client data and credentials, without an inventory.';
  static override description =
    'With --jsonl, reads {"id", "text" or "base64", "name"?} a line from stdin and prints {"id", "findings"} a line, in ' +
    'order. Exits 0 if there is nothing to hold, 1 if there is, 3 if something could not be examined.';
  static override examples = [`echo '{"id":1,"text":"..."}' | <%= config.bin %> scan --jsonl -`];
  static override enableJsonFlag = false;
  static override strict = false;
  static override args = { path: Args.string({ description: 'files or directories; - for stdin', required: true }) };
  static override flags = {
    jsonl: Flags.boolean({ summary: 'Read texts as JSON Lines from stdin.' }),
    packs: Flags.string({
      summary: 'Rule packs, ids or files.',
      multiple: true,
      multipleNonGreedy: true,
      default: ['default'],
    }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Scan);
    const flags: Interfaces.InferredFlags<typeof Scan.flags> = parsed.flags;
    if (!flags.jsonl) throw new UsageError('scanning paths is not there yet', ['use --jsonl -']);
    if (parsed.argv.length !== 1 || parsed.argv[0] !== '-') {
      throw new UsageError('--jsonl reads stdin', ['clearance scan --jsonl -']);
    }
    const { loadRulePacks } = await import('../rules/index.ts');
    const { scanJsonl } = await import('../scan/index.ts');
    let code: typeof EXIT.cleared | typeof EXIT.held | typeof EXIT.incomplete = EXIT.cleared;
    let seen = false;
    let piece = '';
    try {
      for await (const { line, holds, unread } of scanJsonl(process.stdin, loadRulePacks(flags.packs))) {
        seen = true;
        if (holds) code = EXIT.held;
        else if (unread && code === EXIT.cleared) code = EXIT.incomplete;
        piece += `${line}\n`;
        if (piece.length < PIECE) continue;
        await this.write(piece);
        piece = '';
      }
    } finally {
      await this.write(piece);
    }
    this.finish(seen ? code : EXIT.incomplete);
  }
}
