/** Where in an operator's file an error lies. Line and column start at 1; `pointer` is a JSON Pointer (RFC 6901). */
export interface FilePosition {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly pointer?: string;
}

/**
 * Bad input from the operator: ends the command with exit code 2. `hints` name the next step to take.
 * Hostile payloads never raise one: they become gaps.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
  readonly hints: readonly string[];

  constructor(message: string, hints: readonly string[] = [], options?: ErrorOptions) {
    super(message, options);
    this.hints = hints;
  }
}

/** A flag, argument or path that cannot be used. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
}

/** A catalog, configuration, key or ledger file that cannot be used; every problem found is listed with its place. */
export class DataError extends OperatorError {
  override readonly name = 'DataError';
  readonly problems: readonly (FilePosition & { readonly message: string })[];

  constructor(
    message: string,
    problems: readonly (FilePosition & { readonly message: string })[],
    hints: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, hints, options);
    this.problems = problems;
  }
}
