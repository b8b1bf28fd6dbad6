import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class EndpointsLifecycle extends BaseCommand {
  static override summary = 'Say whether a way to connect may exist on a product.';
  static override description =
    'Exits 0 if it may, 1 if a lifecycle rule forbids it, 3 if it depends on something that was not given.';
  static override examples = [
    '<%= config.bin %> endpoints lifecycle --feature outbound-vpn --platform ds8000 --ds8880-release 8.0',
    '<%= config.bin %> endpoints lifecycle --platform power --processor 8 --json',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    endpoints: Flags.string({ summary: 'Id of a built-in endpoint list, or a file.', default: 'ibm-hmc-860' }),
    feature: Flags.string({ summary: 'What was seen or configured; all that are known if absent.', multiple: true }),
    platform: Flags.string({ summary: 'power or ds8000.' }),
    processor: Flags.integer({ summary: 'POWER generation of the managed systems.', min: 1 }),
    introduced: Flags.integer({ summary: 'Year in which the product was new.', min: 1900 }),
    'ds8880-release': Flags.string({ summary: 'Release of a DS8880, e.g. 8.0; none for an older DS8000.' }),
    json: Flags.boolean({ summary: 'Print one JSON array.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(EndpointsLifecycle);
    const flags: Interfaces.InferredFlags<typeof EndpointsLifecycle.flags> = parsed.flags;
    const room = await import('../../endpoints/index.ts');
    const catalog = room.loadEndpoints(flags.endpoints);
    const facts = room.factsFrom(catalog, { ...flags, ds8880Release: flags['ds8880-release'] });
    const features = flags.feature ?? [...new Set(catalog.lifecycle.map((rule) => rule.feature))];
    const answers = room.judgeLifecycle(catalog, features, facts);
    await this.write(flags.json ? `${JSON.stringify(answers)}\n` : room.describeLifecycle(answers));
    if (flags.feature === undefined) return;
    const outcomes = answers.map(({ outcome }) => outcome);
    if (outcomes.includes('violation')) this.finish(EXIT.held);
    else if (outcomes.includes('question')) this.finish(EXIT.incomplete);
  }
}
