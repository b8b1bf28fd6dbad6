import { EXIT, OperatorError, UsageError } from '../model/index.ts';
import { checkEnvironment } from './environment.ts';
import { findCommand, type Program, readProgram, versionLine } from './program.ts';
import { errorLines } from './voice.ts';

/** Runs one command line; every error is caught here, and the exit table of `src/model/exit.ts` decides. */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', outputFailed);
  process.stderr.on('error', outputFailed);
  try {
    await start(argv);
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Nothing is loaded but what the command needs; for words about clearance itself, not even that. */
async function start(argv: string[]): Promise<void> {
  const program = readProgram();
  const asksForHelp = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--help');
  if (argv[0] === '--version') process.stdout.write(`${versionLine(program.version)}\n`);
  else if (argv[0] === 'help') process.stdout.write(helpOf(program, argv.slice(1)));
  else if (asksForHelp || argv.length === 0 || argv[0] === '-h') process.stdout.write(helpOf(program, argv));
  else {
    const found = findCommand(program, argv);
    // A topic alone is answered as if help had been asked for.
    if (!found) return void process.stdout.write(helpOf(program, argv));
    for (const line of checkEnvironment(process.env)) process.stderr.write(`clearance: warning: ${line}\n`);
    const file = `../commands/${found.name.replace(' ', '/')}.js`;
    const { default: command } = await import(file);
    await command.run(found.rest, { version: program.version });
  }
}

/** @throws UsageError for what is neither a command nor a topic */
function helpOf(program: Program, argv: readonly string[]): string {
  const words = argv.filter((word) => !word.startsWith('-'));
  const name = findCommand(program, words)?.name;
  const [topic] = words;
  if (name !== undefined) return program.commands[name]!.help;
  if (topic === undefined && argv.every((word) => ['--help', '-h'].includes(word)))
    return program.help.replace('{version}', versionLine(program.version));
  if (topic !== undefined && words.length === 1 && Object.hasOwn(program.topics, topic))
    return program.topics[topic]!.help;
  throw new UsageError(`command ${words.slice(0, 2).join(' ') || argv[0]} not found`, ['see clearance --help']);
}

/** A reader that went away (`| head`) does not change the verdict, so neither the exit code; a full disk ends the run. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.exit(
    explain(new UsageError(`the output cannot be written (${error.code})`, ['make room, or write elsewhere'])),
  );
}

function explain(error: unknown): number {
  const operator = error instanceof OperatorError ? error : (asUsageError(error) ?? asMachineTrouble(error));
  if (operator) {
    process.stderr.write(`${errorLines(operator).join('\n')}\n`);
    return EXIT.usage;
  }
  const bug = error instanceof Error ? error : new Error('a value that is no Error was thrown');
  // Only the place is shown: a message may quote what was being read.
  const frames = (bug.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  process.stderr.write(
    `clearance: error: internal error (${bug.name})\n${frames.slice(0, 8).join('\n')}\n` +
      'clearance: hint: this is a bug in clearance; report the lines above\n',
  );
  return EXIT.internal;
}

/** oclif's own complaints about flags and arguments carry `oclif.exit`. */
function asUsageError(error: unknown): UsageError | undefined {
  if (!(error instanceof Error) || typeof (error as { oclif?: unknown }).oclif !== 'object') return undefined;
  const [message = 'unusable command line', ...rest] = error.message.split('\n').map((line) => line.trim());
  const hints = rest.filter((line) => line !== '' && !/^See more help/.test(line));
  return new UsageError(message, [...hints, 'see clearance --help']);
}

const TROUBLES: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', 'make room, then run it again'],
  EDQUOT: ['the disk quota is used up', 'make room or raise it, then run it again'],
  EFBIG: ['a file would become larger than allowed', 'raise the limit (ulimit -f), then run it again'],
  EROFS: ['the file system is read-only', 'name a folder that is writable'],
  EACCES: ['permission denied', 'check the permissions of the files and folders named'],
  EPERM: ['not permitted', 'check the permissions of the files and folders named'],
  ENAMETOOLONG: ['a path is too long', 'name a shorter one'],
  EMFILE: ['too many open files', 'raise the limit (ulimit -n), then run it again'],
  ENFILE: ['too many open files on this machine', 'run it again later'],
  ESTALE: ['the network file system lost a file', 'mount it again'],
  EIO: ['the disk gave an error', 'check the disk'],
};

/** What the file system refused, wherever it happened, is the operator's to mend and no bug. No path is repeated. */
function asMachineTrouble(error: unknown): UsageError | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const trouble = syscall !== undefined && code !== undefined ? TROUBLES[code] : undefined;
  return trouble && new UsageError(`${trouble[0]} (${code}, ${syscall})`, [trouble[1]]);
}
