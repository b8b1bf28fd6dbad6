import { createHash, type KeyObject } from 'node:crypto';
import { strictBase64 } from './digest.ts';
import { signWith, verifyWith } from './keys.ts';

/** Size and root of a log, signed: a C2SP tlog-checkpoint in a C2SP signed note. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Key id of a note: SHA-256(name, newline, 0x01, Ed25519 public key), first four bytes. */
function noteKeyId(name: string, key: KeyObject): Buffer {
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(-32);
  return createHash('sha256').update(`${name}\n\x01`, 'latin1').update(raw).digest().subarray(0, 4);
}

const noteText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${root.toString('base64')}\n`;

/** @param secret an Ed25519 key, the only kind the signed-note format has for logs */
export function signCheckpoint(checkpoint: Checkpoint, secret: KeyObject, publicKey: KeyObject): string {
  const text = noteText(checkpoint);
  const signature = Buffer.concat([noteKeyId(checkpoint.origin, publicKey), signWith(secret, Buffer.from(text))]);
  return `${text}\n— ${checkpoint.origin} ${signature.toString('base64')}\n`;
}

/** The checkpoint, if every byte of the note is as `signCheckpoint` writes it and the signature is the log's own. */
export function openCheckpoint(note: string, origin: string, publicKey: KeyObject): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n\n— ([^\n ]+) ([^\n]+)\n$/.exec(note);
  if (!match || match[1] !== origin || match[4] !== origin) return undefined;
  const root = strictBase64(match[3] as string);
  const signature = strictBase64(match[5] as string);
  if (root?.length !== 32 || signature?.length !== 68) return undefined;
  if (!signature.subarray(0, 4).equals(noteKeyId(origin, publicKey))) return undefined;
  const checkpoint = { origin, size: Number(match[2]), root };
  return verifyWith(publicKey, Buffer.from(noteText(checkpoint)), signature.subarray(4)) ? checkpoint : undefined;
}
