import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { csvField } from '../../src/report/csv.ts';
import { DEFAULT_OPTIONS, type Format, type ReportOptions, render } from '../../src/report/index.ts';
import { anyResult, hostileText } from './arbitrary.ts';
import { cleared, collect, held, incomplete, large, withDocument } from './samples.ts';
import { missing, run } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = async (format: Format, result: StoredResult, options: Partial<ReportOptions> = {}): Promise<string> =>
  (await collect(render(format, result, { ...DEFAULT_OPTIONS, ...options }))).toString();

function checker(name: string): (value: unknown) => void {
  const ajv = new Ajv2020({ allErrors: true, strict: false, unicodeRegExp: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const check = ajv.compile(JSON.parse(readFileSync(join(import.meta.dirname, 'schemas', `${name}.json`), 'utf8')));
  return (value) => {
    check(value);
    expect((check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([]);
  };
}

const SAMPLES = [cleared(), withDocument(held()), incomplete()];
const anyOrSample = (runs: number, check: (result: StoredResult) => Promise<void>) =>
  fc.assert(fc.asyncProperty(anyResult, check), { numRuns: runs, examples: SAMPLES.map((sample) => [sample]) });

/** The schema file of the standard itself; draft-04 asks nothing that ajv's draft-07 reads otherwise, but for the names of ids. */
function officialSarif(): (value: unknown) => string[] {
  const bytes = readFileSync(join(import.meta.dirname, 'official', 'sarif-2.1.0-rtm.5.json'));
  const digest = createHash('sha256').update(bytes).digest('hex');
  expect(digest).toBe('2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8');
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(bytes.toString());
  // Some of its patterns are no regular expressions under the u flag.
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  const check = ajv.compile(schema);
  return (value) => {
    check(value);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

describe('SARIF', () => {
  const valid = checker('sarif');
  const official = officialSarif();
  test('both profiles are valid for any result, by our schema and by the official one', async () => {
    await anyOrSample(80, async (result) => {
      for (const sarifProfile of ['full', 'github'] as const) {
        const log = JSON.parse(await text('sarif', result, { sarifProfile }));
        valid(log);
        expect(official(log)).toEqual([]);
      }
    });
  });

  test('the official schema sees what is wrong', async () => {
    const log = await text('sarif', held());
    const breaks: readonly (readonly [string, string])[] = [
      ['"version":"2.1.0"', '"version":"2.2.0"'],
      ['"level":"error"', '"level":"fatal"'],
      ['"text":', '"words":'],
      ['"startLine":', '"startLine":-'],
      ['"guid":"', '"guid":"x'],
    ];
    for (const [from, to] of breaks) {
      expect(log).toContain(from);
      expect([from, official(JSON.parse(log.replace(from, to)))]).not.toEqual([from, []]);
    }
  });

  test('the published types accept it', async () => {
    const source = (value: string, at: number) => `export const log${at}: Log = ${value};\n`;
    const logs = await Promise.all(SAMPLES.map((sample) => text('sarif', sample)));
    const wrong = (logs[0] as string).replace('"version":"2.1.0"', '"version":"2.0.0"');
    const compile = (values: readonly string[]) => {
      const file = join(folder, 'log.ts');
      writeFileSync(file, `import type { Log } from 'sarif';\n${values.map(source).join('')}`);
      const types = dirname(dirname(createRequire(import.meta.url).resolve('@types/sarif/package.json')));
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            strict: true,
            noEmit: true,
            target: 'es2022',
            module: 'nodenext',
            typeRoots: [types],
            types: [],
            paths: { sarif: [join(types, 'sarif')] },
          },
          files: [file],
        }),
      );
      const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
      return run(process.execPath, [tsc, '-p', folder]).out;
    };
    expect(compile(logs)).toBe('');
    expect(compile([wrong])).toMatch(/2\.0\.0/);
  });

  test('members stand in their container; github gets no excerpt, no waived and no informational result', async () => {
    const full = JSON.parse(await text('sarif', held())).runs[0];
    const inner = full.artifacts.find(
      (artifact: { location: { uri: string } }) => artifact.location.uri === 'etc/hosts',
    );
    expect(full.artifacts[inner.parentIndex].location.uri).toBe('acuppd.tgz');
    expect(full.artifacts).toHaveLength(held().entryCount);
    const github = JSON.parse(await text('sarif', held(), { sarifProfile: 'github' })).runs[0];
    expect(github.artifacts).toEqual([]);
    expect(JSON.stringify(github)).not.toContain('[masked]');
    expect(JSON.stringify(github)).not.toMatch(/informational|environment-identifier/);
    expect(github.results.length).toBeGreaterThan(10);
    expect(JSON.parse(await text('sarif', incomplete())).runs[0].invocations[0].executionSuccessful).toBe(false);
  });

  test('no name becomes a scheme, an absolute or a climbing reference', async () => {
    await fc.assert(
      fc.asyncProperty(anyResult, async (result) => {
        for (const { location } of JSON.parse(await text('sarif', result)).runs[0].artifacts) {
          const resolved = new URL(location.uri, 'https://base.example/a/b/');
          expect(resolved.href.startsWith('https://base.example/a/b/')).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('OSCAL', () => {
  const valid = checker('oscal');
  test('is valid for any result, with identifiers that occur once and follow the content', async () => {
    await anyOrSample(60, async (result) => {
      const first = await text('oscal', result);
      valid(JSON.parse(first));
      expect(await text('oscal', result)).toBe(first);
      const uuids = [...first.matchAll(/"uuid":"([^"]+)"/g)].map((match) => match[1]);
      expect(new Set(uuids).size).toBe(uuids.length);
    });
  });
  test('a verdict other than cleared never satisfies the objective', async () => {
    expect(await text('oscal', cleared())).toContain('"state":"satisfied"');
    for (const sample of [held(), incomplete()])
      expect(await text('oscal', sample)).not.toContain('"state":"satisfied"');
    expect(
      JSON.parse(await text('oscal', cleared(), { oscalVersion: '1.2.1' }))['assessment-results'].metadata[
        'oscal-version'
      ],
    ).toBe('1.2.1');
  });
});

describe('OCSF', () => {
  const valid = checker('ocsf');
  test('every line is a valid event of class 2003 or 2006', async () => {
    await anyOrSample(60, async (result) => {
      const lines = (await text('ocsf', result)).trimEnd().split('\n');
      for (const line of lines) valid(JSON.parse(line));
    });
  });
});

test('OCSF and JUnit name the contradictions of the document, and only where there are any', async () => {
  const result = withDocument(held());
  const conflicts = result.head.document?.conflicts ?? [];
  expect(conflicts.length).toBeGreaterThan(5);
  const [verdict = '', ...others] = (await text('ocsf', result)).split('\n');
  expect(JSON.parse(verdict).unmapped.source_conflicts.map(({ id }: { id: string }) => id)).toEqual(
    conflicts.map(({ id }) => id),
  );
  expect(others.join('')).not.toContain('source_conflicts');
  const xml = await text('junit', result);
  for (const { id } of conflicts) expect(xml).toContain(`<property name="source-conflict.${id}"`);
  expect((await text('junit', held())) + (await text('ocsf', held()))).not.toMatch(/source.conflict/);
});

const noXmllint = missing('xmllint');
describe('JUnit', () => {
  test('is well-formed for any result, and its counts are those of its cases', async () => {
    await anyOrSample(60, async (result) => {
      const xml = await text('junit', result);
      expect(XMLValidator.validate(xml)).toBe(true);
      const { testsuite } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testcase' }).parse(
        xml,
      ).testsuites;
      expect(testsuite.testcase).toHaveLength(result.entryCount + 1);
      expect(Number(testsuite['@_tests'])).toBe(result.entryCount + 1);
      const problems = (kind: string) => testsuite.testcase.filter((item: object) => kind in item).length;
      expect(Number(testsuite['@_failures'])).toBe(problems('failure'));
      expect(Number(testsuite['@_errors'])).toBe(problems('error'));
      expect('failure' in testsuite.testcase[0] || 'error' in testsuite.testcase[0]).toBe(
        result.head.verdict.outcome !== 'cleared',
      );
    });
  });
  (noXmllint.length > 0 ? test.skip : test)(
    `validates by the schema${noXmllint.length > 0 ? ' (missing: xmllint)' : ''}`,
    async () => {
      const xsd = join(import.meta.dirname, 'schemas', 'junit.xsd');
      const any = fc.sample(anyResult, { numRuns: 25, seed: 7 });
      for (const sample of [...SAMPLES, ...any]) {
        const { status, err } = run(
          'xmllint',
          ['--noout', '--schema', xsd, '-'],
          Buffer.from(await text('junit', sample)),
        );
        expect([status, err]).toEqual([0, '- validates\n']);
      }
      const broken = (await text('junit', held())).replace('errors=', 'mistakes=');
      expect(run('xmllint', ['--noout', '--schema', xsd, '-'], Buffer.from(broken)).status).not.toBe(0);
    },
  );
});

describe('CSV', () => {
  test('no field starts a formula, and what is visible comes back', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const field = csvField(value);
        const bare = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
        expect(bare).not.toMatch(/^[=+\-@\t\r\n|%]/);
        expect(bare.trimStart()).not.toMatch(/^[=+\-@|%]/);
      }),
      { numRuns: 2000 },
    );
  });
  test('one row an entry, the same number of fields in each', async () => {
    const rows = (await text('csv', large(500))).split('\r\n');
    expect(rows.pop()).toBe('');
    expect(rows).toHaveLength(501);
    expect(rows[0]).toMatch(/^ordinal,path,kind,size,sha256/);
  });
});
