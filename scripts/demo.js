// The main job on two bundles made on the spot: a clean one and a leaking one. Ends 0 only if the verdicts are as expected.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'out', 'demo');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const run = (script, ...args) =>
  spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, encoding: 'utf8' });

const cases = [
  { name: 'clean', sample: ['--seed', '1'], exit: 0, verdict: 'cleared' },
  {
    name: 'leaking',
    sample: ['--seed', '2', '--leak', 'argv-password', '--leak', 'email-syslog', '--leak', 'undocumented-file'],
    exit: 1,
    verdict: 'held',
  },
];

let wrong = 0;
for (const { name, sample, exit, verdict } of cases) {
  const bundle = join(out, `${name}.tgz`);
  const made = run('out/scripts/sample/main.js', '--out', bundle, '--size', '1MiB', ...sample);
  if (made.status !== 0) throw new Error(`the sample could not be made:\n${made.stderr}`);
  const pdf = join(out, `${name}.pdf`);
  const json = join(out, `${name}.json`);
  process.stdout.write(`\n$ clearance audit ${relative(root, bundle)} -o pdf=${relative(root, pdf)}\n`);
  const audit = run('bin/run.js', 'audit', bundle, '-o', `pdf=${pdf}`, '-o', `json=${json}`);
  process.stdout.write(audit.stdout);
  process.stderr.write(audit.stderr);
  const right = audit.status === exit;
  if (!right) wrong += 1;
  process.stdout.write(
    `${right ? 'as expected' : 'NOT AS EXPECTED'}: ${verdict} is exit ${exit}, got ${audit.status}\n`,
  );
}
process.stdout.write(`\nthe reports lie in ${relative(root, out)}/\n`);
process.exitCode = wrong === 0 ? 0 : 1;
