import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';

export default class TlsScan extends BaseCommand {
  static override summary = 'Look at TLS endpoints from outside and judge what they accept.';
  static override description =
    'Connects only to the endpoints named, at every address of each. Exit code 0: nothing to hold, 1: a violation, 3: something is not known.';
  static override examples = [
    '<%= config.bin %> tls scan esupport.example.com',
    '<%= config.bin %> tls scan mail.example.com:25 --starttls smtp --json',
    '<%= config.bin %> tls scan esupport.example.com --proxy http://user:secret@proxy.example.com:8080 --as-of 2031-01-01',
  ];
  static override strict = false;
  static override enableJsonFlag = false;
  static override args = {
    endpoint: Args.string({ description: 'HOST[:PORT] or [IPv6]:PORT, any number of them', required: true }),
  };
  static override flags = {
    servername: Flags.string({ description: 'server name to send (SNI)', helpValue: 'NAME' }),
    starttls: Flags.string({
      description: 'smtp, imap, pop3, ftp, ldap, postgres, mysql or xmpp',
      helpValue: 'PROTOCOL',
    }),
    proxy: Flags.string({ description: 'HTTP proxy to CONNECT through', helpValue: 'URL' }),
    concurrency: Flags.integer({ description: 'endpoints at a time', default: 16, min: 1, max: 256 }),
    timeout: Flags.integer({ description: 'seconds to wait for an answer', default: 4, min: 1, max: 600 }),
    rate: Flags.integer({ description: 'handshakes a second to one endpoint, 0 for no limit', default: 0, min: 0 }),
    policy: Flags.string({
      description: 'crypto policy, an id or a file',
      default: 'nist-800-131a-r2',
      helpValue: 'ID',
    }),
    'as-of': Flags.string({ description: 'day to judge at, YYYY-MM-DD (default: today, UTC)', helpValue: 'DATE' }),
    json: Flags.boolean({ description: 'print JSON: {"observations": [...], "verdicts": [...]}' }),
    cbom: Flags.boolean({ description: 'print a CycloneDX 1.6 CBOM', exclusive: ['json'] }),
  };

  async run(): Promise<void> {
    const parsed = await this.parse(TlsScan);
    const flags: Interfaces.InferredFlags<typeof TlsScan.flags> = parsed.flags;
    const { judge, keepHeapSmall, loadCryptoPolicy, presentVerdicts, scanTls } = await import('../../crypto/index.ts');
    const { servername, starttls, proxy, concurrency, timeout, rate } = flags;
    const asOf = flags['as-of'] ?? new Date().toISOString().slice(0, 10);
    const policy = loadCryptoPolicy(flags.policy);
    // What the operator wrote wrongly is said before anything is connected to.
    judge([], policy, asOf);
    const options = { servername, starttls, proxy, concurrency, timeout, rate };
    if (parsed.argv.length > concurrency) keepHeapSmall();
    const observations = await scanTls(parsed.argv as string[], options);
    const { parts, exit } = await presentVerdicts(observations, policy, asOf, flags);
    for (const part of parts) await this.write(part);
    this.finish(exit);
  }
}
