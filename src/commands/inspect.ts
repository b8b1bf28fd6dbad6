import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, limitFlags, limitsFrom, secondReaderFlag } from '../cli/index.ts';
import { EXIT } from '../model/index.ts';

export default class Inspect extends BaseCommand {
  static override summary = 'Show the tree of everything a payload holds, and what of it cannot be read.';
  static override description =
    'Opens archives to the last byte. Exit code 0: all was read; 3: something was not, or there was nothing to examine.';
  static override examples = [
    '<%= config.bin %> inspect bundle.tgz',
    '<%= config.bin %> inspect bundle.tgz --json | jq -r .path',
    'ssh hmc cat bundle.tgz | <%= config.bin %> inspect - --stdin-name bundle.tgz',
  ];
  static override enableJsonFlag = false;
  static override strict = false;
  static override args = { path: Args.string({ description: 'file, directory, or - for stdin', required: true }) };
  static override flags = {
    json: Flags.boolean({ description: 'print one JSON object a line for each entry' }),
    ledger: Flags.boolean({ description: 'show what became of every byte of each container' }),
    each: Flags.boolean({ description: 'take every file of a directory as a payload of its own' }),
    'stdin-name': Flags.string({ description: 'name of the payload read from -', default: 'stdin' }),
    ...secondReaderFlag,
    ...limitFlags,
  };

  async run(): Promise<void> {
    const parsed = await this.parse(Inspect);
    const flags: Interfaces.InferredFlags<typeof Inspect.flags> = parsed.flags;
    const { openPayloads } = await import('../source/index.ts');
    const { inspect, inspectJson, inspectTree } = await import('../unpack/index.ts');
    const payloads = openPayloads(parsed.argv as string[], { each: flags.each, stdinName: flags['stdin-name'] });
    const render = flags.json ? inspectJson : inspectTree;
    let complete = false;
    for await (const { text, ...state } of inspect(payloads, render, {
      limits: limitsFrom(flags),
      ledger: flags.ledger,
      secondReader: flags['second-reader'],
    })) {
      complete = state.complete;
      if (text !== '') await this.write(text);
    }
    this.finish(complete ? EXIT.cleared : EXIT.incomplete);
  }
}
