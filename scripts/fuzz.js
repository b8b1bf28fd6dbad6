// The long run of the mutants of every format and of all bombs, outside of CI: `npm run fuzz -- 10000`.
// FC_SEED draws other cases; `npm test` runs 150 of each, and smaller bombs.
import { spawnSync } from 'node:child_process';

const [runs = '10000', ...rest] = process.argv.slice(2);
const files = ['test/unpack/mutants.test.ts', 'test/unpack/bombs.test.ts'];
const { status } = spawnSync('npx', ['vitest', 'run', ...files, '--testTimeout=0', ...rest], {
  env: { ...process.env, UNPACK_MUTANTS: runs, UNPACK_BOMBS: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
