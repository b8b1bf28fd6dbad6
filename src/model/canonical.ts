/**
 * Canonical JSON by RFC 8785 (JCS): members sorted by UTF-16 code units, ECMAScript number and string forms, no blanks.
 * Members whose value is `undefined` are left out, as JSON.stringify does.
 * @throws TypeError for what JSON cannot carry: NaN, infinities, lone surrogates, functions
 */
export function canonicalJson(value: unknown): string {
  // Read from canonical JSON, or made in order: then the engine's own writer gives the same text, many times as fast.
  if (isOrdered(value)) {
    const text = JSON.stringify(value);
    // A lone surrogate would have become an escape.
    if (!/\\ud[89a-f]/.test(text)) return text;
  }
  return written(value);
}

function written(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('a number that is not finite has no JSON form');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${canonicalString(key)}:${written(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} has no JSON form`);
}

/** Whether it is plain data, the members of each object in the order in which they are written. */
function isOrdered(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isOrdered);
  if (typeof value !== 'object' || typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  let before: string | undefined;
  for (const key of Object.keys(value)) {
    if ((before !== undefined && key <= before) || !isOrdered((value as Record<string, unknown>)[key])) return false;
    before = key;
  }
  return true;
}

/** RFC 8785 section 3.2.2.2: a lone surrogate is an error, not an escape. */
function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no canonical JSON form');
  return JSON.stringify(text);
}
