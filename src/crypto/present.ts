import type { ExitCode } from '../model/index.ts';
import { judge, judgeEach } from './judge.ts';
import type { CryptoObservation } from './observation.ts';
import { exitOf } from './outcome.ts';
import type { CryptoPolicy } from './policy.ts';

/**
 * Observations and their verdicts in the form asked for, in parts, with the exit code they mean. JSON has one observation
 * or verdict a line and makes the verdicts as they are written: a scan of many endpoints is larger as text than in memory.
 */
export async function presentVerdicts(
  observations: readonly CryptoObservation[],
  policy: CryptoPolicy,
  asOf: string,
  { json, cbom: bill }: { readonly json?: boolean; readonly cbom?: boolean },
): Promise<{ parts: Iterable<string>; exit: ExitCode }> {
  if (json) {
    const exit = exitOf(judgeEach(observations, policy, asOf));
    return { parts: jsonParts(observations, judgeEach(observations, policy, asOf)), exit };
  }
  const verdicts = judge(observations, policy, asOf);
  const exit = exitOf(verdicts);
  if (bill) {
    const { cbom } = await import('./cbom.ts');
    return { parts: [`${JSON.stringify(cbom(observations, verdicts, policy), null, 2)}\n`], exit };
  }
  const { verdictTable } = await import('./table.ts');
  const head = `policy ${policy.id}, as of ${asOf}\n`;
  if (verdicts.length === 0) return { parts: [head, 'no evidence of cryptography was found\n'], exit };
  return { parts: [head, verdictTable(verdicts, observations)], exit };
}

function* jsonParts(observations: Iterable<object>, verdicts: Iterable<object>): Generator<string> {
  yield '{\n"observations": [';
  yield* jsonLines(observations);
  yield '],\n"verdicts": [';
  yield* jsonLines(verdicts);
  yield ']\n}\n';
}

const BATCH = 64 * 1024;

function* jsonLines(list: Iterable<object>): Generator<string> {
  let batch = '';
  let separator = '\n';
  for (const one of list) {
    batch += separator + JSON.stringify(one);
    separator = ',\n';
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  yield separator === '\n' ? batch : `${batch}\n`;
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
    for (const { from, to, word, verified } of clause.status) {
      const unread = clause.verified && verified === false ? '  [not verified]' : '';
      lines.push(`    ${word}${from ? ` from ${from}` : ''}${to ? ` to ${to}` : ''}${unread}`);
    }
    if (clause.verifiedBy !== undefined) lines.push(`    read in: ${clause.verifiedBy}`);
  }
  return `${lines.join('\n')}\n`;
}
