import type { Site } from './site.ts';

/** A file of a bundle before it is packed. `id` is the name leaks and `--without` use. */
export interface Doc {
  readonly id: string;
  path: string;
  body: Buffer;
  readonly form: 'text' | 'xml' | 'binary' | 'gzip';
  link?: string;
  pax?: Record<string, string>;
  /** For `gzip`: the file name in the gzip header; `body` is what will be compressed. */
  gzipName?: string;
  gzipComment?: string;
  /** Byte ranges that leaks took in a `binary`, so that no second one overwrites them. */
  taken?: [number, number][];
  /** For `gzip`: cut this many bytes off the end, as an interrupted copy does. */
  cut?: number;
}

/** A dump: a tar of members, or memory as it is, behind the binary header of its type. */
export interface Dump {
  readonly id: string;
  readonly type: string;
  path: string;
  readonly payload: 'gzip-tar' | 'zstd-tar' | 'memory';
  readonly members: Doc[];
}

export interface Draft {
  readonly site: Site;
  readonly top: Doc[];
  readonly acuppd: Doc[];
  readonly dumps: Dump[];
  /** Bytes after the end-of-archive blocks of `acuppd.tgz`. */
  acuppdTail?: Buffer;
  /** Growth fills these: names of more files of a kind. */
  readonly consolePath: (name: string) => string;
}

export const text = (id: string, path: string, lines: readonly string[]): Doc => ({
  id,
  path,
  form: 'text',
  body: Buffer.from(`${lines.join('\n')}\n`),
});

export const xml = (id: string, path: string, lines: readonly string[]): Doc => ({
  id,
  path,
  form: 'xml',
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${lines.join('\n')}\n`),
});

export const binary = (id: string, path: string, body: Buffer): Doc => ({ id, path, form: 'binary', body });
