import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';

export default class EndpointsList extends BaseCommand {
  static override summary = 'List the documented hosts, addresses and ports.';
  static override examples = [
    '<%= config.bin %> endpoints list',
    '<%= config.bin %> endpoints list --json | jq -r \'select(.direction=="outbound").address\'',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    endpoints: Flags.string({ summary: 'Id of a built-in endpoint list, or a file.', default: 'ibm-hmc-860' }),
    json: Flags.boolean({
      summary: 'Print JSON Lines {group, host, address, port, protocol, direction, purpose, ambiguous}.',
    }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(EndpointsList);
    const flags: Interfaces.InferredFlags<typeof EndpointsList.flags> = parsed.flags;
    const { describeEndpoints, endpointLines, loadEndpoints } = await import('../../endpoints/index.ts');
    const catalog = loadEndpoints(flags.endpoints);
    await this.write(flags.json ? endpointLines(catalog) : describeEndpoints(catalog));
  }
}
