import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { digest } from './stage.ts';

const root = join(import.meta.dirname, '..', '..');
const at = (...parts: string[]) => join(root, ...parts);
const lacks = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0;
/** A test that says which tool is missing where it is skipped. */
const withTool = (tool: string, name: string, body: () => void) =>
  test.skipIf(lacks(tool))(`${name} (needs ${tool})`, body);
const silent = (command: string, args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  expect(`${status} ${stdout}${stderr}`).toBe('0 ');
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-packaging-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('for the system', () => {
  const units = readdirSync(at('packaging', 'systemd')).map((name) => at('packaging', 'systemd', name));
  withTool('systemd-analyze', 'the units are what systemd reads', () =>
    silent('systemd-analyze', ['--man=no', 'verify', ...units]),
  );
  withTool('systemd-analyze', 'the services are shut in', () => {
    for (const unit of units.filter((name) => name.endsWith('.service'))) {
      const args = ['security', '--offline=true', '--threshold=25', '--no-pager', unit];
      expect(spawnSync('systemd-analyze', args).status).toBe(0);
    }
  });
  test('cron: five fields, a user, a command whose options exist', () => {
    const [line] = readFileSync(at('packaging', 'clearance.cron'), 'utf8')
      .split('\n')
      .filter((one) => /^[^#]/.test(one));
    expect(line).toMatch(/^(?:[\d*/,-]+ ){5}clearance flock -n \S+ clearance watch \S+ --once --quiet$/);
  });
  withTool('xmllint', 'the Windows task is what the task scheduler reads', () => {
    const file = at('packaging', 'windows', 'clearance-task.xml');
    silent('xmllint', ['--noout', '--nonet', file]);
    const one = (path: string) => {
      const steps = path.split('/').map((name) => `*[local-name()="${name}" and namespace-uri()="${NAMESPACE}"]`);
      return execFileSync('xmllint', ['--xpath', `string(/${steps.join('/')})`, file], { encoding: 'utf8' }).trim();
    };
    const NAMESPACE = 'http://schemas.microsoft.com/windows/2004/02/mit/task';
    expect(one('Task/Triggers/TimeTrigger/Repetition/Interval')).toBe('PT10M');
    expect(one('Task/Settings/MultipleInstancesPolicy')).toBe('IgnoreNew');
    expect(one('Task/Principals/Principal/RunLevel')).toBe('LeastPrivilege');
    expect(one('Task/Actions/Exec/Arguments')).toMatch(/bin\\run\.js" watch \S+ --once --quiet/);
  });
  withTool('mandoc', 'the manual page has no complaint of mandoc', () =>
    silent('mandoc', ['-T', 'lint', at('dist/clearance.1')]),
  );
  withTool('groff', 'the manual page has no complaint of groff', () =>
    silent('groff', ['-ww', '-man', '-Tutf8', '-z', at('dist/clearance.1')]),
  );
  test('the manual page has every command and every option', () => {
    const page = readFileSync(at('dist', 'clearance.1'), 'utf8');
    const { commands } = JSON.parse(readFileSync(at('dist', 'program.json'), 'utf8')) as {
      commands: Record<string, { usage: string; flags: { name: string }[] }>;
    };
    for (const { usage, flags } of Object.values(commands)) {
      const [, section = ''] = page.split(`.SS "clearance ${usage.replaceAll('-', '\\-')}"`);
      expect(section).not.toBe('');
      for (const { name } of flags)
        expect(section.split('\n.SS ')[0]).toContain(`\\-\\-${name.replaceAll('-', '\\-')}\\fR`);
    }
    expect(Object.keys(commands).length).toBe(page.split('\n.SS ').length - 1);
  });
});

describe('for builds', () => {
  withTool('yamllint', 'the action and the hook are clean YAML', () =>
    silent('yamllint', ['-s', at('.pre-commit-hooks.yaml'), at('packaging/github-action/action.yml')]),
  );

  test('the step of the action: exit code of the audit, SARIF, and no input read as shell', () => {
    const action = parse(readFileSync(at('packaging/github-action/action.yml'), 'utf8'));
    const step = action.runs.steps.find(({ id }: { id: string }) => id === 'audit');
    expect(JSON.stringify(action.runs.steps.map(({ run }: { run: string }) => run))).not.toContain('{{');
    const file = join(dir, 'a b; touch pwned.txt');
    writeFileSync(file, 'nothing to see\n');
    const given: Record<string, string> = { path: `${file}\n\n`, sarif: join(dir, 'out.sarif') };
    const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', GITHUB_OUTPUT: join(dir, 'output') };
    for (const [name, value] of Object.entries(step.env as Record<string, string>)) {
      const input = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(value)![1]!;
      env[name] = given[input] ?? action.inputs[input].default;
    }
    env['GITHUB_ACTION_PATH'] = at('packaging', 'github-action');
    const { status } = spawnSync('bash', ['-e', '-c', step.run], { env, cwd: dir });
    expect([status, readFileSync(join(dir, 'output'), 'utf8')]).toEqual([0, 'exit-code=0\n']);
    expect(JSON.parse(readFileSync(join(dir, 'out.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(readdirSync(dir)).not.toContain('pwned.txt');
  });

  withTool('pre-commit', 'pre-commit runs the hook and stops a credential', () => {
    const [repo, bin, hooks] = ['repo', 'bin', 'hooks'].map((name) => join(dir, name)) as [string, string, string];
    for (const folder of [repo, bin, hooks]) mkdirSync(folder);
    writeFileSync(join(bin, 'clearance'), `#!/bin/sh\nexec "${process.execPath}" "${at('bin/run.js')}" "$@"\n`, {
      mode: 0o755,
    });
    cpSync(at('.pre-commit-hooks.yaml'), join(hooks, '.pre-commit-hooks.yaml'));
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, PRE_COMMIT_HOME: join(dir, 'cache') };
    const git = (cwd: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        cwd,
        env,
        stdio: 'pipe',
      });
    for (const folder of [repo, hooks]) git(folder, 'init', '-q');
    git(hooks, 'add', '-A');
    git(hooks, 'commit', '-qm', 'hooks');
    const attempt = (text: string) => {
      writeFileSync(join(repo, 'notes.txt'), text);
      git(repo, 'add', '-A');
      return spawnSync('pre-commit', ['try-repo', hooks, 'clearance-scan', '--all-files'], { cwd: repo, env }).status;
    };
    expect(attempt('nothing to see\n')).toBe(0);
    expect(attempt('aws_access_key_id = AKIAZQ3TGHJK4LMN5PQR\n')).toBe(1);
  });

  test('the image: every file it copies is there, it has all that the package has, and it runs as nobody in particular', () => {
    const lines = readFileSync(at('packaging', 'docker', 'Dockerfile'), 'utf8').split('\n');
    const copied = lines.flatMap((line) => /^COPY --from=build \/app\/(\S+) /.exec(line)?.[1] ?? []);
    const { files } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { files: string[] };
    const needed = files.filter((file) => !/\.md$|LICENSE|^packaging$/.test(file));
    expect(copied).toEqual(expect.arrayContaining([...needed, 'package.json', 'node_modules']));
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    const allowed = readFileSync(at('packaging/docker/Dockerfile.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    for (const part of ['src', 'scripts', 'bin', 'catalog', 'schemas', 'package-lock.json', 'reports/assets']) {
      expect(allowed).toContain(`!${part}`);
    }
  });
});

describe('the package', () => {
  const pack = (into: string) => {
    const to = join(dir, into);
    mkdirSync(to);
    execFileSync('npm', ['pack', '--silent', '--pack-destination', to], { cwd: root, stdio: 'pipe' });
    return join(to, readdirSync(to)[0]!);
  };

  test('packed twice: the same bytes; unpacked: it works', () => {
    const first = pack('one');
    utimesSync(at('README.md'), new Date(), new Date());
    const second = pack('two');
    expect(digest(readFileSync(second))).toBe(digest(readFileSync(first)));
    execFileSync('tar', ['-xzf', first, '-C', dir]);
    // Two links on the way: the reader of payloads must be allowed to see each of them.
    symlinkSync(realpathSync(at('node_modules')), join(dir, 'on-the-way'));
    symlinkSync(join(dir, 'on-the-way'), join(dir, 'package', 'node_modules'));
    writeFileSync(join(dir, 'a.txt'), 'nothing to see\n');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(dir, 'package', 'bin', 'run.js'), ...args], { encoding: 'utf8' });
    expect(run('--version').stdout).toMatch(/^clearance\/\d/);
    expect(run('audit', join(dir, 'a.txt'), '--inventory', 'none').status).toBe(0);
  });

  test('the list of what it runs on: deterministic, whole, and npm knows no more', () => {
    const make = () =>
      execFileSync(process.execPath, [at('scripts', 'sbom.js')]) && readFileSync(at('dist/sbom.cdx.json'), 'utf8');
    const text = make();
    expect(make()).toBe(text);
    const sbom = JSON.parse(text) as {
      components: { purl: string; hashes: { content: string }[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
      metadata: { component: { purl: string } };
    };
    const edges = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set<string>();
    const reach = (ref: string): void => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of edges.get(ref)!) reach(next);
    };
    reach(sbom.metadata.component.purl);
    expect([...reached].sort()).toEqual(
      [sbom.metadata.component.purl, ...sbom.components.map(({ purl }) => purl)].sort(),
    );
    for (const { hashes } of sbom.components) {
      expect(hashes[0]!.content).toMatch(/^[0-9a-f]{128}$/);
    }
    const npm = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], {
      cwd: root,
      stdio: 'pipe',
    });
    for (const { purl } of JSON.parse(npm.toString()).components) expect(reached).toContain(purl);
  });
});
