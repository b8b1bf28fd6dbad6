import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Seen {
  readonly class: string;
  readonly rule: string;
  readonly tier: string;
  readonly confidence: string;
  readonly state: string;
  readonly count?: number;
}

const run = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));

/** Findings of every text, by one `scan --jsonl -` of the built command: what users get, nothing less. */
export async function scanAll(texts: readonly Buffer[]): Promise<Seen[][]> {
  const child = spawn(process.execPath, [run, 'scan', '--jsonl', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const written = (async () => {
    for (const [id, bytes] of texts.entries()) {
      const line = `${JSON.stringify({ id: String(id), base64: bytes.toString('base64') })}\n`;
      if (!child.stdin.write(line)) await new Promise((resume) => child.stdin.once('drain', resume));
    }
    child.stdin.end();
  })();
  const answers: Seen[][] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answers.push((JSON.parse(line) as { findings: Seen[] }).findings);
  }
  await written;
  if (answers.length !== texts.length) throw new Error(`${texts.length} texts, ${answers.length} answers`);
  return answers;
}
