import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, type Check, machineChecks, stagingChecks } from '../cli/index.ts';
import { EXIT } from '../model/index.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'Say how well this machine can do the work: isolation, watchdogs, disk, staging directory.';
  static override description =
    'Changes nothing. Exits 0 if all is well, 3 if something is weaker than it could be, 2 for no directory.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor /srv/staging --json'];
  static override enableJsonFlag = false;
  static override args = { dir: Args.string({ description: 'staging directory to look at' }) };
  static override flags = { json: Flags.boolean({ summary: 'Print one JSON object.' }) };

  override async run(): Promise<void> {
    const parsed = await this.parse(Doctor);
    const flags: Interfaces.InferredFlags<typeof Doctor.flags> = parsed.flags;
    const { dir } = parsed.args;
    const staging = dir === undefined ? [] : stagingChecks(dir);
    const checks = [...(await machineChecks()), ...staging];
    await this.write(flags.json ? `${JSON.stringify({ checks: checks.map(shown) })}\n` : checks.map(line).join(''));
    this.finish(checks.every(({ ok }) => ok) ? EXIT.cleared : EXIT.incomplete);
  }
}

const shown = ({ hint, ...check }: Check): Check => (check.ok || hint === undefined ? check : { ...check, hint });

const line = ({ check, ok, found, hint }: Check): string =>
  `${ok ? 'ok  ' : 'weak'}  ${check.padEnd(16)} ${found}\n${ok || !hint ? '' : `      ${hint}\n`}`;
