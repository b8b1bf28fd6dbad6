import { readFileSync } from 'node:fs';

export interface FlagWords {
  readonly name: string;
  readonly char?: string;
  readonly type: 'boolean' | 'option';
  readonly helpValue?: string;
  readonly summary: string;
  readonly options?: readonly string[];
  readonly group?: string;
  readonly allowNo?: boolean;
  readonly multiple?: boolean;
}

export interface CommandWords {
  readonly summary: string;
  readonly description?: string;
  readonly usage: string;
  readonly args: readonly { readonly name: string; readonly summary: string; readonly options?: readonly string[] }[];
  readonly flags: readonly FlagWords[];
  readonly examples: readonly string[];
  readonly help: string;
}

/** All that clearance says of itself, written by the build from the commands' own words: help, man page, completion. */
export interface Program {
  readonly version: string;
  readonly summary: string;
  readonly help: string;
  /** By name, and by the words of the command line with one space between them. */
  readonly topics: Readonly<Record<string, { readonly summary: string; readonly help: string }>>;
  readonly commands: Readonly<Record<string, CommandWords>>;
}

const FILE = new URL('../../dist/program.json', import.meta.url);

export function readProgram(): Program {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Program;
}

/** What `clearance --version` and the first lines of `--help` say. */
export function versionLine(version: string): string {
  return `clearance/${version} ${process.platform}-${process.arch} node-${process.version}`;
}

/** The command that a command line begins with (`tls scan`, or `tls:scan`), and what follows it. */
export function findCommand(
  { commands }: Program,
  argv: readonly string[],
): { name: string; rest: string[] } | undefined {
  const [first = '', second = ''] = argv;
  const name = [`${first} ${second}`, first.replace(':', ' ')].find((words) => Object.hasOwn(commands, words));
  return name === undefined ? undefined : { name, rest: argv.slice(name === `${first} ${second}` ? 2 : 1) };
}
