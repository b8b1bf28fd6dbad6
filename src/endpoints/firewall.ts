import { type AddressRange, contains, wholeFamily } from './address.ts';
import {
  ALL_PORTS,
  type Block,
  everything,
  intersect,
  type PortRange,
  subtract,
  TRANSPORTS,
  type Transport,
} from './traffic.ts';

export type Hook = 'input' | 'output' | 'forward';

export type RuleAction =
  | { readonly type: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly type: 'jump' | 'goto'; readonly chain: string };

/** A rule as far as it can be reasoned about; `undefined` matches everything. */
export interface FirewallRule {
  /** Line in the file, or handle of the rule. */
  readonly line: number;
  readonly families: readonly (4 | 6)[];
  readonly transports: readonly Transport[] | undefined;
  readonly source: readonly AddressRange[] | undefined;
  readonly destination: readonly AddressRange[] | undefined;
  readonly ports: readonly PortRange[] | undefined;
  /** Never the first packet of a connection, or loopback only: of no concern here. */
  readonly irrelevant: boolean;
  /** Matches under a condition that is not understood, or on one interface only. */
  readonly conditional: boolean;
  readonly action: RuleAction;
}

export interface Chain {
  readonly policy: 'accept' | 'drop' | undefined;
  readonly rules: readonly FirewallRule[];
}

export interface BaseChain {
  readonly hook: Hook;
  readonly chain: string;
  readonly families: readonly (4 | 6)[];
  readonly priority: number;
}

export interface Ruleset {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly bases: readonly BaseChain[];
  /** Ports that are forwarded to a machine behind (DNAT), with their lines. */
  readonly forwarded: readonly {
    readonly line: number;
    readonly ports: PortRange;
    readonly to: AddressRange | undefined;
  }[];
}

/** `possibly`: what may pass if every unknown condition is for it; `surely`: what passes if all are against it. */
export interface Passing {
  readonly possibly: readonly Block[];
  readonly surely: readonly Block[];
}

/** New connections that pass a hook, by the address of the other side. `own` narrows to one machine's traffic. */
export function passing(
  ruleset: Ruleset,
  hook: Hook,
  direction: 'outbound' | 'inbound',
  own: readonly AddressRange[],
): Passing {
  const bases = ruleset.bases.filter((base) => base.hook === hook).sort((a, b) => a.priority - b.priority);
  const walkAll = (generous: boolean): Block[] => {
    const passed: Block[] = [];
    for (const family of [4, 6] as const) {
      const relevant = bases.filter((base) => base.families.includes(family));
      // A family that no chain covers is not filtered by this file and not judged by it either.
      if (relevant.length === 0) continue;
      let region = everything([family]);
      for (const base of relevant) region = new Walk(ruleset, direction, own, generous).base(base.chain, region);
      passed.push(...region);
    }
    return passed;
  };
  return { possibly: walkAll(true), surely: walkAll(false) };
}

interface Outcome {
  accepted: Block[];
  /** Left the chain without a verdict. */
  rest: Block[];
  /** May have left the chain early, under a condition that is not understood. */
  strayed: Block[];
}

const NOTHING = { accepted: [], rest: [] };

class Walk {
  readonly ruleset: Ruleset;
  readonly direction: 'outbound' | 'inbound';
  readonly own: readonly AddressRange[];
  readonly generous: boolean;

  constructor(ruleset: Ruleset, direction: 'outbound' | 'inbound', own: readonly AddressRange[], generous: boolean) {
    this.ruleset = ruleset;
    this.direction = direction;
    this.own = own;
    this.generous = generous;
  }

  base(name: string, region: readonly Block[]): Block[] {
    const { accepted, rest } = this.chain(name, region, 0);
    const policy = this.ruleset.chains.get(name)?.policy ?? 'accept';
    return policy === 'accept' ? [...accepted, ...rest] : accepted;
  }

  /** Netfilter allows no loops and few levels; deeper ones cannot come from a kernel. */
  private chain(name: string, region: readonly Block[], depth: number): Pick<Outcome, 'accepted' | 'rest'> {
    const chain = this.ruleset.chains.get(name);
    const outcome: Outcome = { accepted: [], rest: [], strayed: [] };
    let left = [...region];
    // A chain that the file does not have, or a target that is not understood: anything may come of it.
    if (chain === undefined || depth > 32) return this.generous ? { accepted: left, rest: left } : NOTHING;
    for (const rule of chain.rules) {
      if (left.length === 0) break;
      if (rule.irrelevant || rule.action.type === 'continue') continue;
      const { blocks, partial } = this.matched(rule);
      const unsure = rule.conditional || partial;
      const hit = intersect(left, blocks);
      if (hit.length === 0) continue;
      left = this.apply(rule.action, unsure, hit, left, outcome, depth);
    }
    // What would be accepted unless it had left earlier passes surely only if those who sent it here let it pass as well.
    const { accepted, strayed } = outcome;
    if (strayed.length === 0) return { accepted, rest: [...outcome.rest, ...left] };
    const both = intersect(accepted, strayed);
    return { accepted: subtract(accepted, strayed), rest: [...outcome.rest, ...left, ...both] };
  }

  private apply(
    action: RuleAction,
    unsure: boolean,
    hit: Block[],
    left: Block[],
    outcome: Outcome,
    depth: number,
  ): Block[] {
    switch (action.type) {
      case 'accept':
        if (unsure && !this.generous) return left;
        outcome.accepted.push(...hit);
        return subtract(left, hit);
      case 'drop':
        return unsure && this.generous ? left : subtract(left, hit);
      case 'return':
        if (unsure && !this.generous) {
          outcome.strayed.push(...hit);
          return left;
        }
        outcome.rest.push(...hit);
        return unsure ? left : subtract(left, hit);
      case 'jump':
      case 'goto': {
        const inner = this.chain(action.chain, hit, depth + 1);
        const dropped = subtract(hit, [...inner.accepted, ...inner.rest]);
        if (unsure) {
          if (this.generous) {
            outcome.accepted.push(...inner.accepted);
            if (action.type === 'goto') outcome.rest.push(...inner.rest);
            return left;
          }
          if (action.type === 'goto') outcome.strayed.push(...inner.rest);
          return subtract(left, dropped);
        }
        outcome.accepted.push(...inner.accepted);
        if (action.type === 'goto') {
          outcome.rest.push(...inner.rest);
          return subtract(left, hit);
        }
        return [...subtract(left, hit), ...inner.rest];
      }
      case 'continue':
        return left;
    }
  }

  /** The traffic a rule matches; `partial` if the own side is narrowed to addresses that are not known to be ours. */
  private matched(rule: FirewallRule): { blocks: Block[]; partial: boolean } {
    const outbound = this.direction === 'outbound';
    const peers = outbound ? rule.destination : rule.source;
    const mine = outbound ? rule.source : rule.destination;
    let partial = false;
    if (mine !== undefined) {
      const touches = this.own.some((own) => mine.some((range) => contains(range, own)));
      if (this.own.length > 0 && !touches) return { blocks: [], partial: false };
      // Without our own addresses an accept is taken to be for us, a drop only perhaps.
      partial = this.own.length === 0 && rule.action.type !== 'accept';
    }
    const blocks: Block[] = [];
    for (const family of rule.families) {
      const ranges = peers?.filter((range) => range.family === family) ?? [wholeFamily(family)];
      for (const peer of ranges) {
        for (const transport of rule.transports ?? TRANSPORTS) {
          const portless = transport === 'esp' || transport === 'other';
          if (portless && rule.ports !== undefined) continue;
          for (const ports of rule.ports ?? [ALL_PORTS]) blocks.push({ transport, peer, ports });
        }
      }
    }
    return { blocks, partial };
  }
}
