import { EXIT, type ExitCode } from '../model/index.ts';
import type { CryptoVerdict } from './judge.ts';

const VIOLATIONS = new Set(['disallowed', 'not-approved', 'no-protection']);

/** A verdict that holds a payload back. What rests on a draft alone never does. */
export function isViolation({ word, draft }: CryptoVerdict): boolean {
  return VIOLATIONS.has(word) && draft !== true;
}

/** Exit code of a set of verdicts: violations outrank what is not known, and no verdict at all is not known. */
export function exitOf(verdicts: Iterable<CryptoVerdict>): ExitCode {
  let known: boolean | undefined;
  for (const verdict of verdicts) {
    if (isViolation(verdict)) return EXIT.held;
    known = (known ?? true) && verdict.word !== 'unknown';
  }
  return known === true ? EXIT.cleared : EXIT.incomplete;
}
