import { spawnSync } from 'node:child_process';

/** Runs a program that must exist; both streams as text. */
export function run(
  program: string,
  args: readonly string[],
  input?: Uint8Array,
): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { ...(input ? { input } : {}), maxBuffer: 1 << 28 });
  return { status, out: stdout?.toString() ?? '', err: stderr?.toString() ?? '' };
}

/** Which of the programs a test needs are absent: the name of the skipped test says so. */
export function missing(...programs: string[]): string[] {
  return programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
}
