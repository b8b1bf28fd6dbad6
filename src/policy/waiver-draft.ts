import { parseCatalog } from '../catalog/index.ts';
import type { ResultEntry } from '../model/index.ts';
import { counts } from './state.ts';
import type { Waiver } from './suppression.ts';

interface Draft {
  readonly text: string;
  readonly count: number;
  /** Findings that count and that no waiver can name. */
  readonly unnamed: number;
}

/**
 * A waiver file, as YAML, for every value of a result that counts: first place and masked excerpt stand in a comment.
 * @throws DataError where owner, reason or expiry are not what the schema asks for
 */
export async function draftWaivers(
  entries: AsyncIterable<ResultEntry>,
  {
    owner,
    reason,
    expires,
    rules,
  }: Pick<Waiver, 'owner' | 'reason' | 'expires'> & { rules: readonly string[] | undefined },
): Promise<Draft> {
  const blocks = new Map<string, string>();
  let unnamed = 0;
  for await (const { path, findings } of entries) {
    for (const { rule, fingerprint, count, at, excerpt, state } of findings) {
      if (!counts({ state }) || (rules && !rules.includes(rule))) continue;
      if (fingerprint === undefined || count !== undefined) {
        unnamed += 1;
        continue;
      }
      const key = `${rule} ${fingerprint}`;
      if (blocks.has(key)) continue;
      const place = `${path.slice(1).join(' > ') || path[0]}:${at.line}: ${excerpt}`.replace(
        /[\r\n\x85\u2028\u2029]/g,
        ' ',
      );
      const id = `${rule.replace('/', '-')}-${fingerprint.slice(0, 8)}`;
      const waiver = { id, rule, fingerprint, reason, owner, expires };
      const lines = Object.entries(waiver).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
      blocks.set(key, `  # ${place}\n  - ${lines.join('\n    ')}\n`);
    }
  }
  const text = `schema: clearance.waivers/1\nwaivers:\n${[...blocks.values()].join('')}`;
  if (blocks.size > 0) parseCatalog(Buffer.from(text), 'the draft', 'waivers');
  return { text, count: blocks.size, unnamed };
}
