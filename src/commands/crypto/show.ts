import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';

export default class CryptoShow extends BaseCommand {
  static override summary = 'Show a crypto policy, clause by clause.';
  static override examples = ['<%= config.bin %> crypto show nist-800-131a-r2'];
  static override enableJsonFlag = false;
  static override args = { policy: Args.string({ description: 'an id or a file', required: true }) };
  static override flags = { json: Flags.boolean({ description: 'print JSON' }) };

  async run(): Promise<void> {
    const parsed = await this.parse(CryptoShow);
    const flags: Interfaces.InferredFlags<typeof CryptoShow.flags> = parsed.flags;
    const { loadCryptoPolicy, policyText } = await import('../../crypto/index.ts');
    const policy = loadCryptoPolicy(parsed.args.policy);
    await this.write(flags.json ? `${JSON.stringify(policy, null, 2)}\n` : policyText(policy));
  }
}
