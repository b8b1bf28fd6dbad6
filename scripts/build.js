// Builds dist/ from src/ and out/scripts/ from scripts/. `npm ci && npm run build` alone makes every command work.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const compile = (project) => spawnSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' }).status;

const SHELVES = {
  'rule-packs': 'rule-pack',
  inventories: 'inventory',
  policies: 'policy',
  approvals: 'approval-policy',
  endpoints: 'endpoints',
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
const failed = compile('tsconfig.build.json');
for (const file of readdirSync(join(root, 'src'), { recursive: true })) {
  if (file.endsWith('.wasm')) cpSync(join(root, 'src', file), join(root, 'dist', file));
}
const sources = readdirSync(join(root, 'scripts'), { recursive: true }).some((file) => file.endsWith('.ts'));
// The YAML of the catalog is read and validated once, here, and what patterns demand is derived.
if (!failed) {
  const load = (file) => import(pathToFileURL(join(root, 'dist', file)).href);
  const [{ readCatalogFile }, { keepPrepared }] = await Promise.all([
    load('catalog/index.js'),
    load('catalog/prepared.js'),
  ]);
  for (const [shelf, schema] of Object.entries(SHELVES)) {
    for (const name of readdirSync(join(root, 'catalog', shelf)).filter((file) => file.endsWith('.yaml'))) {
      const path = join(root, 'catalog', shelf, name);
      keepPrepared(readFileSync(path), schema, readCatalogFile(path, schema).value);
    }
  }
  const [{ loadRulePacks, readPack }, { keepAnchors }] = await Promise.all([
    load('rules/index.js'),
    load('rules/kept-anchors.js'),
  ]);
  for (const name of readdirSync(join(root, 'catalog', 'rule-packs')).filter((file) => file.endsWith('.yaml'))) {
    const { document, rules } = readPack(join(root, 'catalog', 'rule-packs', name));
    keepAnchors(document.sha256, rules);
  }
  const [{ generalRules }, { keepTables }] = await Promise.all([load('scan/engine.js'), load('scan/kept-tables.js')]);
  const standard = loadRulePacks(['default']);
  keepTables(standard, generalRules(standard));
}
const run = (script) => spawnSync(process.execPath, [join(root, 'scripts', script)], { stdio: 'inherit' }).status;
process.exitCode =
  failed || run('start-up.js') || run('man.js') || run('sbom.js') || (sources && compile('tsconfig.scripts.json')) || 0;
