import type { Finding, Gap, UnpackEvent } from '../model/index.ts';
import type { RuleSet } from '../rules/index.ts';
import { type ScanOptions, scan, scanText } from './scan.ts';
import { holds, standaloneFinding } from './standalone.ts';

/** What was found in one entry, and what that means for the exit code. */
export interface EntryAnswer {
  /** Place in walk order; tells entries apart whose names are masked. */
  readonly ordinal: number;
  /** Names from the payload inwards; one in which client data lies is `****`. */
  readonly path: readonly string[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly holds: boolean;
  readonly unread: boolean;
  /** True for an entry with bytes of its own. */
  readonly content: boolean;
}

/** Scans a walk without an inventory: one answer for every entry, in the order of their ends. */
export async function* scanEntries(
  events: AsyncIterable<UnpackEvent>,
  rules: RuleSet,
  options: ScanOptions = {},
): AsyncGenerator<EntryAnswer> {
  // Members end before their container does, so each name is judged when it is shown first.
  const names = new Map<string, string>();
  const shownName = (name: string): string => {
    let shown = names.get(name);
    if (shown === undefined) {
      const { findings } = scanText(Buffer.from(name), { where: 'name', name }, rules);
      shown = findings.some((raw) => standaloneFinding(raw).state === 'client-data') ? '****' : name;
      if (names.size > 10_000) names.clear();
      names.set(name, shown);
    }
    return shown;
  };
  for await (const { entry, tail, findings, gaps } of scan(events, rules, options)) {
    const shown = findings.map(standaloneFinding);
    yield {
      ordinal: entry.ordinal,
      path: entry.path.map(shownName),
      findings: shown,
      gaps: [...tail.gaps, ...gaps],
      holds: shown.some(holds),
      unread: tail.coverage === 'unread' || gaps.length > 0,
      content: (tail.size ?? 0) > 0,
    };
  }
}

/** An answer as lines for people; empty where there is nothing to tell. */
export function answerText({ path, findings, gaps }: EntryAnswer): string {
  const name = path.join(' > ');
  const lines = findings.map(
    ({ rule, state, confidence, at, excerpt, count }) =>
      `${name}:${at.line}:${at.column}: ${state}, ${confidence}: ${rule} ${excerpt}${count ? ` x${count}` : ''}\n`,
  );
  return [...lines, ...gaps.map(({ code, detail }) => `${name}: gap ${code}: ${detail}\n`)].join('');
}

/** An answer as one line of JSON. */
export function answerJson({ ordinal, path, findings, gaps }: EntryAnswer): string {
  return `${JSON.stringify({ ordinal, path, findings, gaps })}\n`;
}
