/** `tcp`, `udp` and `esp` as they are; `http`, `https` and `ftps` are spoken over TCP. */
export type Protocol = 'tcp' | 'udp' | 'esp' | 'http' | 'https' | 'ftps';
export type Direction = 'outbound' | 'inbound' | 'both';
/** How much of a group must be reachable. */
type Need = 'any' | 'each-host' | 'all' | 'none';

interface CiteDefinition {
  readonly document: string;
  readonly section: string;
  readonly quote?: string;
}

interface PortDefinition {
  /** `null`: the source does not state it. */
  readonly port: number | null;
  readonly protocol: Protocol;
  readonly optional?: true;
}

interface EndpointDefinition {
  readonly host: string | null;
  /** Addresses and ranges; empty where the source states none. */
  readonly addresses: readonly string[];
  readonly ports: readonly PortDefinition[];
  readonly purpose: string;
  readonly ambiguous?: true;
  readonly note?: string;
}

export interface GroupDefinition {
  readonly id: string;
  readonly title: string;
  /** Absent: with every profile. */
  readonly profiles?: readonly string[];
  /** Documented with these profiles, too, but inside their tunnel: never required. */
  readonly alsoFor?: readonly string[];
  readonly platforms?: readonly string[];
  readonly region?: string;
  readonly direction: Direction;
  readonly need: Need;
  /** Open during a remote service session only. */
  readonly session?: true;
  /** Between consoles on one's own networks. */
  readonly local?: true;
  readonly cite: CiteDefinition;
  readonly endpoints: readonly EndpointDefinition[];
}

export interface LifecycleRuleDefinition {
  readonly id: string;
  readonly feature: string;
  readonly title: string;
  readonly level?: 'violation' | 'note';
  readonly forbiddenFor: {
    readonly platform?: string;
    readonly processor?: number;
    readonly introduced?: number;
    readonly ds8880Release?: string;
  };
  readonly cite: CiteDefinition;
}

/** The checks that can give evidence for a control. */
export type Assessment =
  | 'outbound-open'
  | 'outbound-limited'
  | 'outbound-observed'
  | 'proxy'
  | 'ipv6'
  | 'inbound-closed'
  | 'inbound-observed'
  | 'internal-firewall'
  | 'inter-console'
  | 'levels';

export interface ControlDefinition {
  readonly id: string;
  readonly title: string;
  readonly platforms?: readonly string[];
  readonly assess?: Assessment;
  readonly cite: CiteDefinition;
}

/** An endpoint list as it stands in a file (`schemas/endpoints.schema.json`). */
export interface EndpointsDefinition {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly documents: Readonly<
    Record<string, { readonly title: string; readonly edition?: string; readonly url?: string }>
  >;
  readonly platforms?: Readonly<Record<string, string>>;
  readonly profiles: Readonly<Record<string, string>>;
  readonly groups: readonly GroupDefinition[];
  readonly lifecycle?: readonly LifecycleRuleDefinition[];
  readonly controls?: readonly ControlDefinition[];
}
