import { readCatalogFile } from '../catalog/index.ts';
import type { EndpointCatalog } from './load.ts';

/** What a person states of a control (`schemas/declarations.schema.json`). */
interface Declaration {
  readonly control: string;
  readonly state: 'met' | 'violated' | 'not-applicable';
  readonly by: string;
  /** ISO date. */
  readonly on: string;
  readonly note?: string;
}

/** A remote service session, as declared. */
export interface DeclaredSession {
  readonly enabledAt: string;
  readonly usedAt?: readonly string[];
  readonly disabledAt?: string;
}

export interface Declarations {
  readonly declarations: readonly Declaration[];
  readonly sessions?: readonly DeclaredSession[];
}

/** @throws DataError with line and pointer of every problem, unknown controls included */
export function loadDeclarations(file: string, catalog: EndpointCatalog): Declarations {
  const document = readCatalogFile<Declarations>(file, 'declarations');
  const known = new Set(catalog.controls.map(({ id }) => id));
  const problems = document.value.declarations.flatMap(({ control }, index) =>
    known.has(control)
      ? []
      : [
          {
            pointer: `/declarations/${index}/control`,
            message: `unknown control "${control}"; known: ${[...known].join(', ')}`,
          },
        ],
  );
  if (problems.length > 0) throw document.fail(problems);
  return document.value;
}

/** One use after enabling, then disabled: what the paper says of both approaches to remote service. */
export function judgeSession({ enabledAt, usedAt = [], disabledAt }: DeclaredSession): string | undefined {
  const enabled = Date.parse(enabledAt);
  if (usedAt.length > 1) return `enabled at ${enabledAt}, used ${usedAt.length} times`;
  if (usedAt.some((time) => Date.parse(time) < enabled)) return `used before it was enabled at ${enabledAt}`;
  if (usedAt.length === 1 && disabledAt === undefined) return `still enabled after its use (enabled at ${enabledAt})`;
  if (
    disabledAt !== undefined &&
    Date.parse(disabledAt) < Math.max(enabled, ...usedAt.map((time) => Date.parse(time)))
  ) {
    return `used or enabled after it was disabled at ${disabledAt}`;
  }
  return undefined;
}
