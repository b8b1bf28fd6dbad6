import type { ExitCode } from '../model/index.ts';
import type { CryptoVerdict } from './judge.ts';
import type { CryptoObservation } from './observation.ts';
import { exitOf } from './outcome.ts';
import type { CryptoPolicy } from './policy.ts';

/** Observations and verdicts in the form asked for, with the exit code they mean. */
export async function presentVerdicts(
  result: { readonly observations: readonly CryptoObservation[]; readonly verdicts: readonly CryptoVerdict[] },
  policy: CryptoPolicy,
  asOf: string,
  form: 'json' | 'cbom' | 'table',
): Promise<{ text: string; exit: ExitCode }> {
  const exit = exitOf(result.verdicts);
  if (form === 'json') return { text: `${JSON.stringify(result, null, 2)}\n`, exit };
  if (form === 'cbom') {
    const { cbom } = await import('./cbom.ts');
    return { text: `${JSON.stringify(cbom(result.observations, result.verdicts, policy), null, 2)}\n`, exit };
  }
  const { verdictTable } = await import('./table.ts');
  const head = `policy ${policy.id}, as of ${asOf}\n`;
  if (result.verdicts.length === 0) return { text: `${head}no evidence of cryptography was found\n`, exit };
  return { text: head + verdictTable(result.verdicts, result.observations), exit };
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
