import { Ansis } from 'ansis';
import { type CoverageCounts, printable, type Reason, type ResultHead } from '../model/index.ts';
import { formatBytes } from './progress.ts';

const LISTED = 20;
const BAR = 40;

/** What a person reads on the terminal after an audit; colour only where the stream takes it (NO_COLOR, TTY). */
export function summarise(head: ResultHead, colour: boolean): string {
  const paint = new Ansis(colour ? 3 : 0);
  const { verdict, coverage, catalog } = head;
  const word = { cleared: paint.green, held: paint.red, incomplete: paint.yellow }[verdict.outcome];
  const mark = { cleared: '✓', held: '✗', incomplete: '?' }[verdict.outcome];
  const lines = [
    `${word.bold(`${mark} ${verdict.outcome.toUpperCase()}`)}  ${MEANING[verdict.outcome]}`,
    '',
    ...head.payloads.map(({ name, size, sha256 }) =>
      row(
        'payload',
        `${printable(name)}  ${size === null ? '' : formatBytes(size)}${sha256 ? `  sha256:${sha256}` : ''}`,
      ),
    ),
    row(
      'inventory',
      catalog.inventory
        ? `${catalog.inventory.id} ${catalog.inventory.version}`
        : 'none was applied: no file was compared with a document',
    ),
    row('packs', catalog.packs.map(({ id, version }) => `${id} ${version}`).join(', ')),
    row('policy', `${catalog.policy.id} ${catalog.policy.version}, as of ${head.asOf}`),
    row('entries', counted(coverage.entries, String)),
    row('bytes', counted(coverage.bytes, formatBytes)),
    row('read', bar(coverage.bytes)),
  ];
  if (verdict.reasons.length > 0) lines.push('', ...listed(`why it is ${verdict.outcome}`, verdict.reasons, paint));
  if (verdict.notices.length > 0) lines.push('', notices(verdict.notices));
  return `${lines.join('\n')}\n`;
}

const MEANING: Readonly<Record<ResultHead['verdict']['outcome'], string>> = {
  cleared: 'every entry is documented, every byte was examined, nothing found counts against it',
  held: 'do not send: see the reasons below',
  incomplete: 'do not send: not everything could be examined',
};

function row(label: string, text: string): string {
  return `  ${label.padEnd(10)} ${text}`;
}

function counted(counts: CoverageCounts, show: (n: number) => string): string {
  const parts = (['decoded', 'raw', 'opened', 'unread'] as const).filter((word) => counts[word] > 0);
  return `${show(counts.seen)} seen: ${parts.map((word) => `${show(counts[word])} ${word}`).join(', ') || 'none'}`;
}

/** Share of the bytes that were examined, rounded down, so that a full bar means all of them. */
function bar(bytes: CoverageCounts): string {
  const read = bytes.seen - bytes.unread;
  const share = bytes.seen === 0 ? 0 : read / bytes.seen;
  const full = Math.floor(share * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

function listed(title: string, reasons: readonly Reason[], paint: Ansis): string[] {
  const lines = reasons.slice(0, LISTED).map(({ code, path, message, count }) => {
    const times = count > 1 ? ` (${count})` : '';
    return `  ${paint.bold(code)}  ${path ? `${path.map(printable).join(' › ')}: ` : ''}${message}${times}`;
  });
  const more = reasons.length - LISTED;
  return [`${title}:`, ...lines, ...(more > 0 ? [`  and ${more} more; --json lists them all`] : [])];
}

function notices(reasons: readonly Reason[]): string {
  const perCode = new Map<string, number>();
  for (const { code, count } of reasons) perCode.set(code, (perCode.get(code) ?? 0) + count);
  return `worth knowing: ${[...perCode].map(([code, count]) => `${code} (${count})`).join(', ')}`;
}
