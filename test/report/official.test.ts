import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { anyResult } from './arbitrary.ts';
import { type OcsfDefinitions, ocsfProblems } from './ocsf-definitions.ts';
import { cleared, collect, held, incomplete, withDocument, withTransport } from './samples.ts';

/** `official/README.md` says which files these variables may name, and where they are from. */
const oscalFile = process.env['TEST_OSCAL_SCHEMA'] ?? '';
const ocsfFile = process.env['TEST_OCSF_SCHEMA'] ?? '';

const gallery = join(import.meta.dirname, '..', '..', 'reports', 'samples');
const SAMPLES = [cleared(), withDocument(withTransport(held())), incomplete()];
const text = async (format: 'oscal' | 'ocsf', result: StoredResult) =>
  (await collect(render(format, result, DEFAULT_OPTIONS))).toString();
const anyOrSample = (check: (result: StoredResult) => Promise<void>) =>
  fc.assert(fc.asyncProperty(anyResult, check), { numRuns: 200, examples: SAMPLES.map((sample) => [sample]) });
const events = (lines: string) =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe.skipIf(oscalFile === '')(`OSCAL${oscalFile ? '' : ' (missing: TEST_OSCAL_SCHEMA)'}`, () => {
  const check = (value: unknown): string[] => {
    const ajv = compiled();
    ajv(value);
    return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
  let kept: ReturnType<Ajv['compile']> | undefined;
  const compiled = () => {
    const ajv = new Ajv({ allErrors: true, strict: false });
    (addFormats as unknown as (ajv: Ajv) => void)(ajv);
    kept ??= ajv.compile(JSON.parse(readFileSync(oscalFile, 'utf8')));
    return kept;
  };

  test('any result is valid by the schema of NIST, of the edition that it names', async () => {
    expect(compiled().schema).toMatchObject({
      $id: `http://csrc.nist.gov/ns/oscal/${DEFAULT_OPTIONS.oscalVersion}/oscal-ar-schema.json`,
    });
    expect(check(JSON.parse(readFileSync(join(gallery, 'held.oscal.json'), 'utf8')))).toEqual([]);
    await anyOrSample(async (result) => {
      expect(check(JSON.parse(await text('oscal', result)))).toEqual([]);
    });
  });

  test('it sees what is wrong', async () => {
    const good = await text('oscal', held());
    const breaks: readonly (readonly [string, string])[] = [
      ['"state":"not-satisfied"', '"state":"unknown"'],
      ['"collected":', '"gathered":'],
      ['T00:00:00Z"', '"'],
      ['"uuid":"', '"uuid":"x'],
      ['"control-id":"', '"control-id":"0'],
      ['"ns":"https:', '"ns":"'],
    ];
    for (const [from, to] of breaks) {
      expect(good).toContain(from);
      expect([from, check(JSON.parse(good.replace(from, to)))]).not.toEqual([from, []]);
    }
  });
});

describe.skipIf(ocsfFile === '')(`OCSF${ocsfFile ? '' : ' (missing: TEST_OCSF_SCHEMA)'}`, () => {
  test('the events of any result follow the definitions', async () => {
    const definitions: OcsfDefinitions = JSON.parse(readFileSync(ocsfFile, 'utf8'));
    for (const event of events(readFileSync(join(gallery, 'held.ocsf.jsonl'), 'utf8')))
      expect(ocsfProblems(definitions, event)).toEqual([]);
    await anyOrSample(async (result) => {
      for (const event of events(await text('ocsf', result))) expect(ocsfProblems(definitions, event)).toEqual([]);
    });
  });
});

describe('the reader of OCSF definitions', () => {
  const object = (attributes: OcsfDefinitions['classes'][string]['attributes'], more = {}) => ({ attributes, ...more });
  const number = (more = {}) => ({ type: 'integer_t', requirement: 'required', ...more });
  const definitions: OcsfDefinitions = {
    version: '9.9.0',
    types: { string_t: {}, integer_t: {}, hex_t: { type: 'string_t', regex: '^[0-9a-f]+$' } },
    classes: {
      knot: object(
        {
          class_uid: number(),
          activity_id: number({
            sibling: 'activity',
            enum: { 1: { caption: 'Tie' }, 2: { caption: 'Cut', '@deprecated': {} } },
          }),
          activity: { type: 'string_t' },
          type_uid: number(),
          metadata: { type: 'metadata', requirement: 'required' },
          ropes: { type: 'object_t', object_type: 'rope', is_array: true },
          old: { type: 'string_t', '@deprecated': { since: '9.0.0' } },
          far: { type: 'string_t', requirement: 'required', profile: 'sea' },
          rest: { type: 'object' },
        },
        { uid: 7001 },
      ),
    },
    objects: {
      metadata: object({
        version: { type: 'string_t', requirement: 'required' },
        profiles: { type: 'string_t', is_array: true },
      }),
      rope: object(
        { name: { type: 'string_t' }, hash: { type: 'hex_t' } },
        { constraints: { at_least_one: ['name', 'hash'] } },
      ),
    },
  };
  const good = {
    class_uid: 7001,
    activity_id: 1,
    activity: 'Tie',
    type_uid: 700101,
    metadata: { version: '9.9.0' },
    ropes: [{ name: 'a' }, { hash: '0f' }],
    rest: { anything: [1] },
  };

  test('accepts what follows them', () => {
    expect(ocsfProblems(definitions, good)).toEqual([]);
    const far = { ...good, far: 'x', metadata: { version: '9.9.0', profiles: ['sea'] } };
    expect(ocsfProblems(definitions, far)).toEqual([]);
  });

  test.each([
    ['class_uid: no such class', { class_uid: 7002 }],
    ['type_uid: sum', { type_uid: 700102 }],
    ['metadata.version: another version', { metadata: { version: '9.8.0' } }],
    ['metadata.version: missing', { metadata: {} }],
    ['other: no such attribute', { other: 1 }],
    ['toString: no such attribute', { toString: 1 }],
    ['old: deprecated', { old: 'x' }],
    ['activity_id: a deprecated value', { activity_id: 2, type_uid: 700102 }],
    ['activity_id: not of the enum', { activity_id: 3, type_uid: 700103 }],
    ['activity_id: its name is another', { activity: 'Bind' }],
    ['activity: no string_t', { activity: 1 }],
    ['ropes: array or not', { ropes: { name: 'a' } }],
    ['ropes.: at_least_one', { ropes: [{}] }],
    ['ropes.hash: no hex_t', { ropes: [{ hash: 'G' }] }],
    ['far: of a profile that is not named', { far: 'x' }],
    ['far: missing', { metadata: { version: '9.9.0', profiles: ['sea'] } }],
    ['rest: no object', { rest: 'x' }],
  ])('says %s', (problem, change) => {
    expect(ocsfProblems(definitions, { ...good, ...change })).toContain(problem);
  });
});
