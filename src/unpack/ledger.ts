/** What became of a run of a container's bytes. */
export type SpanKind = 'entry' | 'header' | 'padding' | 'pseudo-entry' | 'skipped';

export interface Span {
  readonly kind: SpanKind;
  readonly from: number;
  /** First byte after the span. */
  readonly to: number;
  readonly reason?: string;
}

/**
 * The account of one container or codec layer: ordered spans without a hole from 0 to its size. Spans are kept only where
 * somebody wants to see them; the account itself is a cursor, so its memory does not grow.
 */
export class Ledger {
  /** Everything before is accounted for. */
  cursor = 0;
  readonly spans: Span[] | undefined;

  constructor(keep: boolean) {
    this.spans = keep ? [] : undefined;
  }

  /** Accounts for the bytes from the cursor up to `to`. */
  take(kind: SpanKind, to: number, reason?: string): void {
    if (to === this.cursor) return;
    if (to < this.cursor) throw new RangeError('a ledger only goes forward');
    if (this.spans) {
      const last = this.spans.at(-1);
      if (last?.kind === kind && kind !== 'entry' && kind !== 'pseudo-entry' && last.reason === reason) {
        this.spans[this.spans.length - 1] = { ...last, to };
      } else {
        this.spans.push({ kind, from: this.cursor, to, ...(reason !== undefined && { reason }) });
      }
    }
    this.cursor = to;
  }
}
