// Writes docs/reference/ from what the code itself says: commands, rules, schemas, exit codes, gap codes.
// `--check` compares instead and fails on a page that is not fresh.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VARIABLES } from '../dist/cli/environment.js';
import { EXIT_MEANING } from '../dist/model/index.js';
import { loadRulePacks } from '../dist/rules/index.js';
import { GAP_CODES } from '../dist/unpack/index.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'docs', 'reference');
const { commands } = JSON.parse(readFileSync(join(root, 'dist', 'program.json'), 'utf8'));
const check = process.argv.includes('--check');

const cell = (text) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

function commandsPage() {
  const parts = ['# Commands', 'Run from a checkout as `node bin/run.js ...` after `npm ci && npm run build`.'];
  for (const [name, { summary, description, flags, examples }] of Object.entries(commands)) {
    parts.push(`## ${name}`, summary);
    if (description) parts.push(description);
    if (flags.length > 0) {
      const rows = flags.map(({ name, char, type, helpValue, summary, options }) => [
        `\`${char ? `-${char}, ` : ''}--${name}${type === 'option' ? ` ${helpValue ?? 'VALUE'}` : ''}\``,
        `${summary}${options ? ` One of: ${options.join(', ')}.` : ''}`,
      ]);
      parts.push(table(['flag', 'what it does'], rows));
    }
    if (examples.length > 0) parts.push(`\`\`\`sh\n${examples.join('\n')}\n\`\`\``);
  }
  return parts;
}

function rulesPage() {
  const { rules } = loadRulePacks(['default']);
  const parts = [
    '# Rules',
    `The ${rules.length} built-in rules, by pack. \`clearance rules show ID\` tells more of each.`,
  ];
  const packs = new Map();
  for (const { id, definition } of rules) {
    const pack = id.split('/')[0];
    packs.set(pack, [
      ...(packs.get(pack) ?? []),
      [`\`${id}\``, definition.title, definition.class, definition.tier, definition.severity],
    ]);
  }
  for (const [pack, rows] of packs)
    parts.push(`## ${pack}`, table(['rule', 'finds', 'class', 'tier', 'severity'], rows));
  return parts;
}

function schemasPage() {
  const files = readdirSync(join(root, 'schemas')).sort();
  const rows = files.map((file) => {
    const schema = JSON.parse(readFileSync(join(root, 'schemas', file), 'utf8'));
    return [`[${file}](../../schemas/${file})`, schema.title, (schema.required ?? []).join(', ')];
  });
  return [
    '# Schemas',
    'One JSON Schema (2020-12) for each kind of file that crosses the border, in or out.',
    table(['schema', 'describes', 'required'], rows),
  ];
}

function codesPage() {
  const exits = Object.entries(EXIT_MEANING).map(([code, meaning]) => [code, meaning]);
  const gaps = Object.entries(GAP_CODES).map(([code, { meaning, next }]) => [`\`${code}\``, meaning, next]);
  return [
    '# Codes',
    '## Exit codes',
    'The same with `--json`, a closed stdout or any output option. Non-zero means: do not send.',
    table(['code', 'meaning'], exits),
    '## Gap codes',
    'A gap says what could not be read or must not be trusted. A payload with a gap is never cleared.',
    table(['code', 'meaning', 'what you can do'], gaps),
  ];
}

function environmentPage() {
  const rows = Object.entries(VARIABLES).map(([name, where]) => [
    `\`CLEARANCE_${name}\``,
    `\`--${name.toLowerCase().replaceAll('_', '-')}\``,
    where,
  ]);
  return [
    '# Environment',
    'A variable stands for the option of its name where that is not given; the option outranks it, and it outranks `clearance.yaml`.',
    'Lists are separated by commas; switches are `true` or `false`; an empty variable says nothing. A variable whose name begins with `CLEARANCE_` and looks misspelt is an error (exit code 2); one like none of these is told and not read.',
    table(['variable', 'stands for', 'read by'], rows),
  ];
}

const pages = {
  environment: environmentPage(),
  commands: commandsPage(),
  rules: rulesPage(),
  schemas: schemasPage(),
  codes: codesPage(),
};
mkdirSync(folder, { recursive: true });
for (const [name, parts] of Object.entries(pages)) {
  const file = join(folder, `${name}.md`);
  const text = `${parts.join('\n\n')}\n`;
  if (!check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`docs/reference/${name}.md is not fresh: run npm run docs\n`);
    process.exitCode = 1;
  }
}
