import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Layout } from './layout.ts';

/**
 * One claimed payload: a folder in `.working`. `original/` holds the payload at the path it had in `incoming` (and its
 * trigger), `copy/` the private copy, `out/` what will stand beside it. The folder's content alone tells how far it is.
 */
export class Job {
  readonly id: string;
  readonly #dir: string;
  readonly #layout: Layout;

  private constructor(layout: Layout, id: string) {
    this.#layout = layout;
    this.id = id;
    this.#dir = join(layout.working, id);
  }

  /** Jobs that an earlier run left, in order of their ids. */
  static left(layout: Layout): Job[] {
    return readdirSync(layout.working)
      .sort()
      .map((id) => new Job(layout, id));
  }

  /** Takes a payload out of `incoming` by rename: of all that try, one wins. `undefined`: another did, or it is gone. */
  static claim(layout: Layout, path: string, trigger: string | undefined): Job | undefined {
    const job = new Job(layout, randomBytes(8).toString('hex'));
    const target = join(job.#dir, 'original', path);
    mkdirSync(job.#dir, { mode: 0o700 });
    mkdirSync(dirname(target), { recursive: true });
    try {
      // The trigger goes first: left behind, it would call the next payload of this name whole.
      if (trigger !== undefined) renameSync(join(layout.incoming, path + trigger), target + trigger);
      renameSync(join(layout.incoming, path), target);
      return job;
    } catch (error) {
      job.giveUpEmpty(trigger);
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Path of the payload below `incoming`; `undefined` where there is none (any more). */
  path(trigger: string | undefined): string | undefined {
    const root = join(this.#dir, 'original');
    if (!existsSync(root)) return undefined;
    const files = readdirSync(root, { withFileTypes: true, recursive: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath.slice(root.length + 1), entry.name));
    return files.find((file) => trigger === undefined || !file.endsWith(trigger));
  }

  /** Whether the original has left for `.originals`, so that nothing is to be done but to tidy up. */
  get isDone(): boolean {
    return !existsSync(join(this.#dir, 'original'));
  }

  originalPath(path: string): string {
    return join(this.#dir, 'original', path);
  }

  copyPath(path: string): string {
    return join(this.#dir, 'copy', basename(path));
  }

  outPath(name: string): string {
    return join(this.#dir, 'out', name);
  }

  /** Throws away our own copy and outputs, and makes the folders for new ones. */
  restart(): void {
    for (const name of ['out', 'copy']) {
      rmSync(join(this.#dir, name), { recursive: true, force: true });
      mkdirSync(join(this.#dir, name), { mode: 0o700 });
    }
  }

  /** Keeps the original and takes our own files away; what was published is linked elsewhere by now. */
  finish(): void {
    if (!this.isDone) renameSync(join(this.#dir, 'original'), join(this.#layout.originals, this.id));
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Removes a job that has no payload; a trigger that it took is put back. Only ever removes empty folders. */
  giveUpEmpty(trigger: string | undefined): void {
    const root = join(this.#dir, 'original');
    const folders = [this.#dir, join(this.#dir, 'copy'), join(this.#dir, 'out')];
    if (existsSync(root)) {
      for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
        const place = join(entry.parentPath, entry.name);
        if (entry.isDirectory()) folders.push(place);
        else if (trigger !== undefined && entry.name.endsWith(trigger)) this.#putBack(place, place.slice(root.length));
      }
      folders.push(root);
    }
    for (const folder of folders.sort((a, b) => b.length - a.length)) {
      try {
        rmdirSync(folder);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ENOTEMPTY') throw error;
      }
    }
  }

  #putBack(from: string, path: string): void {
    try {
      linkSync(from, join(this.#layout.incoming, path));
      unlinkSync(from);
    } catch (error) {
      // A new trigger lies there, or its folder is gone: the old one stays where it is.
      if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
