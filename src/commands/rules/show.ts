import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { UsageError } from '../../model/index.ts';

export default class RulesShow extends BaseCommand {
  static override summary = 'Show one rule: what it finds, how it is tested, where its format is specified.';
  static override examples = ['<%= config.bin %> rules show credentials/aws-access-key'];
  static override enableJsonFlag = false;
  static override args = { rule: Args.string({ description: '<pack id>/<rule id>', required: true }) };
  static override flags = {
    packs: Flags.string({
      summary: 'Rule packs, ids or files.',
      multiple: true,
      multipleNonGreedy: true,
      default: ['default'],
    }),
    json: Flags.boolean({ summary: 'Print the rule as it stands in its pack.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(RulesShow);
    const flags: Interfaces.InferredFlags<typeof RulesShow.flags> = parsed.flags;
    const { loadRulePacks } = await import('../../rules/index.ts');
    const { rules } = loadRulePacks(flags.packs);
    const rule = rules.find(({ id }) => id === parsed.args.rule);
    if (!rule) {
      throw new UsageError(`unknown rule "${parsed.args.rule}"`, ['clearance rules list shows the ids of all rules']);
    }
    const { definition, anchors, anchoredBy } = rule;
    if (flags.json) return await this.write(`${JSON.stringify({ ...definition, id: rule.id })}\n`);
    const { stringify } = await import('yaml');
    const cost = `anchored by ${anchoredBy}, about ${Math.round(anchors.cost * 2 ** 20)} candidates a MiB`;
    await this.write(`${rule.id}: ${definition.title}\n${cost}\n\n${stringify(definition, { lineWidth: 0 })}`);
  }
}
