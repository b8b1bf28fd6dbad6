import { DataError, type OperatorError } from '../model/index.ts';

/**
 * How clearance speaks on stderr: lower case, no full stop; `error:` says what is wrong and where, `hint:` the next step.
 * Matched content never appears here.
 */
export function errorLines(error: OperatorError): string[] {
  const lines = [`clearance: error: ${error.message}`];
  if (error instanceof DataError) {
    for (const problem of error.problems) {
      const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
      const pointer = problem.pointer ? ` (${problem.pointer})` : '';
      lines.push(`clearance: error: ${place}${pointer}: ${problem.message}`);
    }
  }
  for (const hint of error.hints) lines.push(`clearance: hint: ${hint}`);
  return lines;
}
