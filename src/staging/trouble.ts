import { DataError, OperatorError } from '../model/index.ts';

const HINTS: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', 'make room; nothing was lost, the work goes on where it stopped'],
  EDQUOT: ['the disk quota is used up', 'raise it or make room; the work goes on where it stopped'],
  EROFS: ['the file system is read-only', 'mount it writable; the work goes on where it stopped'],
  EACCES: ['permission denied', 'let the user of clearance read incoming and write all folders of DIR'],
  EPERM: ['not permitted', 'let the user of clearance read incoming and write all folders of DIR'],
  ENOENT: ['a folder or file is gone', 'check that the directory is still mounted'],
  ESTALE: ['the network file system lost the file', 'mount it again'],
  EIO: ['the disk gave an error', 'check the disk; the original is kept'],
  EMFILE: ['too many open files', 'raise the limit of open files'],
};

/**
 * What the operator is told of an error of the file system: what it is and what to do, no name of a payload.
 * `undefined` for what is neither that nor a bad option: a bug.
 */
export function describeTrouble(error: unknown): { code: string; message: string; hint: string } | undefined {
  if (error instanceof OperatorError) {
    return { code: 'operator', message: error.message, hint: error.hints.join('; ') };
  }
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || syscall === undefined) return undefined;
  const [message, hint] = HINTS[code] ?? [`the system says ${code}`, 'check the directory and its disk'];
  return { code, message: `${message} (${code}, ${syscall})`, hint };
}

/** An error of the file system as one that the operator is told; a bug stays what it is. */
export function forOperator(error: unknown): unknown {
  if (error instanceof OperatorError) return error;
  const trouble = describeTrouble(error);
  return trouble
    ? new DataError(`the staging directory cannot be used: ${trouble.message}`, [], [trouble.hint])
    : error;
}
