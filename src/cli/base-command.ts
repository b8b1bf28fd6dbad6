import { Command } from '@oclif/core';
import type { ExitCode } from '../model/index.ts';

/** What every command shares: the result on stdout, everything else on stderr, the exit code from our table. */
export abstract class BaseCommand extends Command {
  /** Writes a part of the result; resolves when the stream took it, so that a slow reader slows us down. */
  protected async write(text: string | Uint8Array): Promise<void> {
    if (!process.stdout.writable) return;
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  }

  /** Sets the exit code; the process ends by itself once stdout is drained. */
  protected finish(code: ExitCode): void {
    process.exitCode = code;
  }

  /** Errors go to `main`, which knows the exit table; oclif's own handling would exit 1 for any of them. */
  protected override catch(error: Error): Promise<never> {
    return Promise.reject(error);
  }
}
