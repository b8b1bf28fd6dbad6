// Measures detection on labelled cases written from public format specifications, and on clean text of this machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CARRIERS } from './carriers.ts';
import { type Case, makeCases } from './cases.ts';
import { CORPORA, corpus } from './clean-text.ts';
import { machineText } from './machine-text.ts';
import { shown } from './rates.ts';
import { type Seen, scanAll } from './scanner.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '4' },
    misses: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const hit = ({ family }: Case, seen: readonly Seen[]): boolean =>
  seen.some((finding) =>
    family === '' ? /^(?:net|pii\.email)/.test(finding.class) : finding.class.startsWith(family),
  );
const sure = (seen: readonly Seen[]): Seen[] => seen.filter(({ confidence }) => confidence !== 'low');

const cases = makeCases(Number(options.seed), Number(options.rounds));
const groups = [...new Set(cases.map(({ group }) => group))];
const lines: string[] = [];

const plain = await scanAll(cases.map(({ text }) => CARRIERS['plain']!(text)));
lines.push('| class | recall | recall, medium or high | false positives |', '|---|---|---|---|');
for (const group of groups) {
  const of = (positive: boolean) =>
    cases.flatMap((item, at) => (item.group === group && item.positive === positive ? [at] : []));
  const hits = (list: readonly number[], filter: (seen: Seen[]) => Seen[]) =>
    list.filter((at) => hit(cases[at]!, filter(plain[at]!))).length;
  const [positives, negatives] = [of(true), of(false)];
  lines.push(
    `| ${group} | ${shown(
      hits(positives, (seen) => seen),
      positives.length,
    )} | ` + `${shown(hits(positives, sure), positives.length)} | ${shown(hits(negatives, sure), negatives.length)} |`,
  );
}
if (options.misses) {
  for (const [at, item] of cases.entries()) {
    if (hit(item, plain[at]!) !== item.positive)
      console.error(item.positive ? 'missed:' : 'fired: ', JSON.stringify(item.text));
  }
}

lines.push('', '| carrier | found of what is found bare |', '|---|---|');
const bare = cases.filter(
  (item, at) => item.positive && /^[\x09\x0a\x20-\x7e]*$/.test(item.text) && hit(item, plain[at]!),
);
for (const [carrier, wrap] of Object.entries(CARRIERS)) {
  if (carrier === 'plain') continue;
  const answers = await scanAll(bare.map(({ text }) => wrap(text)));
  const found = bare.filter((item, at) => hit(item, answers[at]!));
  lines.push(`| ${carrier} | ${shown(found.length, bare.length)} |`);
  if (options.misses) {
    for (const [at, item] of bare.entries()) {
      if (!hit(item, answers[at]!)) console.error(`missed in ${carrier}:`, JSON.stringify(item.text));
    }
  }
}

lines.push('', '| clean text | MiB | secret findings a MiB | personal findings a MiB |', '|---|---|---|---|');
const generated = Array.from({ length: 16 }, (_, at) => machineText(Number(options.seed) * 1000 + at, 2 ** 19));
const found = CORPORA.map(([name, folder, extensions]) => [name, corpus(folder, extensions, 6 * 2 ** 20)] as const);
for (const [name, texts] of [...found, ['numbers as machines log them, generated', generated] as const]) {
  if (texts.length === 0) {
    lines.push(`| ${name} | not on this machine | - | - |`);
    continue;
  }
  const mib = texts.reduce((sum, text) => sum + text.length, 0) / 2 ** 20;
  const seen = (await scanAll(texts)).flatMap(sure).filter(({ state }) => state !== 'test-value');
  const rate = (test: (finding: Seen) => boolean) =>
    (seen.filter(test).reduce((sum, { count = 1 }) => sum + count, 0) / mib).toFixed(2);
  const secrets = rate((finding) => finding.class.startsWith('secret'));
  // Authors' addresses in documentation are real: they are what the rule is for.
  const personal = rate((finding) => finding.class.startsWith('pii') && finding.class !== 'pii.email');
  lines.push(`| ${name} | ${mib.toFixed(1)} | ${secrets} | ${personal} |`);
}

console.log(lines.join('\n'));
if (options.write) {
  const page = fileURLToPath(new URL('../../../docs/detection.md', import.meta.url));
  const text = readFileSync(page, 'utf8');
  const table = `<!-- evaluate: begin -->\n${lines.join('\n')}\n<!-- evaluate: end -->`;
  writeFileSync(
    page,
    text.replace(/<!-- evaluate: begin -->[\s\S]*<!-- evaluate: end -->/, () => table),
  );
}
