import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';

/** Who may import whom (docs: DESIGN table). A room sees only what is beside it, always through `index.ts`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  source: ['model'],
  unpack: ['model'],
  catalog: ['model'],
  inventory: ['model', 'catalog'],
  rules: ['model', 'catalog'],
  scan: ['model', 'rules'],
  crypto: ['model', 'catalog'],
  endpoints: ['model', 'catalog'],
  policy: ['model', 'catalog'],
  examine: ['model', 'evidence', 'inventory', 'policy', 'unpack'],
  evidence: ['model'],
  report: ['model', 'catalog'],
  staging: ['model', 'evidence', 'audit.ts'],
  fleet: ['model', 'evidence', 'audit.ts'],
  console: ['model', 'evidence', 'report'],
};
const UNRESTRICTED = ['audit.ts', 'index.ts', 'commands', 'cli'];

const root = join(import.meta.dirname, '..', 'src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && statSync(join(root, file)).isFile());

interface Edge {
  from: string;
  to: string;
  target: string;
}
const edges: Edge[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => {
    const target = posix.join(dirname(file), match[1]!);
    return { from: file, to: target.split('/')[0]!, target };
  });
});

test('the check sees imports', () => {
  expect(edges.length).toBeGreaterThan(20);
});

test('every room is in the table', () => {
  const rooms = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]!));
  expect([...rooms].filter((room) => !(room in MAY_IMPORT) && !UNRESTRICTED.includes(room))).toEqual([]);
});

test('a room imports only what the table allows, and only through the door', () => {
  const wrong = edges.filter(({ from, to, target }) => {
    const room = from.split('/')[0]!;
    if (room === to) return false;
    if (to === 'commands') return true;
    if (target.includes('/') && target !== `${to}/index.ts`) return true;
    if (UNRESTRICTED.includes(room)) return to === 'cli' && room !== 'commands';
    return !(MAY_IMPORT[room] ?? []).includes(to);
  });
  expect(wrong.map(({ from, target }) => `${from} -> ${target}`)).toEqual([]);
});
