// `npm run bench`: speed and memory beside the tools that people would compare with, in one call. Writes
// docs/performance.md. Options: --size MB (40), --rounds N (3), --seed N, --keep FOLDER, --out FILE.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hitDense, writeCorpus } from './corpus.js';
import { present, sideBySide } from './measure.js';
import { packOf, plainRules } from './rules.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '20260207' },
    out: { type: 'string', default: join(root, 'docs', 'performance.md') },
  },
});
const size = Number(values.size) * 1e6;
const rounds = Number(values.rounds);
if (!(size >= 1e6 && rounds >= 1)) throw new Error('--size is in MB, at least 1; --rounds at least 1');
const run = join(root, 'bin', 'run.js');
const folder = mkdtempSync(join(tmpdir(), 'clearance-bench-'));
const at = (name) => join(folder, name);
const missing = [];
const sections = [];

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  say('writing the corpus');
  const bytes = writeCorpus(at('corpus'), size, Number(values.seed));
  writeFileSync(at('empty'), '');
  writeFileSync(at('dense'), hitDense(size / 5, 7));
  spawnSync('tar', ['-czf', at('all.tgz'), '-C', folder, 'corpus']);
  spawnSync('tar', ['-czf', at('part.tgz'), '-C', folder, 'corpus/syslog.0']);
  await archive(bytes);
  await engine(bytes);
  await packers(bytes);
  writeFileSync(values.out, document(bytes));
  process.stdout.write(`${values.out}\n`);
}

/** The whole product: a packed payload from the file to the verdict. */
async function archive(bytes) {
  say('audit beside unpacking');
  const commands = [
    `node ${run} audit ${at('all.tgz')} --inventory none --json`,
    `node ${run} audit ${at('part.tgz')} --inventory none --json`,
    `tar -xzOf ${at('all.tgz')}`,
    tool('gzip', `gzip -dc ${at('all.tgz')}`),
    tool('pigz', `pigz -dc ${at('all.tgz')}`),
  ];
  const [ours, part, tar, gzip, pigz] = await sideBySide(commands, rounds, { memory: true });
  const row = (name, one) =>
    one && [
      name,
      seconds(one.wall),
      seconds(one.cpu),
      rate(bytes, one.cpu),
      ratio(ours.wall, one.wall),
      ratio(ours.cpu, one.cpu),
    ];
  const growth = (ours.peak - part.peak) / 1e6;
  sections.push(
    table(
      'A packed payload, from the file to the verdict',
      ['', 'wall', 'CPU', 'MB per CPU s', 'our wall / its', 'our CPU / its'],
      [
        row('`clearance audit` (default packs)', ours),
        row('`tar -xzOf`', tar),
        row('`gzip -dc`', gzip),
        row('`pigz -dc`', pigz),
      ],
    ),
    `Peak memory of the audit, all its processes together: ${(ours.peak / 1e6).toFixed(0)} MB; ` +
      `${growth.toFixed(0)} MB more than for the first log of the corpus alone.\n`,
  );
}

/** Contents only, unpacked, one thread: ours and other engines on the same patterns. */
async function engine(bytes) {
  say('scan beside other engines');
  const rules = plainRules();
  writeFileSync(at('same.json'), JSON.stringify(packOf(rules, rules.length)));
  writeFileSync(at('patterns'), `${rules.map(({ plain }) => plain).join('\n')}\n`);
  for (const count of [110, 250]) writeFileSync(at(`${count}.json`), JSON.stringify(packOf(rules, count)));
  const scan = (what, packs) => `node ${run} scan ${at(what)} --packs ${packs} --json`;
  const packs = ['default', at('same.json'), at('110.json'), at('250.json')];
  const commands = packs.flatMap((pack) => [scan('corpus', pack), scan('empty', pack)]);
  commands.push(scan('dense', 'default'));
  const measured = await sideBySide(commands, rounds);
  // What a start costs is no part of the speed, and is told apart.
  const [all, same, few, more] = packs.map((_, index) => measured[2 * index].cpu - measured[2 * index + 1].cpu);
  const dense = measured.at(-1).cpu - measured[1].cpu;
  const ours = bytes / same;
  const peers = [await hyperscan(rules), await ripgrep(rules), regExp(rules), yara()].filter(Boolean);
  sections.push(
    table(
      `Contents only, unpacked, one thread, ${rules.length} rules that are one pattern each`,
      ['', 'MB per CPU s', 'ours / its', ''],
      [
        ['`clearance scan`', (ours / 1e6).toFixed(1), '', 'every view, every rule with its validators and context'],
        ...peers.map(({ name, speed, note }) => [name, (speed / 1e6).toFixed(2), (ours / speed).toFixed(2), note]),
      ],
    ),
    table(
      'Of the engine itself',
      ['', ''],
      [
        ['MB per CPU s, default packs', rate(bytes, all)],
        ['CPU seconds to start, default packs', measured[1].cpu.toFixed(2)],
        [
          'MB per CPU s with 110 rules, with 250',
          `${rate(bytes, few)}, ${rate(bytes, more)} (${ratio(few, more)} kept)`,
        ],
        [
          'hit-dense file: MB per CPU s (of the speed above)',
          `${rate(size / 5, dense)} (${ratio(size / 5 / dense, bytes / all)})`,
        ],
      ],
    ),
  );
}

async function hyperscan(rules) {
  const built =
    present('cc') && spawnSync('cc', ['-O2', '-o', at('hs'), join(root, 'bench', 'hyperscan.c'), '-lhs']).status === 0;
  if (!built) return gone('Hyperscan (a C compiler and libhyperscan-dev)');
  const files = readdirSync(at('corpus')).map((name) => join(at('corpus'), name));
  const speeds = Array.from({ length: rounds }, () => {
    const { stdout } = spawnSync(at('hs'), [at('patterns'), ...files], { encoding: 'utf8' });
    const [used, refused, scanned, matches, time] = stdout.split(' ').map(Number);
    return { used, refused, matches, speed: scanned / time };
  });
  const best = speeds.sort((left, right) => right.speed - left.speed)[0];
  const note = `${best.used} of ${rules.length} patterns (it refuses the others), ${best.matches} match ends; compiling not counted`;
  return { name: `Hyperscan ${version('pkg-config', ['--modversion', 'libhs'])}`, speed: best.speed, note };
}

async function ripgrep(rules) {
  if (!present('rg')) return gone('ripgrep');
  const accepted = rules.filter(
    ({ plain }) => spawnSync('rg', ['--no-unicode', '-e', plain, at('empty')]).status !== 2,
  );
  writeFileSync(at('accepted'), `${accepted.map(({ plain }) => plain).join('\n')}\n`);
  const part = sampleOf(size / 10);
  const limits = '--regex-size-limit 4G --dfa-size-limit 4G';
  const command = (file) => `rg --no-unicode -j1 -a -c ${limits} -f ${at('accepted')} ${file}`;
  const [whole, empty] = await sideBySide([command(part), command(at('empty'))], 1, { timeout: 300 });
  if (!whole || !empty) return gone('ripgrep (it did not end in five minutes)');
  const speed = size / 10 / Math.max(0.01, whole.cpu - empty.cpu);
  return {
    name: version('rg', ['--version']),
    speed,
    note: `on a tenth of the corpus, ${accepted.length} of ${rules.length} patterns (it refuses the others)`,
  };
}

/** Every pattern by V8's own engine over the text as one string. */
function regExp(rules) {
  // Some patterns take far more than linear time on it.
  const length = Math.min(size / 40, 250e3);
  const text = readFileSync(sampleOf(length), 'latin1');
  const start = process.cpuUsage();
  let matches = 0;
  for (const { plain } of rules) for (const _ of text.matchAll(new RegExp(plain, 'gm'))) matches++;
  const { user, system } = process.cpuUsage(start);
  return {
    name: `\`RegExp\` of Node ${process.versions.node}`,
    speed: length / ((user + system) / 1e6),
    note: `on ${(length / 1e3).toFixed(0)} kB of the corpus; ${matches} matches`,
  };
}

function yara() {
  if (!present('yara')) return gone('YARA');
  return gone('YARA (its language has no groups without capture and no multi-line anchors: not compared)');
}

/** Other formats, unpacked to the last byte with digests, beside the tool that only unpacks. */
async function packers(bytes) {
  say('other formats');
  const plain = at('all.tar');
  spawnSync('tar', ['-cf', plain, '-C', folder, 'corpus']);
  const formats = [
    ['tar.gz', 'gzip', `gzip -6 -c ${plain}`, 'tar -xzOf'],
    ['tar.xz', 'xz', `xz -1 -c ${plain}`, 'xz -dc'],
    ['tar.zst', 'zstd', `zstd -q -c ${plain}`, 'zstd -dc'],
    ['tar.bz2', 'bzip2', `bzip2 -c ${plain}`, 'bzip2 -dc'],
    ['zip', 'zip', `cd ${folder} && zip -q -r - corpus`, 'unzip -p'],
  ];
  const rows = [];
  for (const [format, packer, pack, unpack] of formats) {
    if (!present(packer)) {
      gone(`${packer} (to make a ${format})`);
      continue;
    }
    const file = at(`x.${format}`);
    spawnSync('bash', ['-c', `${pack} > ${file}`]);
    const [ours, its] = await sideBySide([`node ${run} inspect ${file}`, `${unpack} ${file}`], rounds);
    rows.push([
      format,
      `${rate(bytes, ours.cpu)}`,
      `\`${unpack}\` ${rate(bytes, its.cpu)}`,
      ratio(ours.wall, its.wall),
    ]);
    rmSync(file);
  }
  sections.push(
    table(
      'Unpacking alone: `clearance inspect`, start included',
      ['', 'MB per CPU s', 'the tool', 'our wall / its'],
      rows,
    ),
  );
}

function document(bytes) {
  const cpu = cpus()[0]?.model ?? 'unknown';
  const head = [
    '# Performance',
    '',
    'Written by `npm run bench`; measured, not promised. Every table was taken in one run, commands in turn, the least of',
    `${rounds} rounds. Ratios say more than seconds: other work on the machine slows all of them.`,
    '',
    `- corpus: ${(bytes / 1e6).toFixed(0)} MB from \`bench/corpus.js\`, seed ${values.seed}`,
    `- machine: ${cpus().length} x ${cpu}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${process.arch}`,
    `- Node ${process.versions.node}; ${version('tar', ['--version'])}; ${version('gzip', ['--version'])}`,
    `- not there to compare with: ${missing.length > 0 ? missing.join('; ') : 'nothing is missing'}`,
    '',
  ];
  return `${head.join('\n')}\n${sections.join('\n')}`;
}

function table(title, head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return `## ${title}\n${[head, head.map(() => '---'), ...rows.filter(Boolean)].map(line).join('\n')}\n`;
}

/** The beginning of every file of the corpus, together `length` bytes. */
function sampleOf(length) {
  const names = readdirSync(at('corpus'));
  const part = Buffer.alloc(Math.ceil(length / names.length));
  const parts = names.map((name) => {
    const file = openSync(join(at('corpus'), name), 'r');
    const read = readSync(file, part);
    closeSync(file);
    return Buffer.from(part.subarray(0, read));
  });
  mkdirSync(at('parts'), { recursive: true });
  const file = at(`parts/${length}`);
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

function tool(name, command) {
  if (present(name)) return command;
  gone(name);
  return null;
}

function gone(name) {
  missing.push(name);
  return null;
}

function version(command, args) {
  return (spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '').split('\n')[0].trim();
}

function seconds(value) {
  return `${value.toFixed(2)} s`;
}

function rate(bytes, time) {
  return (bytes / time / 1e6).toFixed(1);
}

function ratio(left, right) {
  return (left / right).toFixed(2);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
