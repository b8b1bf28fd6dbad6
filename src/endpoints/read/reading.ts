import type { AddressRange } from '../address.ts';
import type { Ruleset } from '../firewall.ts';
import type { Transport } from '../traffic.ts';

/** A line that could not be read, and why. The rest of the file is still checked. */
export interface BadLine {
  readonly line: number;
  readonly why: string;
}

/** One connection or attempt that was seen. */
export interface Connection {
  readonly line: number;
  readonly transport: Transport;
  readonly direction: 'outbound' | 'inbound';
  /** The other side, as address or as name. */
  readonly peer: AddressRange | undefined;
  readonly host: string | undefined;
  /** Outbound: the peer's port. Inbound: ours. */
  readonly port: number | undefined;
  readonly allowed: boolean;
  /** The proxy asked for a login and did nothing yet. */
  readonly challenge?: true;
  /** For proxies: how it was asked for. */
  readonly method?: string;
}

export interface Listener {
  readonly line: number;
  readonly transport: Transport;
  /** The address it is bound to; `undefined` for all. */
  readonly address: AddressRange | undefined;
  readonly port: number;
}

/** An allow list of a proxy: whether a request for a host and port passes. */
export interface ProxyRules {
  /** `undefined`: it depends on something that is not understood. */
  allows(request: { host: string; range: AddressRange | undefined; port: number; method: string }): boolean | undefined;
  /** Hosts and addresses that allowing rules name, with their lines. */
  readonly named: readonly { readonly line: number; readonly host: string; readonly range: AddressRange | undefined }[];
  readonly ports: readonly number[];
}

/** What a file says, whatever its format. */
export type Reading = { readonly format: string; readonly bad: readonly BadLine[] } & (
  | { readonly kind: 'firewall'; readonly ruleset: Ruleset }
  | {
      readonly kind: 'connections';
      readonly connections: readonly Connection[];
      readonly listeners: readonly Listener[];
    }
  | { readonly kind: 'proxy'; readonly rules: ProxyRules }
);
