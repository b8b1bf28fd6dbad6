import { type ViewKind, ViewScanner } from './view-scanner.ts';

const BATCH = 512;
const BETWEEN_RUNS = [10, 0, 10];

/** Line and column of the next character; shared by all runs of one character encoding in an entry. */
export interface LineCount {
  line: number;
  column: number;
}

/** A view that is being decoded out of its parent: collects bytes, keeps the map exact, counts against the budget. */
export class ChildView {
  readonly scanner: ViewScanner;
  readonly #parent: ViewScanner;
  readonly #lines: LineCount | null;
  readonly #batch = new Uint8Array(BATCH);
  #used = 0;
  /** Where the next byte would come from if the last record held on, in units of `1 / den`. */
  #expected = -1;
  #num = 0;
  #den = 0;

  /** `lines`: for a character encoding, whose lines and columns count characters; else those of the source hold. */
  constructor(parent: ViewScanner, kind: ViewKind, lines: LineCount | null) {
    this.#parent = parent;
    this.#lines = lines;
    this.scanner = new ViewScanner(parent.engine, parent.collector, kind, parent.extractorsFor);
  }

  /** Declares that the next bytes come from `source` (an offset in the parent), `num / den` source bytes each. */
  place(source: number, num: number, den: number): void {
    if (num === this.#num && den === this.#den && this.#expected === source * den) return;
    this.#flush();
    this.#record(source, num, den, -1);
    this.#num = num;
    this.#den = den;
    this.#expected = source * den;
  }

  put(byte: number): void {
    this.#batch[this.#used++] = byte;
    this.#expected += this.#num;
    if (this.#lines) {
      this.#lines.column++;
      if (byte === 10) {
        this.#lines.line++;
        this.#lines.column = 1;
        this.#num = 0;
      }
    }
    if (this.#used === BATCH) this.#flush();
  }

  /**
   * Ends a run when more runs are to follow in the same view: what comes next begins a line of its own, behind a NUL that
   * no white space matches, so that the key of one run finds no value in the next.
   */
  separate(): void {
    for (const byte of BETWEEN_RUNS) {
      this.#batch[this.#used++] = byte;
      if (this.#used === BATCH) this.#flush();
    }
    this.#num = 0;
  }

  /** All that a run of `length` source bytes at `source` decoded to, where single bytes cannot be traced. */
  putWhole(bytes: Uint8Array, source: number, length: number): void {
    this.#record(source, 0, 1, length);
    if (this.#parent.collector.spend(bytes.length)) this.scanner.push(bytes);
  }

  end(): void {
    this.#flush();
    this.scanner.end();
  }

  #record(source: number, num: number, den: number, whole: number): void {
    const parent = this.#parent.recordAt(source);
    const { line, column } = this.#lines ?? (parent ? NOWHERE : this.#parent.linePlaceOf(source));
    const narrow = this.#lines !== null;
    const view = this.scanner.length;
    this.scanner.addRecord({ view, source, num, den, whole, line, column, narrow, parent, next: null });
  }

  #flush(): void {
    if (this.#used > 0 && this.#parent.collector.spend(this.#used)) {
      this.scanner.push(this.#batch.subarray(0, this.#used));
    }
    this.#used = 0;
  }
}

/** A record with a parent takes its line from there. */
const NOWHERE: LineCount = { line: 0, column: 0 };
