/** Which containers are open while entries pass in walk order: members follow their container, and their paths continue its own. */
export class ContainerStack<T> {
  readonly #open: { readonly path: readonly string[]; readonly value: T }[] = [];

  /** The innermost container that `path` lies in. */
  parentOf(path: readonly string[]): T | undefined {
    while (this.#open.length > 0 && !isInside(path, (this.#open.at(-1) as { path: readonly string[] }).path))
      this.#open.pop();
    return this.#open.at(-1)?.value;
  }

  open(path: readonly string[], value: T): void {
    this.#open.push({ path, value });
  }
}

function isInside(path: readonly string[], container: readonly string[]): boolean {
  return path.length > container.length && container.every((name, at) => name === path[at]);
}
