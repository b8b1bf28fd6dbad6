import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { anyResult, hostileText } from './arbitrary.ts';
import { cleared, collect, entry, held, incomplete, stored, withDocument, withTransport } from './samples.ts';
import { missing, run } from './tool.ts';

interface Results {
  readonly 'import-ap': { readonly href: string };
  readonly results: readonly {
    readonly observations: readonly {
      readonly uuid: string;
      readonly description: string;
      readonly subjects?: readonly { readonly 'subject-uuid': string; readonly title: string }[];
      readonly 'relevant-evidence': readonly { readonly href: string; readonly description: string }[];
    }[];
    readonly findings: readonly {
      readonly 'related-observations': readonly { readonly 'observation-uuid': string }[];
    }[];
  }[];
  readonly 'back-matter': {
    readonly resources: readonly { readonly uuid: string; readonly rlinks: readonly { readonly href: string }[] }[];
  };
}

const oscal = async (result: StoredResult): Promise<Results> =>
  JSON.parse((await collect(render('oscal', result, DEFAULT_OPTIONS))).toString())['assessment-results'];

test('whatever is referred to stands in the document, and every resource has places, each once', async () => {
  const SAMPLES = [cleared(), withDocument(withTransport(held())), incomplete()];
  await fc.assert(
    fc.asyncProperty(anyResult, async (any) => {
      const document = await oscal(any);
      const resources = new Set(document['back-matter'].resources.map(({ uuid }) => `#${uuid}`));
      for (const { rlinks } of document['back-matter'].resources) {
        expect(rlinks.length).toBeGreaterThan(0);
        expect(new Set(rlinks.map(({ href }) => href)).size).toBe(rlinks.length);
      }
      const [results] = document.results;
      const observations = new Set(results?.observations.map(({ uuid }) => uuid));
      expect(resources.has(document['import-ap'].href)).toBe(true);
      for (const { subjects, 'relevant-evidence': evidence } of results?.observations ?? []) {
        for (const { 'subject-uuid': uuid } of subjects ?? []) expect(resources.has(`#${uuid}`)).toBe(true);
        for (const { href } of evidence) expect(resources.has(href)).toBe(true);
      }
      for (const { 'related-observations': related } of results?.findings ?? [])
        for (const { 'observation-uuid': uuid } of related) expect(observations.has(uuid)).toBe(true);
    }),
    { numRuns: 60, examples: SAMPLES.map((sample) => [sample]) },
  );
});

const named = (name: string): StoredResult =>
  stored(
    [entry([name], { coverage: 'unread', gaps: [{ code: 'truncated', detail: name }] })],
    { outcome: 'incomplete', level: 'L0', reasons: [], notices: [] },
    { payloads: [{ name, size: 1, sha256: null }] },
  );

test('a plain name stays as it is in Markdown, and a hostile one is no markup', async () => {
  const shown = async (name: string) => (await oscal(named(name))).results[0]?.observations[1]?.description;
  expect(await shown('HMC_V8R860_callhome.tgz')).toBe('HMC_V8R860_callhome.tgz');
  expect(await shown('commands/ls_-lR_.proc')).toBe('commands/ls\\_-lR\\_.proc');
  expect(await shown('![x](http://h/)<img src=//h>')).toBe('!\\[x\\](http://h/)\\<img src=//h\\>');
  expect(await shown('{{ insert: param, x }}')).toBe('\\{\\{ insert: param, x \\}\\}');
  expect(await shown('1. &amp; "~a^b')).toBe('1\\. \\&amp; \\"\\~a\\^b');
  expect(await shown('# x')).toBe('\\# x');
});

const noCmark = missing('cmark');
test.skipIf(noCmark.length > 0)(
  `CommonMark shows every name as text${noCmark.length > 0 ? ' (missing: cmark)' : ''}`,
  async () => {
    const sign = fc.constantFrom(...'\\`*_{}[]()<>~^"|&#!-+=.:/ a1', '&lt;', '&#60;', 'http://h', '<b>', '![', '](');
    const text = fc.oneof(
      hostileText,
      fc.array(sign, { maxLength: 12 }).map((signs) => signs.join('')),
    );
    const names = fc.sample(text, { numRuns: 3000, seed: 11 });
    const payloads = names.map((name) => ({ name, size: 1, sha256: null }));
    const { results } = await oscal({ ...cleared(), head: { ...cleared().head, payloads } });
    const titles = results[0]?.observations[0]?.subjects?.map(({ title }) => title) ?? [];
    expect(titles).toHaveLength(names.length);
    const { out } = run('cmark', ['--unsafe'], Buffer.from(titles.join('\n\n')));
    const paragraphs = out.trimEnd().split('\n');
    expect(paragraphs).toHaveLength(names.length);
    const back = (html: string) =>
      html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    for (const [at, paragraph] of paragraphs.entries()) {
      const inner = paragraph.replace(/^<p>|<\/p>$/g, '');
      expect(inner).not.toMatch(/[<>]/);
      // Without our own escapes the title is what is shown.
      expect(back(inner)).toBe((titles[at] as string).replace(/\\([!-/:-@[-`{-~])/g, '$1'));
    }
  },
);
