import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';
import { situationFlags } from './situation-flags.ts';

export default class EndpointsCheck extends BaseCommand {
  static override summary =
    'Check firewall rules, sockets, proxy logs or flow records against the documented endpoints.';
  static override description =
    'Reads iptables-save, ip6tables-save, iptables -L, nft -j list ruleset, netstat -anpoe, ss -an, squid access logs and squid.conf, flow records (CSV, JSON) and lssysconn -r all, told by their content. Exits 0 if there is nothing to hold, 1 on a violation, 3 if something could not be decided.';
  static override examples = [
    'iptables-save | <%= config.bin %> endpoints check -',
    '<%= config.bin %> endpoints check access.log --hmc 10.1.2.3 --json',
    '<%= config.bin %> endpoints check rules.v4 --profile vpn --platform ds8000 --ds8880-release 8.1',
  ];
  static override enableJsonFlag = false;
  static override strict = false;
  static override args = { file: Args.string({ description: 'a file, - for stdin; repeatable', required: true }) };
  static override flags = {
    ...situationFlags,
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(EndpointsCheck);
    const flags: Interfaces.InferredFlags<typeof EndpointsCheck.flags> = parsed.flags;
    const room = await import('../../endpoints/index.ts');
    const catalog = room.loadEndpoints(flags.endpoints);
    const situation = room.situationFrom(catalog, { ...flags, ds8880Release: flags['ds8880-release'] });
    const evidence = await Promise.all((parsed.argv as string[]).map((file) => room.readEvidenceFile(file)));
    const check = room.checkEndpoints(catalog, evidence, situation);
    await this.write(flags.json ? `${JSON.stringify(check)}\n` : room.describeCheck(check));
    this.finish(
      check.outcome === 'violation' ? EXIT.held : check.outcome === 'unknown' ? EXIT.incomplete : EXIT.cleared,
    );
  }
}
