// Runs the tests under other Node versions, which the registry has as the package `node`. Not part of CI.
// node scripts/node-versions.js [22 24 ...] [-- vitest arguments]
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [versions, rest] = process.argv
  .slice(2)
  .join('\0')
  .split('\0--\0')
  .map((part) => part.split('\0').filter(Boolean));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
for (const version of versions?.length ? versions : ['22', '24']) {
  process.stdout.write(`\nNode ${version}\n`);
  const args = ['exec', '--yes', `--package=node@${version}`, '--', 'node', vitest, 'run', ...(rest ?? [])];
  const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
