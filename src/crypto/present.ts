import type { ExitCode } from '../model/index.ts';
import type { CryptoVerdict } from './judge.ts';
import type { CryptoObservation } from './observation.ts';
import { exitOf } from './outcome.ts';
import type { CryptoPolicy } from './policy.ts';

/**
 * Observations and verdicts in the form asked for, in parts, with the exit code they mean. JSON has one observation or
 * verdict a line: a scan of many endpoints is larger as text than in memory.
 */
export async function presentVerdicts(
  result: { readonly observations: readonly CryptoObservation[]; readonly verdicts: readonly CryptoVerdict[] },
  policy: CryptoPolicy,
  asOf: string,
  { json, cbom: bill }: { readonly json?: boolean; readonly cbom?: boolean },
): Promise<{ parts: Iterable<string>; exit: ExitCode }> {
  const exit = exitOf(result.verdicts);
  if (json) return { parts: jsonParts(result.observations, result.verdicts), exit };
  if (bill) {
    const { cbom } = await import('./cbom.ts');
    return { parts: [`${JSON.stringify(cbom(result.observations, result.verdicts, policy), null, 2)}\n`], exit };
  }
  const { verdictTable } = await import('./table.ts');
  const head = `policy ${policy.id}, as of ${asOf}\n`;
  if (result.verdicts.length === 0) return { parts: [head, 'no evidence of cryptography was found\n'], exit };
  return { parts: [head, verdictTable(result.verdicts, result.observations)], exit };
}

function* jsonParts(observations: readonly object[], verdicts: readonly object[]): Generator<string> {
  yield '{\n"observations": [';
  yield* jsonLines(observations);
  yield '],\n"verdicts": [';
  yield* jsonLines(verdicts);
  yield ']\n}\n';
}

const BATCH = 64 * 1024;

function* jsonLines(list: readonly object[]): Generator<string> {
  let batch = list.length > 0 ? '\n' : '';
  for (const [at, one] of list.entries()) {
    batch += `${JSON.stringify(one)}${at + 1 < list.length ? ',' : ''}\n`;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  yield batch;
}

/** A policy as a list of clauses for people. */
export function policyText({ id, title, document, edition, text, clauses }: CryptoPolicy): string {
  const lines = [
    `${id}: ${title}`,
    `${document} ${edition}${text === 'draft' ? ', draft: never the only ground of a fail' : ''}`,
    '',
  ];
  for (const clause of clauses) {
    lines.push(
      `${clause.id}  s.${clause.section}  ${clause.caption}${clause.verified ? '' : '  [not verified against the primary text]'}`,
    );
    for (const { from, to, word } of clause.status)
      lines.push(`    ${word}${from ? ` from ${from}` : ''}${to ? ` to ${to}` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
