import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, passphraseFrom } from '../../cli/index.ts';
import { EXIT, UsageError } from '../../model/index.ts';

export default class KeyGenerate extends BaseCommand {
  static override summary = 'Make a key pair: FILE (encrypted PKCS#8, mode 0600) and FILE.pub.';
  static override examples = [
    '<%= config.bin %> key generate auditor.pem --passphrase-file auditor.pass',
    '<%= config.bin %> key generate gate.pem --algorithm ed25519 --unencrypted',
  ];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'file to create', required: true }) };
  static override flags = {
    algorithm: Flags.string({
      options: ['ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-3072-pss'],
      default: 'ecdsa-p256',
      summary: 'What the key signs with.',
    }),
    'passphrase-file': Flags.string({ helpValue: 'FILE', summary: 'File with the passphrase, mode 0600.' }),
    unencrypted: Flags.boolean({ summary: 'For machines: leave the key to the mode of its file.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(KeyGenerate);
    const flags: Interfaces.InferredFlags<typeof KeyGenerate.flags> = parsed.flags;
    const { createWhole, generateKey, keyId, publicPem, writePrivateKey } = await import('../../evidence/index.ts');
    const passphrase = await passphraseFrom(flags);
    if (((passphrase ?? '') === '') !== (flags.unencrypted === true)) {
      throw new UsageError('say how the key is kept', ['give either --passphrase-file FILE or --unencrypted']);
    }
    const { file } = parsed.args;
    const key = generateKey(flags.algorithm as Parameters<typeof generateKey>[0]);
    writePrivateKey(file, key, flags.unencrypted ? undefined : passphrase);
    createWhole(`${file}.pub`, publicPem(key));
    const keyid = keyId(key);
    await this.write(
      flags.json
        ? `${JSON.stringify({ keyid, algorithm: flags.algorithm, file, publicKey: `${file}.pub` })}\n`
        : `${keyid}  ${file}.pub\n`,
    );
    this.finish(EXIT.cleared);
  }
}
