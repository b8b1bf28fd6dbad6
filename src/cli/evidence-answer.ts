import { createInterface } from 'node:readline/promises';
import type { ResultFile } from '../evidence/index.ts';
import { EXIT, printable, UsageError } from '../model/index.ts';
import { BaseCommand } from './base-command.ts';
import { summarise } from './summary.ts';

interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly detail?: string;
}

/** A command with one answer and one exit code: 0 valid or done, 1 refused with one reason code. */
export abstract class AnsweringCommand extends BaseCommand {
  protected async answer<T extends Answer>(answer: T, json: boolean): Promise<void> {
    await this.write(`${json ? JSON.stringify(answer) : answerLines(answer).join('\n')}\n`);
    this.finish(answer.ok ? EXIT.cleared : EXIT.held);
  }
}

function answerLines({ ok, code, detail, ...more }: Answer): string[] {
  const lines = [ok ? 'ok' : `refused: ${code ?? 'unknown'}${detail ? ` (${detail})` : ''}`];
  for (const [key, value] of Object.entries(more)) {
    if (key === 'expires') lines.push(`expires: ${new Date(value as number).toISOString()}`);
    else if (typeof value === 'string' || typeof value === 'number') lines.push(`${key}: ${value}`);
    else if (key === 'payload')
      lines.push(`payload: ${(value as { sha256: string }).sha256}  ${(value as { name: string }).name}`);
  }
  return lines.map(printable);
}

/** Whoever approves has seen the summary and typed what it is about; in scripts the whole digest stands for that. */
export async function confirmDigest(result: ResultFile, digest: string | undefined, verb: string): Promise<void> {
  const payload = result.head.payloads[0]?.sha256 ?? '';
  if (digest !== undefined) {
    if (digest === payload) return;
    throw new UsageError('--digest is not the digest of the payload of this result', [
      `give all 64 digits of the file you mean to ${verb}`,
    ]);
  }
  if (!process.stdin.isTTY)
    throw new UsageError('nobody is there to ask', ['give --digest with the SHA-256 of the payload']);
  process.stderr.write(summarise(result.head, false));
  const unread = result.entries.filter((entry) => entry.coverage === 'unread');
  for (const entry of unread.slice(0, 50)) {
    process.stderr.write(
      `unread: ${printable(entry.path.join(' > '))} (${entry.gaps.map((gap) => gap.code).join(', ')})\n`,
    );
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await dialogue.question(`payload ${payload}\nto ${verb}, type the first eight digits: `);
  dialogue.close();
  if (typed.trim() !== payload.slice(0, 8)) throw new UsageError('the digits do not fit: nothing was recorded');
}
