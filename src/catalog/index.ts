/** The one loader of knowledge: read YAML or JSON, validate by `schemas/`, fail with file, line and pointer. */
export { type CatalogDocument, type Problem, parseCatalog, readCatalogFile } from './document.ts';
export { packageRoot } from './package-root.ts';
export { resolveOnShelf, type Shelf, shelfIds } from './shelf.ts';
export { validate } from './validate.ts';
