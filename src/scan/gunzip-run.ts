import zlib from 'node:zlib';

/** What may follow the last member without being looked at: a word of the next line that a wrapped run swallowed. */
const TAIL = 48;

/**
 * Unpacks gzip members (RFC 1952) at the start of `bytes`, as far as they go; a cut one gives what it holds. Node's own
 * gunzip takes whatever follows a member for another one and fails.
 * @throws Error where a member or what follows it cannot be read, RangeError beyond `most` bytes of output
 */
export function gunzipRun(bytes: Uint8Array, most: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  let at = 0;
  while (at < bytes.length && isMember(bytes, at)) {
    const body = at + headerLength(bytes, at);
    const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: most - size, info: true };
    const { buffer, engine } = zlib.inflateRawSync(bytes.subarray(body), options) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    parts.push(buffer);
    size += buffer.length;
    at = body + engine.bytesWritten + 8;
  }
  if (parts.length === 0 || at + TAIL < bytes.length) throw new Error('not gzip data to its end');
  return Buffer.concat(parts);
}

function isMember(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

/** RFC 1952 section 2.3: fixed part, extra field, name, comment, CRC. */
function headerLength(bytes: Uint8Array, at: number): number {
  const flags = bytes[at + 3] ?? 0;
  let length = 10;
  if (flags & 4) length += 2 + (bytes[at + length] ?? 0) + 256 * (bytes[at + length + 1] ?? 0);
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at + length);
    if (end < 0) throw new Error('a gzip header without end');
    length = end + 1 - at;
  }
  return flags & 2 ? length + 2 : length;
}
