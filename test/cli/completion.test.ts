import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completionScript, type Program } from '../../src/cli/index.ts';

const program = JSON.parse(readFileSync(join(import.meta.dirname, '../../dist/program.json'), 'utf8')) as Program;
const lacks = (shell: string) => spawnSync(shell, ['-c', 'true']).status !== 0;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-completion-'));
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    writeFileSync(join(dir, shell), completionScript(shell, program));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const CASES: readonly [typed: string, offered: readonly string[]][] = [
  ['clearance aud', ['audit']],
  ['clearance inventory ma', ['match']],
  ['clearance audit --inv', ['--inventory']],
  ['clearance tls scan --start', ['--starttls']],
];

const SHELLS = {
  bash(typed: string): string {
    const words = typed.split(' ').map((word) => `'${word}'`);
    const script = `source ${dir}/bash; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _clearance; echo "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).stdout;
  },
  fish(typed: string): string {
    const script = `source ${dir}/fish; complete -C '${typed}'`;
    return spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' }).stdout;
  },
  /** zsh completes only at a terminal: a second zsh at a pseudo-terminal is typed to. */
  zsh(typed: string): string {
    const script = `
      zmodload zsh/zpty
      zpty inner "TERM=dumb HOME=${dir} zsh -f -i"
      zpty -w inner "PS1= ; source ${dir}/zsh; echo rea''dy"
      zpty -r inner text '*ready*'
      zpty -w -n inner '${typed}'$'\\t'
      repeat 50; do
        sleep 0.1
        zpty -r -t inner text && seen+=$text
        [[ $seen == *'${typed}'?* ]] && break
      done
      print -r -- $seen`;
    return spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8', timeout: 60_000 }).stdout;
  },
};

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  describe.skipIf(lacks(shell))(`completion in ${shell} (needs ${shell})`, () => {
    test.each(CASES)('%s', (typed, offered) => {
      const answer = SHELLS[shell](typed);
      const begun = typed.slice(typed.lastIndexOf(' ') + 1);
      // zsh shows the line with the rest of the word typed in; the others list the words.
      const words =
        shell === 'zsh' ? answer.split(/\s+/).filter((word) => word.startsWith(begun)) : answer.split(/\s+/);
      for (const word of offered) expect(words).toContain(word);
    });
  });
}
