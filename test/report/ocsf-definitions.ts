interface Attribute {
  readonly type: string;
  /** The server's export says `object_t` and names the object here; the library's names the object as the type. */
  readonly object_type?: string | null;
  readonly is_array?: boolean | null;
  readonly requirement?: string | null;
  readonly enum?: Readonly<Record<string, { readonly caption: string; readonly '@deprecated'?: unknown }>> | null;
  readonly sibling?: string | null;
  readonly profile?: string | null;
  readonly '@deprecated'?: unknown;
}

interface Definition {
  readonly uid?: number | null;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: {
    readonly at_least_one?: readonly string[];
    readonly just_one?: readonly string[];
  } | null;
}

/** The compiled form of a version of OCSF, as its schema server exports it whole. */
export interface OcsfDefinitions {
  readonly version: string;
  readonly types: Readonly<Record<string, { readonly type?: string | null; readonly regex?: string | null }>>;
  readonly classes: Readonly<Record<string, Definition>>;
  readonly objects: Readonly<Record<string, Definition>>;
}

type Item = Readonly<Record<string, unknown>>;

/**
 * What of an event disagrees with the definitions: unknown, missing, deprecated and foreign attributes, types, values
 * outside of an enum, names that are not the caption of their number, broken constraints. Empty if nothing does.
 */
export function ocsfProblems(definitions: OcsfDefinitions, event: Item): string[] {
  const kind = Object.values(definitions.classes).find(({ uid }) => uid === event['class_uid']);
  if (kind === undefined) return ['class_uid: no such class'];
  const metadata = (event['metadata'] ?? {}) as { version?: unknown; profiles?: readonly string[] };
  return [
    ...(metadata.version === definitions.version ? [] : ['metadata.version: another version']),
    ...(event['type_uid'] === Number(event['class_uid']) * 100 + Number(event['activity_id']) ? [] : ['type_uid: sum']),
    ...inside(definitions, kind, event, '', new Set(metadata.profiles)),
  ];
}

function inside(
  definitions: OcsfDefinitions,
  { attributes, constraints }: Definition,
  item: Item,
  at: string,
  profiles: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  const active = ({ profile }: Attribute) => !profile || profiles.has(profile);
  for (const [name, value] of Object.entries(item)) {
    const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (attribute === undefined) problems.push(`${at}${name}: no such attribute`);
    else if (!active(attribute)) problems.push(`${at}${name}: of a profile that is not named`);
    else {
      if (attribute['@deprecated']) problems.push(`${at}${name}: deprecated`);
      if (Array.isArray(value) !== (attribute.is_array ?? false)) problems.push(`${at}${name}: array or not`);
      for (const one of Array.isArray(value) ? value : [value])
        problems.push(...valued(definitions, attribute, one, item, `${at}${name}`, profiles));
    }
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.requirement === 'required' && active(attribute) && !(name in item))
      problems.push(`${at}${name}: missing`);
  }
  const count = (names: readonly string[]) => names.filter((name) => name in item).length;
  if (constraints?.at_least_one && count(constraints.at_least_one) === 0) problems.push(`${at}: at_least_one`);
  if (constraints?.just_one && count(constraints.just_one) !== 1) problems.push(`${at}: just_one`);
  return problems;
}

function valued(
  definitions: OcsfDefinitions,
  attribute: Attribute,
  value: unknown,
  item: Item,
  at: string,
  profiles: ReadonlySet<string>,
): string[] {
  const name = attribute.object_type ?? attribute.type;
  // The object without a name of its own holds anything.
  const object = name === 'object' ? 'any' : definitions.objects[name];
  if (object !== undefined) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`];
    return object === 'any' ? [] : inside(definitions, object, value as Item, `${at}.`, profiles);
  }
  if (!typed(definitions, attribute.type, value)) return [`${at}: no ${attribute.type}`];
  if (!attribute.enum) return [];
  const entry = attribute.enum[String(value)];
  if (entry === undefined) return [`${at}: not of the enum`];
  if (entry['@deprecated']) return [`${at}: a deprecated value`];
  const sibling = attribute.sibling ? item[attribute.sibling] : undefined;
  // 99 is "Other": its name is the source's own.
  return sibling === undefined || value === 99 || sibling === entry.caption ? [] : [`${at}: its name is another`];
}

function typed({ types }: OcsfDefinitions, name: string, value: unknown): boolean {
  const { type, regex } = types[name] ?? {};
  if (regex && !(typeof value === 'string' && new RegExp(regex).test(value))) return false;
  if (type) return typed({ types } as OcsfDefinitions, type, value);
  if (name === 'string_t') return typeof value === 'string';
  if (name === 'integer_t' || name === 'long_t') return Number.isSafeInteger(value);
  if (name === 'float_t') return typeof value === 'number';
  if (name === 'boolean_t') return typeof value === 'boolean';
  // An unknown type is the definitions' or our own fault, and must not pass.
  return name === 'json_t';
}
