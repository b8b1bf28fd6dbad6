import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';

export default class CryptoList extends BaseCommand {
  static override summary = 'List the built-in crypto policies.';
  static override examples = ['<%= config.bin %> crypto list'];
  static override enableJsonFlag = false;
  static override flags = { json: Flags.boolean({ description: 'print JSON' }) };

  async run(): Promise<void> {
    const parsed = await this.parse(CryptoList);
    const flags: Interfaces.InferredFlags<typeof CryptoList.flags> = parsed.flags;
    const { cryptoPolicyIds, loadCryptoPolicy } = await import('../../crypto/index.ts');
    const policies = cryptoPolicyIds().map((id) => loadCryptoPolicy(id));
    const rows = policies.map(({ id, title, edition, text, clauses }) => ({
      id,
      title,
      edition,
      text,
      clauses: clauses.length,
    }));
    if (flags.json) return this.write(`${JSON.stringify(rows, null, 2)}\n`);
    const width = Math.max(...rows.map(({ id }) => id.length));
    await this.write(
      rows
        .map(({ id, title, text }) => `${id.padEnd(width)}  ${title}${text === 'draft' ? ' [draft]' : ''}\n`)
        .join(''),
    );
  }
}
