/** The exit table: the same with `--json`, a closed stdout or any output option. Non-zero means "do not send". */
export const EXIT = {
  cleared: 0,
  held: 1,
  usage: 2,
  incomplete: 3,
  internal: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each exit code tells the caller; help and reference docs are made from it. */
export const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'cleared: nothing to hold and nothing left unread',
  1: 'held: at least one reason against sending (outranks 3)',
  2: 'usage, configuration, catalog or ledger error',
  3: 'incomplete: something was not read, or there was nothing to examine',
  4: 'internal error',
  130: 'interrupted',
};
