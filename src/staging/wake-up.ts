import { watch as hintOf } from 'node:fs';

/** Ends after `ms` or with `signal`, whichever is first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

/** Sleeps, but not on when something happens in the folder; where that cannot be told, only the clock counts. */
export async function wakeUp(folder: string, ms: number, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const wake = (): void => woken.abort();
  signal.addEventListener('abort', wake, { once: true });
  let hint: ReturnType<typeof hintOf> | undefined;
  try {
    hint = hintOf(folder, wake).on('error', () => undefined);
  } catch {
    // No inotify left, or no such folder: the next scan comes by the clock.
  }
  await sleep(ms, AbortSignal.any([woken.signal, signal]));
  hint?.close();
  signal.removeEventListener('abort', wake);
}
