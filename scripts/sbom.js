// Writes dist/sbom.cdx.json (CycloneDX 1.5): what runs beside our own code, from package-lock.json. No clock and no random
// number in it: the same lock gives the same bytes. `npm run sbom` prints it too.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const { name, version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const purl = (path) => `pkg:npm/${nameOf(path).replace('@', '%40')}@${packages[path].version}`;
const runtime = Object.keys(packages)
  .filter((path) => path !== '' && !packages[path].dev && !packages[path].devOptional)
  .sort();

/** As Node finds a package: beside, then further up. */
function resolve(from, dependency) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${dependency}`;
    if (path in packages) return path;
    if (at === '') return undefined;
  }
}

/** An SPDX id, an SPDX expression, or words of the package's own. */
function licence(terms) {
  if (/ (?:OR|AND|WITH) [\w(]/.test(terms) && !terms.startsWith('SEE ')) return { expression: terms };
  return { license: /^[\w.+-]+$/.test(terms) ? { id: terms } : { name: terms } };
}

function component(path) {
  const { version: found, license: terms, integrity, optional } = packages[path];
  const [, digest] = /^sha512-(\S+)$/.exec(integrity ?? '') ?? [];
  if (digest === undefined) throw new Error(`package-lock.json has no SHA-512 of ${path}`);
  const scoped = /^(@[^/]+)\/(.+)$/.exec(nameOf(path));
  return {
    type: 'library',
    'bom-ref': purl(path),
    ...(scoped && { group: scoped[1] }),
    name: scoped ? scoped[2] : nameOf(path),
    version: found,
    scope: optional ? 'optional' : 'required',
    hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
    ...(terms && { licenses: [licence(terms)] }),
    purl: purl(path),
  };
}

function edges(path) {
  const { dependencies, optionalDependencies } = packages[path];
  const found = Object.keys({ ...dependencies, ...optionalDependencies }).map((one) => resolve(path, one));
  return [...new Set(found.filter((one) => one !== undefined && runtime.includes(one)).map(purl))].sort();
}

const self = `pkg:npm/${name}@${version}`;
const unique = [...new Map(runtime.map((path) => [purl(path), path])).values()];
const content = {
  metadata: {
    component: {
      type: 'application',
      'bom-ref': self,
      name,
      version,
      description,
      licenses: [{ license: { id: license } }],
      purl: self,
    },
  },
  components: unique.map(component),
  dependencies: [
    { ref: self, dependsOn: edges('') },
    ...unique.map((path) => ({ ref: purl(path), dependsOn: edges(path) })),
  ],
};
// RFC 9562 section 5.8: a UUID of our own making, here from the content.
const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
const uuid = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
const sbom = { bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber: `urn:uuid:${uuid}`, version: 1, ...content };
const text = `${JSON.stringify(sbom, null, 2)}\n`;
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist', 'sbom.cdx.json'), text);
if (process.env.npm_lifecycle_event === 'sbom') process.stdout.write(text);
