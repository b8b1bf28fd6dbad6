// The long run of the mutants of every format, outside of CI: `npm run fuzz -- 10000`.
// FC_SEED draws other cases; `npm test` runs 150 of each.
import { spawnSync } from 'node:child_process';

const [runs = '10000', ...rest] = process.argv.slice(2);
const { status } = spawnSync('npx', ['vitest', 'run', 'test/unpack/mutants.test.ts', '--testTimeout=0', ...rest], {
  env: { ...process.env, UNPACK_MUTANTS: runs },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
