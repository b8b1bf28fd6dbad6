// Writes dist/clearance.1, the manual page, from dist/program.json: the words that help prints. Macros: man(7).
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VARIABLES } from '../dist/cli/environment.js';
import { EXIT_MEANING } from '../dist/model/index.js';

/** No clock in a build: the day on which the page's form last changed. */
const EDITION = '2026-11-23';

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
const { version, summary, topics, commands } = JSON.parse(readFileSync(join(dist, 'program.json'), 'utf8'));

/** Text that no macro and no escape is read in; the hyphen-minus of options stays one. */
const text = (words) =>
  words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll('`', '\\(ga')
    .replace(/[^\x20-\x7e\n]/gu, (sign) => `\\[u${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/^(?=[.'])/gm, '\\&');

/** A sentence begins a line, and no line is longer than 80 bytes. */
function sentences(words) {
  const lines = [];
  for (const sentence of words.split(/(?<=[.!?]) (?=[A-Z])/)) {
    let line = '';
    for (const word of sentence.split(' ')) {
      if (text(`${line} ${word}`).length > 78) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map(text).join('\n');
}

function flagLines({ name, char, type, helpValue, summary: said, options }) {
  const value = type === 'option' ? ` ${options ? options.join('|') : (helpValue ?? 'VALUE')}` : '';
  const names = text(`${char ? `-${char}, ` : ''}--${name}`);
  return ['.TP', `\\fB${names}\\fR${value && `\\fI${text(value)}\\fR`}`, sentences(said || name)];
}

function commandLines([name, { summary: said, description, usage, args, flags, examples }]) {
  return [
    `.SS "clearance ${text(usage)}"`,
    sentences(said || name),
    ...(description ? ['.PP', sentences(description)] : []),
    ...args.flatMap(({ name: arg, summary: words }) => [
      '.TP',
      `\\fI${text(arg.toUpperCase())}\\fR`,
      text(words || arg),
    ]),
    ...flags.flatMap(flagLines),
    ...(examples.length > 0 ? ['.PP', 'Examples:', '.PP', '.RS', '.nf', ...examples.map(text), '.fi', '.RE'] : []),
  ];
}

const page = [
  `.TH CLEARANCE 1 ${EDITION} "clearance ${version}" "User Commands"`,
  '.SH NAME',
  sentences(`clearance - ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`),
  '.SH SYNOPSIS',
  '.B clearance',
  '.I command',
  '.RI [ option \\&.\\|.\\|.]',
  '.SH DESCRIPTION',
  'The result goes to standard output, everything else to standard error.',
  'Any exit status but 0 means: do not send.',
  ...Object.entries(topics).flatMap(([name, { summary: said }]) => ['.TP', `\\fB${name}\\fR`, sentences(said)]),
  '.SH COMMANDS',
  ...Object.entries(commands).flatMap(commandLines),
  '.SH EXIT STATUS',
  ...Object.entries(EXIT_MEANING).flatMap(([code, meaning]) => ['.TP', `\\fB${code}\\fR`, text(meaning)]),
  '.SH ENVIRONMENT',
  'Each variable stands for the option of its name where that is not given.',
  'Any other variable whose name begins with CLEARANCE_ is an error.',
  ...Object.keys(VARIABLES).flatMap((name) => ['.TP', `\\fBCLEARANCE_${name}\\fR`, text(VARIABLES[name])]),
  '.SH FILES',
  '.TP',
  '\\fIclearance.yaml\\fR',
  'Options: in the working directory, or named by \\fB\\-\\-config\\fR.',
  'One that lies inside a path being audited is never read.',
];
writeFileSync(join(dist, 'clearance.1'), `${page.join('\n')}\n`);
