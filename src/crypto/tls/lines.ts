import type { Socket } from 'node:net';
import { DialogueError } from './dialogue-error.ts';

const MAX_DIALOGUE = 64 * 1024;

/** Reads lines and byte counts from a socket before TLS begins, with a time limit over the whole dialogue. */
export class SocketLines {
  readonly socket: Socket;
  received = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #failure: DialogueError | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(socket: Socket, timeout: number) {
    this.socket = socket;
    this.#timer = setTimeout(() => this.#fail('no answer in time'), timeout);
    socket.on('data', this.#take);
    socket.on('error', this.#closed);
    socket.on('close', this.#closed);
  }

  readonly #take = (chunk: Buffer): void => {
    this.received += chunk.length;
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    if (this.received > MAX_DIALOGUE) this.#fail('answer too long');
    this.#wake?.();
  };
  readonly #closed = (): void => this.#fail('connection closed');

  #fail(message: string): void {
    this.#failure ??= new DialogueError(message);
    this.#wake?.();
  }

  write(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** One line without its end. @throws DialogueError */
  async line(): Promise<string> {
    for (;;) {
      const at = this.#buffer.indexOf(10);
      if (at >= 0) {
        const text = this.#buffer.subarray(0, at).toString('latin1').replace(/\r$/, '');
        this.#buffer = this.#buffer.subarray(at + 1);
        return text;
      }
      await this.#more();
    }
  }

  /** Exactly `count` bytes. @throws DialogueError */
  async bytes(count: number): Promise<Buffer> {
    while (this.#buffer.length < count) await this.#more();
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  /** All text up to and including a match. @throws DialogueError */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const text = this.#buffer.toString('latin1');
      const found = pattern.exec(text);
      if (found) {
        this.#buffer = this.#buffer.subarray(found.index + found[0].length);
        return text.slice(0, found.index + found[0].length);
      }
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    if (this.#failure) throw this.#failure;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    if (this.#failure && this.#buffer.length === 0) throw this.#failure;
  }

  /** Hands the socket over to TLS. */
  release(): void {
    clearTimeout(this.#timer);
    this.socket.off('data', this.#take);
    this.socket.off('error', this.#closed);
    this.socket.off('close', this.#closed);
  }
}
