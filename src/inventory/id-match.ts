/** An item id, or one with `*` for any part of it. */
export function idMatches(wanted: string, id: string): boolean {
  const pieces = wanted.split('*');
  if (pieces.length === 1) return wanted === id;
  const [head = '', ...rest] = pieces;
  const tail = rest.pop() as string;
  if (!id.startsWith(head) || !id.endsWith(tail) || id.length < head.length + tail.length) return false;
  let at = head.length;
  for (const piece of rest) {
    const found = id.indexOf(piece, at);
    if (found < 0 || found + piece.length > id.length - tail.length) return false;
    at = found + piece.length;
  }
  return true;
}
