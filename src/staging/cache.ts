import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceWhole, sha256 } from '../evidence/index.ts';
import { canonicalJson, type ResultHead } from '../model/index.ts';

interface Cached {
  readonly audited: string;
  readonly head: ResultHead;
  readonly result: { readonly sha256: string; readonly size: number };
}

/**
 * Verdicts by everything they depend on: the payload's bytes and name, inventory, packs, policy, options, engine. A
 * verdict found here is reported again with the time at which it was made; a changed rule finds nothing.
 */
export class VerdictCache {
  readonly #dir: string;

  constructor(state: string) {
    this.#dir = join(state, 'cache');
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
  }

  static key(parts: Readonly<Record<string, string>>): string {
    return sha256(Buffer.from(canonicalJson(parts)));
  }

  /** Puts the stored result at `resultPath`. `undefined` where nothing whole is stored. */
  find(key: string, resultPath: string): Cached | undefined {
    try {
      const cached = JSON.parse(readFileSync(this.#path(key, 'json'), 'utf8')) as Cached;
      const bytes = readFileSync(this.#path(key, 'result'));
      if (sha256(bytes) !== cached.result.sha256) return undefined;
      replaceWhole(resultPath, bytes, 0o400, false);
      return cached;
    } catch {
      return undefined;
    }
  }

  /** The result first: an entry that names it is whole. What a clock or watchdog stopped is not kept. */
  keep(key: string, cached: Cached, resultPath: string): void {
    if (!cached.head.reproducible || existsSync(this.#path(key, 'json'))) return;
    const temporary = this.#path(key, 'result');
    copyFileSync(resultPath, temporary);
    replaceWhole(this.#path(key, 'json'), canonicalJson(cached), 0o600, false);
  }

  #path(key: string, kind: 'json' | 'result'): string {
    return join(this.#dir, `${key}.${kind}`);
  }
}
