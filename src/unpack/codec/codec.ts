/** Content of a compressed stream, or bytes of it that are not content and could hide text. */
export type Decoded =
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | {
      readonly type: 'aside';
      /** A free-form header field, padding that is not zero, or a skippable frame. */
      readonly where: 'header-field' | 'padding' | 'skippable';
      /** Where the bytes lie in the compressed file. */
      readonly offset: number;
      readonly bytes: Uint8Array;
    };

/**
 * One open decoder. It is given the compressed bytes in chunks of any size and never holds back what it could have
 * decoded: after `feed` has run to its end, everything that follows from the bytes seen was yielded.
 */
export interface StreamDecoder {
  /**
   * Feeds one chunk; yields output pieces (at most 1 MiB each, valid until the next pull). Run it to its end before the
   * next chunk. Throws CodecError; a decoder that threw throws the same again and is never `finished`.
   */
  feed(chunk: Uint8Array): Generator<Decoded, void>;
  /**
   * Bytes of the last chunk that were used. Fewer than its length only once the decoder knows that nothing behind them
   * belongs to it; it then takes no further input.
   */
  readonly consumed: number;
  /**
   * Bytes of earlier chunks that were taken because another stream might have begun there, but did not: they stand
   * before `chunk[consumed]` in what follows. At most 11 bytes, nearly always none.
   */
  readonly leftover: Uint8Array;
  /**
   * True where the input may end: the last stream's own end was reached and verified, and no byte behind it is in doubt.
   * Another stream that follows makes it false until that one has ended too.
   */
  readonly finished: boolean;
  /**
   * Says that no more input comes; throws CodecError unless the input was complete. Bytes still in doubt (the beginning
   * of another stream's magic number, for instance) become `leftover`. Never decodes anything new.
   */
  end(): void;
  /** Gives the decoder's memory back. Allowed at any time; the decoder cannot be used afterwards. */
  close(): void;
}

/** What a decoder may take. */
export interface CodecLimits {
  /** Largest window, dictionary or block in bytes. Tables and input buffers (below 9 MiB for every format) come on top. */
  readonly memory: number;
}

export interface Codec {
  readonly id: string;
  /** True if a file that begins with these bytes (64 are enough) is in this format. */
  sniff(head: Uint8Array): boolean;
  open(limits: CodecLimits): StreamDecoder;
}

export type CodecErrorCode = 'corrupt' | 'checksum' | 'truncated' | 'unsupported' | 'memory';

/** Why a stream could not be decoded. The message never quotes bytes of the stream. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code: CodecErrorCode;
  /** Bytes of compressed input up to the place where it was noticed. */
  readonly offset: number;

  constructor(code: CodecErrorCode, message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
