import { EXIT, type ExitCode } from '../model/index.ts';
import type { CryptoVerdict } from './judge.ts';

const VIOLATIONS = new Set(['disallowed', 'not-approved', 'no-protection']);

/** A verdict that holds a payload back. What rests on a draft alone never does. */
export function isViolation({ word, draft }: CryptoVerdict): boolean {
  return VIOLATIONS.has(word) && draft !== true;
}

/** Exit code of a set of verdicts: violations outrank what is not known, and no verdict at all is not known. */
export function exitOf(verdicts: readonly CryptoVerdict[]): ExitCode {
  if (verdicts.some(isViolation)) return EXIT.held;
  return verdicts.length === 0 || verdicts.some(({ word }) => word === 'unknown') ? EXIT.incomplete : EXIT.cleared;
}
