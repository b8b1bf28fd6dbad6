const SETS: Readonly<Record<string, string>> = {
  d: '0123456789',
  h: '0123456789abcdef',
  H: '0123456789ABCDEF',
  l: 'abcdefghijklmnopqrstuvwxyz',
  u: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  k: 'abcdefghijklmnopqrstuvwxyz0123456789',
  K: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  t: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  a: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  w: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  b: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  c: './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};

/** A reproducible source of chance (xorshift32): same seed, same cases. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  below(n: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % n;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** `n` characters of one of the sets above. */
  draw(set: string, n: number): string {
    const chars = SETS[set]!;
    let text = '';
    for (let i = 0; i < n; i++) text += chars[this.below(chars.length)];
    return text;
  }

  /** Fills `<a32>` (a set and a length) of a format description. */
  fill(template: string): string {
    return template.replace(/<([a-zA-Z])(\d+)>/g, (_, set: string, n: string) => this.draw(set, Number(n)));
  }
}
