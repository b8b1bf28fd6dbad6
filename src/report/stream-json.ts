/** An array of a document whose elements are made one by one while it is written. */
export class Elements {
  readonly of: AsyncIterable<unknown>;

  constructor(of: AsyncIterable<unknown>) {
    this.of = of;
  }
}

const CHUNK = 1 << 16;

/** JSON of a document in which some arrays are `Elements`, in the order of its members; ends with a line end. */
export async function* streamJson(value: unknown): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const part of parts(value)) {
    text += part;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(`${text}\n`);
}

async function* parts(value: unknown): AsyncGenerator<string> {
  if (value instanceof Elements) {
    let separator = '[';
    for await (const element of value.of) {
      yield separator + JSON.stringify(element);
      separator = ',';
    }
    yield separator === '[' ? '[]' : ']';
  } else if (holdsElements(value)) {
    const list = Array.isArray(value);
    let separator = list ? '[' : '{';
    for (const [key, member] of Object.entries(value as object)) {
      if (member === undefined) continue;
      yield list ? separator : `${separator}${JSON.stringify(key)}:`;
      yield* parts(member);
      separator = ',';
    }
    yield list ? ']' : '}';
  } else yield JSON.stringify(value);
}

function holdsElements(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => member instanceof Elements || holdsElements(member));
}
