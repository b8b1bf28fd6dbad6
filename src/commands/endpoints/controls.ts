import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';
import { situationFlags } from './situation-flags.ts';

export default class EndpointsControls extends BaseCommand {
  static override summary = 'Print the checklist of connectivity and inbound controls with the evidence for each.';
  static override description =
    'Evidence is what endpoints check reads, lshmc -V of each console, and declarations. A control without evidence is not assessed. Exits 1 if one is violated, 3 if one is open, else 0.';
  static override examples = [
    '<%= config.bin %> endpoints controls rules.v4 sockets.txt hmc1-level.txt hmc2-level.txt',
    '<%= config.bin %> endpoints controls rules.v4 --declarations declared.yaml --platform ds8000 --json',
  ];
  static override enableJsonFlag = false;
  static override strict = false;
  static override args = { file: Args.string({ description: 'evidence, - for stdin; repeatable' }) };
  static override flags = {
    ...situationFlags,
    declarations: Flags.string({ summary: 'What a person states of the controls (YAML).', helpValue: 'FILE' }),
    json: Flags.boolean({ summary: 'Print one JSON array.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(EndpointsControls);
    const flags: Interfaces.InferredFlags<typeof EndpointsControls.flags> = parsed.flags;
    const room = await import('../../endpoints/index.ts');
    const catalog = room.loadEndpoints(flags.endpoints);
    const situation = room.situationFrom(catalog, { ...flags, ds8880Release: flags['ds8880-release'] });
    const files = await Promise.all((parsed.argv as string[]).map((file) => room.readEvidenceFile(file)));
    const levels = new Map(files.flatMap(({ file, text }) => [[file, room.readHmcLevel(text)] as const]));
    const evidence = files.filter(({ file }) => levels.get(file) === undefined);
    const controls = room.assessControls(catalog, {
      platform: flags.platform,
      check: evidence.length === 0 ? undefined : room.checkEndpoints(catalog, evidence, situation),
      declarations: flags.declarations === undefined ? undefined : room.loadDeclarations(flags.declarations, catalog),
      levels: new Map([...levels].flatMap(([file, level]) => (level === undefined ? [] : [[file, level] as const]))),
    });
    await this.write(flags.json ? `${JSON.stringify(controls)}\n` : room.describeControls(controls));
    const states = controls.map(({ state }) => state);
    if (states.includes('violated')) this.finish(EXIT.held);
    else if (states.includes('question') || states.includes('not-assessed')) this.finish(EXIT.incomplete);
  }
}
