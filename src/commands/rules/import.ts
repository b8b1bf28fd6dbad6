import { readFileSync } from 'node:fs';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { UsageError } from '../../model/index.ts';

export default class RulesImport extends BaseCommand {
  static override summary = 'Turn a gitleaks configuration of your own into a rule pack.';
  static override description =
    'Writes the pack (YAML) to stdout and says on stderr what was dropped or changed, and why. Allowlists are never taken over: what a payload may hold is said by inventories and waivers. Exits 0, or 2 if no rule can be used.';
  static override examples = [
    '<%= config.bin %> rules import gitleaks.toml > mine.yaml',
    '<%= config.bin %> rules import gitleaks.toml --id acme-secrets --json',
  ];
  static override enableJsonFlag = false;
  static override args = {
    file: Args.string({ description: 'a gitleaks configuration in TOML', required: true }),
  };
  static override flags = {
    id: Flags.string({ summary: 'Id of the pack.', default: 'imported' }),
    json: Flags.boolean({ summary: 'Print {pack, notes}.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(RulesImport);
    const flags: Interfaces.InferredFlags<typeof RulesImport.flags> = parsed.flags;
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(flags.id))
      throw new UsageError(`"${flags.id}" is no pack id`, ['use-kebab-case']);
    const { importGitleaks } = await import('../../rules/index.ts');
    const { pack, notes } = importGitleaks(read(parsed.args.file), parsed.args.file, flags.id);
    if (flags.json) return await this.write(`${JSON.stringify({ pack, notes })}\n`);
    const { stringify } = await import('yaml');
    for (const { rule, kind, message } of notes) process.stderr.write(`${kind}: ${rule}: ${message}\n`);
    process.stderr.write(`${pack.rules.length} rules imported; check them with "rules check"\n`);
    await this.write(stringify(pack, { lineWidth: 0 }));
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`, [
      'check the path',
    ]);
  }
}
