/** What the header of a mail, or of one part of it, says of the body below it. */
export interface PartHeader {
  /** In lower case, `text/plain` where nothing is said (RFC 2045, section 5.2). */
  readonly type: string;
  readonly boundary: string | undefined;
  /** In lower case, `7bit` where nothing is said (RFC 2045, section 6.1). */
  readonly encoding: string;
  readonly name: string | undefined;
  readonly attached: boolean;
  /** S/MIME that is enveloped (RFC 8551, section 3.2.2). */
  readonly enveloped: boolean;
}

const FIELD = /^[!-9;-~]+:/;
const TELLING = /^(from|date|message-id|mime-version|content-type):/i;

/**
 * Says if content begins with the header of a mail (RFC 5322, section 2.2): fields only, two of them telling. `mbox` adds
 * the line that separates mails in a mailbox file (RFC 4155).
 */
export function sniffMail(head: Uint8Array): 'mail' | 'mbox' | undefined {
  const first = head[0] ?? 0;
  if (first < 0x21 || first > 0x7e) return undefined;
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 64)).toString('latin1');
  const mbox = start.startsWith('From ');
  if (!mbox && !FIELD.test(start)) return undefined;
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16384));
  const lines = bytes.toString('latin1').split(/\r?\n/);
  if (mbox) lines.shift();
  const seen = new Set<string>();
  for (const line of lines) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) continue;
    const telling = TELLING.exec(line)?.[1];
    if (telling) seen.add(telling.toLowerCase());
    if (seen.size > 1) return mbox ? 'mbox' : 'mail';
    if (!FIELD.test(line)) return undefined;
  }
  return undefined;
}

/** Reads the fields that matter; `lines` are Latin-1 without their ends, folded as they stand. */
export function parsePartHeader(lines: readonly string[]): PartHeader {
  const fields = new Map<string, string>();
  for (const line of unfolded(lines)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    // The first of several counts, as in most readers.
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  const type = parameters(fields.get('content-type') ?? '');
  const disposition = parameters(fields.get('content-disposition') ?? '');
  const name = disposition.get('filename') ?? type.get('name');
  return {
    type: type.get('')?.toLowerCase() || 'text/plain',
    boundary: type.get('boundary')?.trimEnd(),
    encoding: (fields.get('content-transfer-encoding') ?? '7bit').toLowerCase().replace(/[ \t;(].*$/, ''),
    name: name === undefined || name === '' ? undefined : encodedWords(name),
    attached: disposition.get('')?.toLowerCase() === 'attachment',
    enveloped: /^(authenveloped|enveloped)-data$/i.test(type.get('smime-type') ?? ''),
  };
}

/** Fields with encoded words (RFC 2047), decoded, a line each; not those that only name a part, as its entry does. */
export function decodedFields(lines: readonly string[]): string {
  return unfolded(lines)
    .filter((line) => line.includes('=?') && !/^content-(type|disposition):/i.test(line))
    .flatMap((line) => {
      const text = encodedWords(line);
      return text === line ? [] : [`${text}\n`];
    })
    .join('');
}

function unfolded(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line) && joined.length > 0) joined[joined.length - 1] += ` ${line.trimStart()}`;
    else joined.push(line);
  }
  return joined;
}

/** The value itself under the empty name, and its parameters, with those of RFC 2231 put together. */
function parameters(field: string): Map<string, string> {
  const found = new Map<string, string>();
  const pieces = new Map<string, { index: number; encoded: boolean; text: string }[]>();
  const value = /^[^;]*/.exec(field)?.[0] ?? '';
  found.set('', value.replace(/\(.*\)/, '').trim());
  for (const [, rawName, quoted, token] of field
    .slice(value.length)
    .matchAll(/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    const name = rawName!.toLowerCase();
    const text = quoted?.replace(/\\(.)/g, '$1') ?? token ?? '';
    const [, base, index, star] = /^([^*]+)(?:\*([0-9]{1,4}))?(\*)?$/.exec(name) ?? [];
    if (base === undefined || (index === undefined && star === undefined)) {
      if (!found.has(name)) found.set(name, text);
    } else {
      pieces.set(base, [
        ...(pieces.get(base) ?? []).slice(0, 1000),
        { index: Number(index ?? 0), encoded: star !== undefined, text },
      ]);
    }
  }
  for (const [name, parts] of pieces) found.set(name, extended(parts));
  return found;
}

/** RFC 2231, sections 3 and 4: `charset'language'text`, percent-encoded, maybe in several pieces. */
function extended(parts: { index: number; encoded: boolean; text: string }[]): string {
  const sorted = parts.toSorted((a, b) => a.index - b.index);
  const [, charset = 'utf-8', rest] = /^([^']*)'[^']*'(.*)$/.exec(sorted[0]!.encoded ? sorted[0]!.text : '') ?? [];
  const bytes = sorted.map(({ encoded, text }, at) => {
    const shown = at === 0 && rest !== undefined ? rest : text;
    const plain = encoded
      ? shown.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : shown;
    return Buffer.from(plain, 'latin1');
  });
  return decoded(Buffer.concat(bytes), charset);
}

/** RFC 2047 words; not meant for parameters, but most mailers write them there. */
function encodedWords(text: string): string {
  const joined = text.replace(/(\?=)\s+(=\?)/g, '$1$2');
  return joined.replace(/=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=/g, (_, charset: string, kind: string, word: string) => {
    if (kind.toLowerCase() === 'b') return decoded(Buffer.from(word, 'base64'), charset);
    const plain = word
      .replaceAll('_', ' ')
      .replace(/=([0-9A-Fa-f]{2})/g, (_hex, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return decoded(Buffer.from(plain, 'latin1'), charset);
  });
}

function decoded(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset.replace(/\*.*$/, '') || 'utf-8').decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
