// Builds dist/ from src/ and out/scripts/ from scripts/. `npm ci && npm run build` alone makes every command work.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const compile = (project) => spawnSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' }).status;

rmSync(join(root, 'dist'), { recursive: true, force: true });
const failed = compile('tsconfig.build.json');
for (const file of readdirSync(join(root, 'src'), { recursive: true })) {
  if (file.endsWith('.wasm')) cpSync(join(root, 'src', file), join(root, 'dist', file));
}
const sources = readdirSync(join(root, 'scripts'), { recursive: true }).some((file) => file.endsWith('.ts'));
// The larger YAML of the catalog is read and validated once, here.
if (!failed) {
  const load = (file) => import(pathToFileURL(join(root, 'dist', 'catalog', file)).href);
  const [{ readCatalogFile }, { keepPrepared }] = await Promise.all([load('index.js'), load('prepared.js')]);
  for (const [shelf, schema] of Object.entries({ 'rule-packs': 'rule-pack', inventories: 'inventory' })) {
    for (const name of readdirSync(join(root, 'catalog', shelf)).filter((file) => file.endsWith('.yaml'))) {
      const path = join(root, 'catalog', shelf, name);
      keepPrepared(readFileSync(path), schema, readCatalogFile(path, schema).value);
    }
  }
}
process.exitCode = failed || (sources && compile('tsconfig.scripts.json')) || 0;
