import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { DataError, EXIT } from '../../model/index.ts';

export default class RulesCheck extends BaseCommand {
  static override summary = 'Compile a rule pack, run its examples and estimate what its rules cost.';
  static override description = 'Exits 0 if the pack can be used and all its examples hold, 2 if not.';
  static override examples = [
    '<%= config.bin %> rules check ./mine.yaml',
    '<%= config.bin %> rules check credentials --cost',
  ];
  static override enableJsonFlag = false;
  static override args = {
    pack: Args.string({ description: 'a file, or the id of a built-in pack', required: true }),
  };
  static override flags = {
    cost: Flags.boolean({ summary: 'Show how often each rule is looked at, dearest first.' }),
    json: Flags.boolean({ summary: 'Print {valid, identity, rules, problems, costs}.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(RulesCheck);
    const flags: Interfaces.InferredFlags<typeof RulesCheck.flags> = parsed.flags;
    const { checkPack } = await import('../../scan/index.ts');
    try {
      const check = checkPack(parsed.args.pack);
      const { identity, rules, problems, costs } = check;
      if (problems.length > 0) throw new DataError(`examples of ${identity.id} do not hold`, problems);
      if (flags.json) return await this.write(`${JSON.stringify({ valid: true, ...check })}\n`);
      const dear = costs.filter(({ advice }) => advice !== undefined);
      await this.write(`${identity.id} ${identity.version} can be used: ${rules} rules, all examples hold\n`);
      for (const cost of flags.cost ? costs : dear) {
        const advice = cost.advice ? `  ${cost.advice}` : '';
        await this.write(`${cost.rule}  ${cost.candidatesPerMiB} a MiB, anchored by ${cost.anchoredBy}${advice}\n`);
      }
    } catch (error) {
      if (!flags.json || !(error instanceof DataError)) throw error;
      await this.write(`${JSON.stringify({ valid: false, problems: error.problems })}\n`);
      this.finish(EXIT.usage);
    }
  }
}
