/** Where a piece of cryptography was seen. Fields that do not apply are absent. */
export interface ObservationSubject {
  readonly host?: string;
  readonly port?: number;
  readonly address?: string;
  readonly sni?: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

export type ObservationLayer = 'tls' | 'cert' | 'ike' | 'esp' | 'ssh' | 'plain';
export type ObservationRole = 'offer' | 'select' | 'key' | 'signature' | 'mac' | 'kex' | 'prf';
export type ObservationState = 'observed' | 'absent' | 'not-tested' | 'contradictory';
export type TlsVersion = 'SSLv2' | 'SSLv3' | 'TLSv1.0' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface ObservationParams {
  /** Size of key, modulus, group or tag-free MAC key in bits. */
  readonly bits?: number;
  readonly curve?: string;
  readonly mode?: string;
  readonly padding?: string;
  readonly hash?: string;
  readonly group?: string;
}

/** What every adapter produces and the evaluator reads: one algorithm seen in one place in one role. */
export interface CryptoObservation {
  readonly id: string;
  readonly subject: ObservationSubject;
  readonly layer: ObservationLayer;
  readonly role: ObservationRole;
  /** For TLS one of `TlsVersion`; elsewhere the protocol's own word (`IKEv1`, `2.0`). */
  readonly version?: string;
  /** TLS: 4 lower-case hex digits; SSLv2: 6. */
  readonly suite?: string;
  readonly alg?: string;
  readonly params?: ObservationParams;
  /** `apply` protects new data (the default), `process` reads data protected earlier. */
  readonly direction?: 'apply' | 'process';
  readonly state: ObservationState;
  readonly source: { readonly adapter: string; readonly version: string; readonly sha256?: string };
  /** One sentence on how it was seen or why not; never quotes the evidence. */
  readonly note?: string;
}

/** An observation before it was numbered and given its source. */
export type Sighting = Omit<CryptoObservation, 'id' | 'source' | 'subject' | 'state'> & {
  readonly subject?: ObservationSubject;
  readonly state?: ObservationState;
};

/** Gives sightings their ids (`<prefix><n>` in order), source and the fields they share. */
export function asObservations(
  sightings: Iterable<Sighting>,
  source: CryptoObservation['source'],
  prefix: string,
  subject: ObservationSubject = {},
): CryptoObservation[] {
  return Array.from(sightings, (sighting, at) => {
    const { subject: own, state, layer, role, version, suite, alg, params, direction, note } = sighting;
    return {
      id: `${prefix}${at + 1}`,
      subject: own === undefined ? subject : { ...subject, ...own },
      layer,
      role,
      ...(version !== undefined && { version }),
      ...(suite !== undefined && { suite }),
      ...(alg !== undefined && { alg }),
      ...(params !== undefined && { params }),
      direction: direction ?? 'apply',
      state: state ?? 'observed',
      source,
      ...(note !== undefined && { note }),
    };
  });
}
