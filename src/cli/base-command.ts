import { type Interfaces, Parser } from '@oclif/core';
import type { ExitCode } from '../model/index.ts';

/**
 * What every command shares: its words, the result on stdout, everything else on stderr, the exit code from our table.
 * oclif parses flags and, when the package is built, writes the help; its own command class would load ten times as
 * much at every start, and exit by a table of its own.
 */
export abstract class BaseCommand {
  static summary?: string;
  static description?: string;
  static usage?: string | string[];
  static examples?: string[];
  static strict = true;
  static enableJsonFlag = false;
  static args: Interfaces.ArgInput = {};
  static flags: Interfaces.FlagInput = {};

  readonly argv: string[];
  readonly config: { readonly version: string };

  constructor(argv: string[], config: { readonly version: string }) {
    this.argv = argv;
    this.config = config;
  }

  /** Runs one command line. @throws OperatorError, or what oclif throws for flags and arguments */
  static async run(
    this: new (
      argv: string[],
      config: { readonly version: string },
    ) => BaseCommand,
    argv: string[],
    config: { readonly version: string },
  ): Promise<void> {
    await new this(argv, config).run();
  }

  abstract run(): Promise<void>;

  protected parse<
    F extends Interfaces.OutputFlags<F>,
    B extends Interfaces.OutputFlags<B>,
    A extends Interfaces.OutputArgs<A>,
  >(command: Interfaces.Input<F, B, A>): Promise<Interfaces.ParserOutput<F, B, A>> {
    return Parser.parse(this.argv, { ...command, context: this as never });
  }

  /** Writes a part of the result; resolves when the stream took it, so that a slow reader slows us down. */
  protected async write(text: string | Uint8Array): Promise<void> {
    if (!process.stdout.writable) return;
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  }

  /** Sets the exit code; the process ends by itself once stdout is drained. */
  protected finish(code: ExitCode): void {
    process.exitCode = code;
  }
}
