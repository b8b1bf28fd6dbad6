import { type AddressRange, wholeFamily } from './address.ts';

/** Transport as a firewall sees it. `other`: any IP protocol but these and ICMP, which is not judged. */
export type Transport = 'tcp' | 'udp' | 'esp' | 'other';
export const TRANSPORTS: readonly Transport[] = ['tcp', 'udp', 'esp', 'other'];

export type PortRange = readonly [from: number, to: number];
export const ALL_PORTS: PortRange = [0, 65535];

/** A block of traffic: one transport, a range of peer addresses, a range of ports. */
export interface Block {
  readonly transport: Transport;
  readonly peer: AddressRange;
  readonly ports: PortRange;
}

export function everything(families: readonly (4 | 6)[]): Block[] {
  return families.flatMap((family) =>
    TRANSPORTS.map((transport) => ({ transport, peer: wholeFamily(family), ports: ALL_PORTS })),
  );
}

/** More blocks than this are too many to reason about; such a rule set is reported as not judged. */
const MOST_BLOCKS = 50_000;

export class TooComplex extends Error {}

export function intersect(a: readonly Block[], b: readonly Block[]): Block[] {
  const result: Block[] = [];
  for (const left of a) {
    for (const right of b) {
      const common = overlap(left, right);
      if (common !== undefined) result.push(common);
    }
    if (result.length > MOST_BLOCKS) throw new TooComplex('too many blocks of traffic');
  }
  return result;
}

export function subtract(from: readonly Block[], cuts: readonly Block[]): Block[] {
  let rest = [...from];
  for (const cut of cuts) {
    rest = rest.flatMap((block) => without(block, cut));
    if (rest.length > MOST_BLOCKS) throw new TooComplex('too many blocks of traffic');
  }
  return rest;
}

function overlap(a: Block, b: Block): Block | undefined {
  if (a.transport !== b.transport || a.peer.family !== b.peer.family) return undefined;
  const from = a.peer.from > b.peer.from ? a.peer.from : b.peer.from;
  const to = a.peer.to < b.peer.to ? a.peer.to : b.peer.to;
  const low = Math.max(a.ports[0], b.ports[0]);
  const high = Math.min(a.ports[1], b.ports[1]);
  if (from > to || low > high) return undefined;
  return { transport: a.transport, peer: { family: a.peer.family, from, to }, ports: [low, high] };
}

function without(block: Block, cut: Block): Block[] {
  const common = overlap(block, cut);
  if (common === undefined) return [block];
  const { peer, ports } = block;
  const rest: Block[] = [];
  if (peer.from < common.peer.from) rest.push({ ...block, peer: { ...peer, to: common.peer.from - 1n } });
  if (peer.to > common.peer.to) rest.push({ ...block, peer: { ...peer, from: common.peer.to + 1n } });
  if (ports[0] < common.ports[0]) rest.push({ ...block, peer: common.peer, ports: [ports[0], common.ports[0] - 1] });
  if (ports[1] > common.ports[1]) rest.push({ ...block, peer: common.peer, ports: [common.ports[1] + 1, ports[1]] });
  return rest;
}
