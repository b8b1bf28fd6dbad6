/** Entries that are kept. */
const SIZE = 1024;

/**
 * Answers by what was asked, a bounded number of them. Where the same is hardly ever asked again, it gives up for good:
 * remembering what is forgotten unused costs more than working it out.
 */
export class Memory<Answer> {
  /** False once it has given up. */
  useful = true;
  readonly #answers = new Map<string, Answer>();
  #hits = 0;

  get(key: string): Answer | undefined {
    const answer = this.#answers.get(key);
    if (answer !== undefined) this.#hits++;
    return answer;
  }

  set(key: string, answer: Answer): void {
    if (this.#answers.size === SIZE) {
      this.#answers.clear();
      this.useful = this.#hits >= SIZE;
      this.#hits = 0;
    }
    if (this.useful) this.#answers.set(key, answer);
  }
}
