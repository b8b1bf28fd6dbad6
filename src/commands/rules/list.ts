import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';

export default class RulesList extends BaseCommand {
  static override summary = 'List the rules of the built-in packs, or of others.';
  static override examples = [
    '<%= config.bin %> rules list',
    '<%= config.bin %> rules list --packs ./mine.yaml --json',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    packs: Flags.string({
      summary: 'Rule packs, ids or files.',
      multiple: true,
      multipleNonGreedy: true,
      default: ['default'],
    }),
    json: Flags.boolean({ summary: 'Print one JSON array.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(RulesList);
    const flags: Interfaces.InferredFlags<typeof RulesList.flags> = parsed.flags;
    const { loadRulePacks } = await import('../../rules/index.ts');
    const rules = loadRulePacks(flags.packs).rules.map(({ id, definition }) => ({
      rule: id,
      class: definition.class,
      tier: definition.tier,
      severity: definition.severity,
      title: definition.title,
    }));
    const text = rules
      .map((rule) => `${rule.tier}  ${rule.severity.padEnd(8)}  ${rule.rule}  ${rule.title}\n`)
      .join('');
    await this.write(flags.json ? `${JSON.stringify(rules)}\n` : text);
  }
}
