import { Args } from '@oclif/core';
import { BaseCommand, completionScript, readProgram } from '../cli/index.ts';

export default class Completion extends BaseCommand {
  static override summary = 'Print a completion script for bash, zsh or fish.';
  static override examples = [
    'source <(<%= config.bin %> completion bash)',
    'source <(<%= config.bin %> completion zsh)',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/clearance.fish',
  ];
  static override enableJsonFlag = false;
  static override args = {
    shell: Args.string({ options: ['bash', 'zsh', 'fish'], required: true, description: 'the shell' }),
  };

  override async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    await this.write(completionScript(args.shell as 'bash' | 'zsh' | 'fish', readProgram()));
  }
}
