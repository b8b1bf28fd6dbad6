// A seeded corpus of what service payloads hold: logs, listings, tables, XML, program text, memory images.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** xorshift32: the same corpus for the same seed on every machine. */
export function numbers(seed) {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}

const WORDS = 'the service adapter state of partition memory link was reset by event with code and no error'.split(' ');
const HOSTS = ['vios1', 'lpar17', 'backup', 'mgmt2', 'db03', 'ntp'];
const pick = (next, list) => list[next(list.length)];
const two = (value) => String(value).padStart(2, '0');
const hex = (next, length) => Array.from({ length }, () => next(16).toString(16)).join('');
const address = (next) => `10.${next(4)}.${next(256)}.${next(256)}`;
const clock = (next) => `${two(next(24))}:${two(next(60))}:${two(next(60))}`;
const prose = (next, length) => Array.from({ length }, () => pick(next, WORDS)).join(' ');

/** Lines of each kind, with its share of the corpus in per cent. */
const KINDS = [
  [
    'syslog',
    30,
    (next) =>
      pick(next, [
        () => `sshd[${next(32768)}]: Accepted publickey for operator from ${address(next)} port ${next(65536)} ssh2`,
        () => `kernel: eth${next(4)}: link is up, ${pick(next, ['1000', '10000'])} Mbps full duplex`,
        () => `crond[${next(32768)}]: (root) CMD (/usr/lib64/sa/sa1 1 1)`,
        () => `daemon: ${prose(next, 9)}, rc=${next(64)}`,
      ])().replace(/^/, `Feb ${two(1 + next(28))} ${clock(next)} ${pick(next, HOSTS)} `),
  ],
  [
    'application',
    18,
    (next) =>
      next(6) === 0
        ? `\tat com.example.${pick(next, WORDS)}.Task.run(Task.java:${next(900)})`
        : `2026-02-${two(1 + next(28))} ${clock(next)},${next(1000)} [Worker-${next(64)}] INFO ${prose(next, 7)} id=${hex(next, 12)}`,
  ],
  [
    'inventory-xml',
    14,
    (next) =>
      `  <property name="${pick(next, WORDS)}.${pick(next, WORDS)}" type="string">${prose(next, 2)} ${next(10000)}</property>`,
  ],
  [
    'processes',
    6,
    (next) =>
      `root ${String(next(99999)).padStart(8)} 0.0 0.${next(9)} ${next(999999)} ${next(99999)} ? S Feb07 0:00 /usr/sbin/${pick(next, WORDS)}d --config /etc/${pick(next, WORDS)}.conf`,
  ],
  [
    'sockets',
    6,
    (next) =>
      `tcp 0 ${next(4096)} ${address(next)}:${next(65536)} ${address(next)}:${next(65536)} ESTABLISHED ${next(32768)}/java`,
  ],
  [
    'performance-csv',
    6,
    (next) =>
      `2026-02-07 ${clock(next)},${next(100)},${next(100)}.${two(next(100))},${next(1e6)},${next(1e6)},${next(1e6)}`,
  ],
  ['text', 10, (next) => `${prose(next, 12)}.`],
];
const BINARY = 10;

function lines(next, make, size) {
  const parts = [];
  for (let length = 0; length < size; ) {
    const line = `${make(next)}\n`;
    parts.push(line);
    length += line.length;
  }
  return Buffer.from(parts.join('').slice(0, size), 'latin1');
}

/** A memory image: pages of zeros, of random words and of strings. */
function image(next, size) {
  const bytes = Buffer.alloc(size);
  for (let page = 0; page < size; page += 4096) {
    const kind = next(3);
    const end = Math.min(size, page + 4096);
    if (kind === 1)
      for (let at = page; at + 4 <= end; at += 4) bytes.writeUInt32LE((next(65536) << 16) >>> 0 || next(65536), at);
    if (kind === 2)
      bytes.write(`${prose(next, 40)}\0/usr/lib/${pick(next, WORDS)}.so\0`.repeat(12).slice(0, end - page), page);
  }
  return bytes;
}

/** Writes the corpus into `folder`, `size` bytes in files of at most 12 MB. @returns bytes written */
export function writeCorpus(folder, size, seed) {
  const next = numbers(seed);
  let written = 0;
  const put = (name, bytes) => {
    writeFileSync(join(folder, name), bytes);
    written += bytes.length;
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, share, make] of [...KINDS, ['core', BINARY, null]]) {
    let left = Math.floor((size * share) / 100);
    for (let index = 0; left > 0; index++) {
      const length = Math.min(left, 12e6);
      put(`${name}.${index}`, make ? lines(next, make, length) : image(next, length));
      left -= length;
    }
  }
  return written;
}

/** One file in which nearly every line is a finding. */
export function hitDense(size, seed) {
  const next = numbers(seed);
  return lines(
    next,
    () => `password=${hex(next, 10)}Xq7 from ${address(next)} by u${next(1000)}@mail.example.net`,
    size,
  );
}
