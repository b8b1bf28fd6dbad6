import { run } from '@oclif/core';
import { packageRoot } from '../catalog/index.ts';
import { EXIT, OperatorError, UsageError } from '../model/index.ts';
import { errorLines } from './voice.ts';

/**
 * Runs one command line. oclif exits 1 for any thrown Error, which is our "held"; so every error is caught here and the
 * exit table of `src/model/exit.ts` decides.
 */
export async function main(argv: string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  try {
    await run(argv, { root: packageRoot });
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** A reader that went away (`| head`) does not change the verdict, so neither the exit code. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function explain(error: unknown): number {
  if (isOclifExit(error)) return error.oclif.exit === 0 ? EXIT.cleared : EXIT.usage;
  const operator = error instanceof OperatorError ? error : asUsageError(error);
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

function isOclifExit(error: unknown): error is { oclif: { exit: number } } {
  return (error as { code?: string } | null)?.code === 'EEXIT';
}

/** oclif's own complaints about flags, arguments and unknown commands carry `oclif.exit`. */
function asUsageError(error: unknown): UsageError | undefined {
  if (!(error instanceof Error) || typeof (error as { oclif?: unknown }).oclif !== 'object') return undefined;
  const [message = 'unusable command line', ...rest] = error.message.split('\n').map((line) => line.trim());
  const hints = rest.filter((line) => line !== '' && !/^See more help/.test(line));
  return new UsageError(message, [...hints, 'see clearance --help']);
}
