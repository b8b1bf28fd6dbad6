import { type CatalogDocument, type Problem, readCatalogFile, resolveOnShelf, shelfIds } from '../catalog/index.ts';
import type { CatalogIdentity, Citation } from '../model/index.ts';
import { type AddressRange, parseRange } from './address.ts';
import type {
  ControlDefinition,
  Direction,
  EndpointsDefinition,
  GroupDefinition,
  LifecycleRuleDefinition,
  Protocol,
} from './definition.ts';

/** One documented destination or port: a host, an address or range, a port. `null` where the source does not state it. */
export interface Endpoint {
  readonly group: string;
  readonly host: string | null;
  readonly address: string | null;
  readonly range: AddressRange | undefined;
  readonly port: number | null;
  readonly protocol: Protocol;
  readonly optional: boolean;
  readonly direction: Direction;
  readonly purpose: string;
  readonly ambiguous: boolean;
  readonly note?: string;
}

export interface EndpointGroup extends Omit<GroupDefinition, 'endpoints' | 'cite'> {
  readonly endpoints: readonly Endpoint[];
  readonly cite: Citation;
}

export interface LifecycleRule extends Omit<LifecycleRuleDefinition, 'cite' | 'level'> {
  readonly level: 'violation' | 'note';
  readonly cite: Citation;
}

export interface Control extends Omit<ControlDefinition, 'cite'> {
  readonly cite: Citation;
}

export interface EndpointCatalog {
  readonly identity: CatalogIdentity;
  readonly title: string;
  readonly profiles: readonly string[];
  readonly platforms: readonly string[];
  readonly groups: readonly EndpointGroup[];
  readonly lifecycle: readonly LifecycleRule[];
  readonly controls: readonly Control[];
}

/**
 * Loads an endpoint list by the id of a built-in one, or by the path of a file.
 * @throws UsageError for an unknown id, DataError with line and pointer of every problem of the file
 */
export function loadEndpoints(idOrFile: string): EndpointCatalog {
  const document = readCatalogFile<EndpointsDefinition>(resolveOnShelf('endpoints', idOrFile), 'endpoints');
  const problems = findProblems(document.value);
  if (problems.length > 0) throw document.fail(problems);
  return build(document);
}

/**
 * The built-in list that belongs to an inventory: the one it names, or else the one of its id, if there is one.
 * @throws UsageError for a name that is none
 */
export function endpointsFor(inventoryId: string, named?: string): EndpointCatalog | undefined {
  if (named !== undefined) return loadEndpoints(named);
  return shelfIds('endpoints').includes(inventoryId) ? loadEndpoints(inventoryId) : undefined;
}

function build({ value, sha256 }: CatalogDocument<EndpointsDefinition>): EndpointCatalog {
  const cite = ({ document, section, quote }: GroupDefinition['cite']): Citation => {
    const source = value.documents[document];
    return {
      document: source?.title ?? document,
      ...(source?.edition === undefined ? {} : { edition: source.edition }),
      section,
      ...(quote === undefined ? {} : { quote }),
    };
  };
  return {
    identity: { id: value.id, version: value.version, sha256 },
    title: value.title,
    profiles: Object.keys(value.profiles),
    platforms: Object.keys(value.platforms ?? {}),
    groups: value.groups.map((group) => ({ ...group, endpoints: expand(group), cite: cite(group.cite) })),
    lifecycle: (value.lifecycle ?? []).map((rule) => ({
      ...rule,
      level: rule.level ?? 'violation',
      cite: cite(rule.cite),
    })),
    controls: (value.controls ?? []).map((control) => ({ ...control, cite: cite(control.cite) })),
  };
}

/** One endpoint for each address and port. */
function expand({ id, direction, endpoints }: GroupDefinition): Endpoint[] {
  return endpoints.flatMap(({ host, addresses, ports, purpose, ambiguous, note }) =>
    (addresses.length === 0 ? [null] : addresses).flatMap((address) =>
      ports.map(({ port, protocol, optional }) => ({
        group: id,
        host,
        address,
        range: address === null ? undefined : parseRange(address),
        port,
        protocol,
        optional: optional === true,
        direction,
        purpose,
        ambiguous: ambiguous === true,
        ...(note === undefined ? {} : { note }),
      })),
    ),
  );
}

function findProblems(value: EndpointsDefinition): Problem[] {
  const problems: Problem[] = [];
  const known = (
    pointer: string,
    given: readonly string[] | undefined,
    names: object | undefined,
    what: string,
  ): void => {
    for (const [at, name] of (given ?? []).entries()) {
      if (!Object.hasOwn(names ?? {}, name))
        problems.push({ pointer: `${pointer}/${at}`, message: `unknown ${what} "${name}"` });
    }
  };
  const ids = new Set<string>();
  for (const [index, group] of value.groups.entries()) {
    const pointer = `/groups/${index}`;
    if (ids.has(group.id)) problems.push({ pointer: `${pointer}/id`, message: `the id "${group.id}" occurs twice` });
    ids.add(group.id);
    known(`${pointer}/profiles`, group.profiles, value.profiles, 'profile');
    known(`${pointer}/alsoFor`, group.alsoFor, value.profiles, 'profile');
    known(`${pointer}/platforms`, group.platforms, value.platforms, 'platform');
    for (const [at, endpoint] of group.endpoints.entries()) {
      for (const [place, address] of endpoint.addresses.entries()) {
        if (parseRange(address) !== undefined) continue;
        const where = `${pointer}/endpoints/${at}/addresses/${place}`;
        problems.push({ pointer: where, message: `"${address}" is no address or range` });
      }
    }
  }
  for (const [index, { platforms }] of (value.controls ?? []).entries()) {
    known(`/controls/${index}/platforms`, platforms, value.platforms, 'platform');
  }
  for (const list of ['groups', 'lifecycle', 'controls'] as const) {
    for (const [index, { cite }] of (value[list] ?? []).entries()) {
      if (Object.hasOwn(value.documents, cite.document)) continue;
      problems.push({ pointer: `/${list}/${index}/cite/document`, message: `unknown document "${cite.document}"` });
    }
  }
  return problems;
}
