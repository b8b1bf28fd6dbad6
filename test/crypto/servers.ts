import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const has = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
/** Servers that cannot bind one address run in a network of their own, which has nothing but loopback. */
export const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0;

export const folder = mkdtempSync(join(tmpdir(), 'clearance-tls-'));
const running: ChildProcess[] = [];

export function stopAll(): void {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

export function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A self-signed certificate; `request` are arguments of `openssl req`. */
export function certificate(name: string, request: string[]): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const args = [
    'req',
    '-x509',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-days',
    '30',
    '-subj',
    '/CN=localhost',
    ...request,
  ];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return { cert, key };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a server and waits until its port takes connections. */
export async function launch(command: string, args: string[], port: number): Promise<void> {
  const child = spawn(command, args, { stdio: 'ignore' });
  running.push(child);
  for (let tries = 0; tries < 200; tries++) {
    if (await taken(port)) return;
    if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${command} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${command} did not listen`);
}

function taken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts a server in a network of its own and scans it there with the command line; JSON comes back. */
export function scanApart(start: string, port: number, tool: string): string {
  const wait = `for i in $(seq 100); do (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && break; sleep 0.1; done`;
  const script = `ip link set lo up; (${start}) >/dev/null 2>&1 & server=$!; ${wait}; ${tool}; kill $server 2>/dev/null; true`;
  const done = spawnSync('unshare', ['-rn', 'bash', '-c', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: 60_000,
  });
  return done.stdout;
}
