/** One thing that happened. Never a name or a byte of a payload: the job and the digest tell which one it was. */
export interface Event {
  readonly level: 'info' | 'warning' | 'error';
  readonly event:
    | 'started'
    | 'claimed'
    | 'audited'
    | 'published'
    | 'again'
    | 'recovered'
    | 'trouble'
    | 'odd'
    | 'undelivered'
    | 'ended';
  readonly [fact: string]: string | number | boolean | undefined;
}

/** A JSON line as log collectors read it. */
export function logLine(event: Event, now = new Date()): string {
  return `${JSON.stringify({ time: now.toISOString(), ...event })}\n`;
}
