import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { UsageError } from '../../model/index.ts';

export default class CryptoJudge extends BaseCommand {
  static override summary = 'Judge the cryptography in files: certificates, configurations, captures, scan results.';
  static override description =
    'The kind of each file is told by its content. Exit code 0: nothing to hold, 1: a violation, 3: something is not known or no evidence was found.';
  static override examples = [
    '<%= config.bin %> crypto judge server.pem nginx.conf',
    '<%= config.bin %> crypto judge testssl.json --as-of 2031-01-01',
    '<%= config.bin %> crypto judge observations.json --policy ibm-strict --json',
  ];
  static override strict = false;
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'files to judge, any number of them', required: true }) };
  static override flags = {
    'as-of': Flags.string({ description: 'day to judge at, YYYY-MM-DD (default: today, UTC)', helpValue: 'DATE' }),
    policy: Flags.string({
      description: 'crypto policy, an id or a file',
      default: 'nist-800-131a-r2',
      helpValue: 'ID',
    }),
    type: Flags.string({ description: 'take every file as this kind of evidence', helpValue: 'T' }),
    json: Flags.boolean({ description: 'print JSON: {"observations": [...], "verdicts": [...]}' }),
    cbom: Flags.boolean({ description: 'print a CycloneDX 1.6 CBOM', exclusive: ['json'] }),
  };

  async run(): Promise<void> {
    const parsed = await this.parse(CryptoJudge);
    const flags: Interfaces.InferredFlags<typeof CryptoJudge.flags> = parsed.flags;
    const { judge, loadCryptoPolicy, observeAll, presentVerdicts } = await import('../../crypto/index.ts');
    const policy = loadCryptoPolicy(flags.policy);
    const asOf = flags['as-of'] ?? new Date().toISOString().slice(0, 10);
    judge([], policy, asOf);
    const files = await Promise.all(
      (parsed.argv as string[]).map(async (path) => ({ name: basename(path), bytes: await read(path) })),
    );
    const observations = await observeAll(files, flags.type);
    const { parts, exit } = await presentVerdicts(observations, policy, asOf, flags);
    for (const part of parts) await this.write(part);
    this.finish(exit);
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new UsageError(`cannot read ${path} (${code})`, ['name files that exist and may be read']);
  }
}
