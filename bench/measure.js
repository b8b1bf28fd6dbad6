// Wall time, CPU time and peak memory of a command and all it starts, by /proc.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export function present(command) {
  return spawnSync('which', [command]).status === 0;
}

/** Resident bytes of a process and its descendants. */
function residentBytes(root) {
  const children = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))[1];
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const sum = (pid) => {
    let own = 0;
    try {
      own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
    } catch {
      // It has ended meanwhile.
    }
    return (children.get(pid) ?? []).reduce((all, child) => all + sum(child), own);
  };
  return sum(String(root));
}

/** Runs a shell command. @returns seconds of wall and CPU (user and system, with all it waited for), bytes of peak memory */
export async function measure(command, { timeout = 600, memory = false } = {}) {
  const script = `TIMEFORMAT='%R %U %S'; time { ${command} ; } >/dev/null 2>/dev/null`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'], timeout: timeout * 1000 });
  let text = '';
  child.stderr.on('data', (bytes) => {
    text += bytes;
  });
  let peak = 0;
  const watch = memory && setInterval(() => (peak = Math.max(peak, residentBytes(child.pid))), 50);
  await new Promise((resolve) => child.on('close', resolve));
  if (watch) clearInterval(watch);
  const times = /([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(text);
  if (!times) return null;
  return { wall: Number(times[1]), cpu: Number(times[2]) + Number(times[3]), peak };
}

/** Each command once a round, so that all see the same neighbours. @returns the least of each figure */
export async function sideBySide(commands, rounds, options) {
  const best = commands.map(() => null);
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const one = command === null ? null : await measure(command, options);
      const other = best[index];
      if (!one) continue;
      best[index] = other
        ? {
            wall: Math.min(one.wall, other.wall),
            cpu: Math.min(one.cpu, other.cpu),
            peak: Math.max(one.peak, other.peak),
          }
        : one;
    }
  }
  return best;
}
