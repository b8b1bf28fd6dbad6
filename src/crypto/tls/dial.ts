import { connect, type Socket } from 'node:net';
import { DialogueError } from './dialogue-error.ts';
import { FlightReader } from './flight.ts';
import type { SocketLines } from './lines.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The address to connect to; with a proxy the host's name. */
  readonly address: string;
  readonly servername: string | undefined;
}

export interface DialOptions {
  /** Milliseconds without an answer after which a handshake is given up. */
  readonly timeout: number;
  readonly starttls: ((lines: SocketLines, host: string) => Promise<void>) | undefined;
  readonly proxy:
    | { readonly host: string; readonly port: number; readonly authorization: string | undefined }
    | undefined;
}

type DialEnd = 'flight' | 'alert' | 'closed' | 'timeout' | 'refused' | 'garbage' | 'starttls';

export interface DialResult {
  readonly end: DialEnd;
  readonly reader: FlightReader;
  /** Bytes received, STARTTLS and proxy dialogue included. */
  readonly received: number;
  readonly detail?: string;
}

const CONNECT_TIMEOUT = 3000;

/** Opens a connection up to the point where TLS begins. */
export async function open(target: Target, options: DialOptions): Promise<{ socket: Socket; received: number }> {
  const { proxy, starttls } = options;
  const socket = await connectTo(
    proxy?.host ?? target.address,
    proxy?.port ?? target.port,
    Math.min(options.timeout, CONNECT_TIMEOUT),
  );
  if (!proxy && !starttls) return { socket, received: 0 };
  const { SocketLines } = await import('./lines.ts');
  const lines = new SocketLines(socket, options.timeout);
  try {
    if (proxy) {
      const { proxyConnect } = await import('./starttls.ts');
      await proxyConnect(lines, target.host, target.port, proxy.authorization);
    }
    await starttls?.(lines, target.servername ?? target.host);
    lines.release();
    return { socket, received: lines.received };
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
}

function connectTo(host: string, port: number, timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' }));
    }, timeout);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** Sends one hello and reads the answer. Never throws. */
export async function dial(
  target: Target,
  hello: Buffer,
  until: 'hello' | 'done' | 'sslv2',
  options: DialOptions,
): Promise<DialResult> {
  const reader = new FlightReader(until);
  let socket: Socket;
  let before = 0;
  try {
    ({ socket, received: before } = await open(target, options));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (error instanceof DialogueError) return { end: 'starttls', reader, received: 0, detail: error.message };
    const end = code === 'ETIMEDOUT' ? 'timeout' : 'refused';
    return { end, reader, received: 0, detail: code };
  }
  return new Promise((resolve) => {
    let ended = false;
    const finish = (end: DialEnd): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({ end, reader, received: before + reader.received });
    };
    const closed = (): void => finish(reader.flight.suite !== undefined ? 'flight' : 'closed');
    const timer = setTimeout(() => finish(reader.flight.suite !== undefined ? 'flight' : 'timeout'), options.timeout);
    socket.on('error', closed);
    socket.on('close', closed);
    socket.on('end', closed);
    socket.on('data', (chunk: Buffer) => {
      const state = reader.push(chunk);
      if (state === 'done') finish('flight');
      else if (state === 'alert') finish(reader.flight.suite !== undefined ? 'flight' : 'alert');
      else if (state === 'garbage') finish(reader.flight.suite !== undefined ? 'flight' : 'garbage');
    });
    socket.write(hello);
  });
}
