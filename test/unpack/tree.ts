import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256 } from './collect.ts';

/** Deterministic bytes that no codec can shrink. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** A folder with files of the kinds that archives stumble on. */
export class Tree {
  readonly root = mkdtempSync(join(tmpdir(), 'unpack-'));
  readonly files: Record<string, string> = {};

  file(path: string, content: string | Uint8Array): this {
    const full = join(this.root, 'tree', path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    this.files[`tree/${path}`] = `${Buffer.byteLength(content)} ${sha256(Buffer.from(content as string))}`;
    return this;
  }

  /** Data, a hole, data, a hole. */
  sparse(path: string): this {
    const content = Buffer.alloc(3_000_000);
    content.write('begin', 0);
    content.write('middle', 1_500_000);
    this.file(path, content);
    const full = join(this.root, 'tree', path);
    writeFileSync(full, '');
    truncateSync(full, content.length);
    const write = (text: string, at: number) =>
      spawnSync('dd', [`of=${full}`, 'conv=notrunc', 'oflag=seek_bytes', `seek=${at}`, 'status=none'], { input: text });
    write('begin', 0);
    write('middle', 1_500_000);
    return this;
  }

  link(path: string, target: string): this {
    symlinkSync(target, join(this.root, 'tree', path));
    return this;
  }

  /** Runs a tool in the folder above the tree; gives the bytes of the file it made. */
  make(archive: string, command: string): Buffer {
    const done = spawnSync('sh', ['-c', command], { cwd: this.root, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
    return readFileSync(join(this.root, archive));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function standardTree(): Tree {
  return new Tree()
    .file('empty', '')
    .file('small.txt', 'hello\n')
    .file('block', 'x'.repeat(512))
    .file('dir/more.log', 'line\n'.repeat(50_000))
    .file('dir/ünïcode name', 'é')
    .file(`${'long/'.repeat(40)}name-${'y'.repeat(120)}`, 'deep')
    .file('noise.bin', noise(1_300_000))
    .sparse('sparse')
    .link('dir/link', '../small.txt');
}

/** Why a test against a tool cannot run here, or false. */
export function missing(...tools: string[]): string | false {
  const absent = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  return absent.length > 0 && `needs ${absent.join(', ')}`;
}
