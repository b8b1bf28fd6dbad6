import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../cli/index.ts';
import { UsageError } from '../model/index.ts';

export default class Waive extends BaseCommand {
  static override summary = 'Draft waivers for what a result holds back.';
  static override description =
    'Prints a waiver file for the findings of RESULT that count, one waiver a value, named by rule and keyed fingerprint. Read ' +
    'it, strike what nobody answers for, keep it under version control, and give it to audit --waivers with the same key.';
  static override examples = [
    '<%= config.bin %> waive result.json --owner "Storage team" --reason "Agreed in CHG-4711" --expires 2027-01-31 > waivers.yaml',
    '<%= config.bin %> waive result.json --rule personal/phone --owner ops --reason "Our own switchboard" --expires 2027-01-31',
  ];
  static override enableJsonFlag = false;
  static override args = { result: Args.string({ description: 'result of audit --json', required: true }) };
  static override flags = {
    owner: Flags.string({ required: true, summary: 'Who answers for it.' }),
    reason: Flags.string({ required: true, summary: 'Why it may leave; ten characters or more.' }),
    expires: Flags.string({ required: true, helpValue: 'DATE', summary: 'The last day on which it holds.' }),
    rule: Flags.string({ multiple: true, multipleNonGreedy: true, summary: 'Only findings of this rule; repeatable.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Waive);
    const flags: Interfaces.InferredFlags<typeof Waive.flags> = parsed.flags;
    const [{ openStoredResult }, { draftWaivers }] = await Promise.all([
      import('../report/index.ts'),
      import('../policy/index.ts'),
    ]);
    const stored = await openStoredResult(parsed.args.result);
    const { owner, reason, expires } = flags;
    const draft = await draftWaivers(stored.entries(), { owner, reason, expires, rules: flags.rule });
    if (draft.count === 0) {
      throw new UsageError('the result has no finding with a fingerprint that a waiver could name', [
        'audit with --fingerprint-key FILE; look at the findings with: clearance report RESULT -o csv=FILE',
      ]);
    }
    if (draft.unnamed > 0)
      process.stderr.write(`${draft.unnamed} findings have no fingerprint or stand for many values: not waivable\n`);
    await this.write(draft.text);
  }
}
