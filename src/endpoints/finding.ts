import type { Citation } from '../model/index.ts';
import type { LifecycleAnswer } from './lifecycle.ts';

/** `violation` holds, `unknown` could not be decided, `notice` is worth knowing. */
type FindingLevel = 'violation' | 'unknown' | 'notice';

export interface EndpointFinding {
  readonly code:
    | 'required-blocked'
    | 'recommended-blocked'
    | 'open-beyond-documented'
    | 'outbound-not-limited'
    | 'inbound-not-limited'
    | 'inbound-open'
    | 'inbound-local'
    | 'inbound-connection'
    | 'endpoint-undocumented'
    | 'endpoint-of-other-profile'
    | 'attempt-blocked'
    | 'proxy-undecided'
    | 'lifecycle'
    | 'bad-line'
    | 'unreadable'
    | 'nothing-examined';
  readonly level: FindingLevel;
  readonly message: string;
  readonly file: string;
  readonly line?: number;
  /** Group of documented endpoints that it concerns. */
  readonly group?: string;
  readonly address?: string;
  readonly port?: number;
  /** How often, where several lines say the same. */
  readonly count: number;
  readonly cite?: Citation;
}

export interface EndpointCheck {
  readonly schema: 'clearance.endpoint-check/1';
  readonly endpoints: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly profile: string;
  readonly outcome: 'clear' | 'violation' | 'unknown';
  readonly files: readonly { readonly file: string; readonly format: string | null; readonly examined: number }[];
  readonly findings: readonly EndpointFinding[];
  readonly lifecycle: readonly LifecycleAnswer[];
}
