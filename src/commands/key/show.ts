import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class KeyShow extends BaseCommand {
  static override summary = 'Show the id and the algorithm of a public key.';
  static override description = 'The id is the SHA-256 of the SubjectPublicKeyInfo in DER.';
  static override examples = ['<%= config.bin %> key show auditor.pem.pub'];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'public key, PEM', required: true }) };
  static override flags = { json: Flags.boolean({ summary: 'Print one JSON object.' }) };

  override async run(): Promise<void> {
    const parsed = await this.parse(KeyShow);
    const flags: Interfaces.InferredFlags<typeof KeyShow.flags> = parsed.flags;
    const { algorithmOf, keyId, publicPem, readPublicKey } = await import('../../evidence/index.ts');
    const key = readPublicKey(parsed.args.file);
    const shown = { keyid: keyId(key), algorithm: algorithmOf(key), publicKey: publicPem(key) };
    await this.write(
      flags.json ? `${JSON.stringify(shown)}\n` : `${shown.keyid}  ${shown.algorithm}\n${shown.publicKey}`,
    );
    this.finish(EXIT.cleared);
  }
}
