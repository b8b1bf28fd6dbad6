import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../cli/index.ts';
import { EXIT } from '../model/index.ts';

type Check = { readonly check: string; readonly ok: boolean; readonly found: string; readonly hint?: string };

export default class Doctor extends BaseCommand {
  static override summary = 'Say how well this machine can do the work: isolation, watchdogs, disk, staging directory.';
  static override description = 'Changes nothing. Exits 0 if all is well, 3 if something is weaker than it could be.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor /srv/staging --json'];
  static override enableJsonFlag = false;
  static override args = { dir: Args.string({ description: 'staging directory to look at' }) };
  static override flags = { json: Flags.boolean({ summary: 'Print one JSON object.' }) };

  override async run(): Promise<void> {
    const parsed = await this.parse(Doctor);
    const flags: Interfaces.InferredFlags<typeof Doctor.flags> = parsed.flags;
    const { isolationLevel } = await import('../staging/index.ts');
    const level = isolationLevel();
    const { dir } = parsed.args;
    const checks: Check[] = [
      { check: 'node', ok: true, found: process.version },
      {
        check: 'isolation',
        ok: level === 'permissions+network',
        found: level,
        hint: 'the child can open sockets: allow user namespaces (unshare -rn), or run in a container without network',
      },
      {
        check: 'memory watchdog',
        ok: existsSync('/proc/self/status'),
        found: '/proc/self/status',
        hint: 'without /proc only the clock watches the child',
      },
      { check: 'private files', ...usable(tmpdir()), hint: 'set TMPDIR to a folder that may be written' },
      ...['incoming', 'cleared', 'held'].flatMap((name) =>
        dir === undefined ? [] : [{ check: name, ...usable(`${dir}/${name}`), hint: 'mount it, make it, or allow it' }],
      ),
    ];
    await this.write(flags.json ? `${JSON.stringify({ checks: checks.map(shown) })}\n` : checks.map(line).join(''));
    this.finish(checks.every(({ ok }) => ok) ? EXIT.cleared : EXIT.incomplete);
  }
}

function usable(path: string): { ok: boolean; found: string } {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return { ok: true, found: path };
  } catch (error) {
    return { ok: false, found: `${path} (${(error as NodeJS.ErrnoException).code})` };
  }
}

const shown = ({ hint, ...check }: Check): Check => (check.ok || hint === undefined ? check : { ...check, hint });

const line = ({ check, ok, found, hint }: Check): string =>
  `${ok ? 'ok  ' : 'weak'}  ${check.padEnd(16)} ${found}\n${ok || !hint ? '' : `      ${hint}\n`}`;
