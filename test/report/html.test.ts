import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { chromium } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { anyResult } from './arbitrary.ts';
import { cleared, collect, held, incomplete, large, withDocument } from './samples.ts';

const html = async (result: StoredResult): Promise<string> =>
  (await collect(render('html', result, DEFAULT_OPTIONS))).toString();

describe('the HTML report', () => {
  test('any result: no script, no handler, nothing from outside, every element we did not open is text', async () => {
    const known =
      /^(?:!doctype html|(?:html|head|meta|title|style|body|header|main|footer|p|strong|span|code|h1|h2|dl|dt|dd|ul|li|svg|defs|pattern|rect|path|div|table|caption|thead|tbody|tr|th|td|details|summary|blockquote|cite)(?: [a-z-]+="[^"<>]*")*\/?|\/[a-z0-9]+)$/i;
    await fc.assert(
      fc.asyncProperty(anyResult, async (result) => {
        const text = await html(result);
        const tags = [...text.matchAll(/<([^>]*)>/g)].map((match) => (match[1] as string).replaceAll('\n', ' '));
        expect(tags.filter((tag) => !known.test(tag) && !tag.startsWith('meta '))).toEqual([]);
        expect(text).not.toMatch(/<script|\son\w+=|javascript:|(?:src|href)=/i);
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u200b]/);
      }),
      { numRuns: 60, examples: [[held()], [incomplete()]] },
    );
  });

  test('the policy allows exactly its own style sheet', async () => {
    const text = await html(cleared());
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] as string;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(text).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(text).not.toContain('style="');
  });
});

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

(browser ? describe : describe.skip)(`in a browser${browser ? '' : ' (missing: chromium)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const open = (bypassCSP: boolean) =>
    chromium.launchPersistentContext(join(folder, `profile-${bypassCSP}`), {
      executablePath: browser as string,
      headless: true,
      bypassCSP,
      args: ARGUMENTS,
    });

  test('the policy lets our own style through, and asks nobody for anything', async () => {
    const context = await open(false);
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) complaints.push(`asked for ${request.url()}`);
      });
      const file = join(folder, 'policy.html');
      const border = async (text: string) => {
        writeFileSync(file, text);
        await page.goto(`file://${file}`);
        return page.evaluate("getComputedStyle(document.querySelector('.verdict')).borderTopWidth");
      };
      const text = await html(held());
      expect(await border(text)).toBe('2px');
      expect(complaints).toEqual([]);
      expect(await border(text.replace('<style>', '<style> '))).toBe('0px');
    } finally {
      await context.close();
    }
  }, 60_000);

  test('axe finds nothing on any verdict, wide and narrow', async () => {
    const context = await open(true);
    try {
      const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
      const page = await context.newPage();
      for (const [name, sample] of Object.entries({
        cleared: cleared(),
        held: withDocument(held()),
        incomplete: incomplete(),
        large: large(300),
      })) {
        const file = join(folder, `${name}.html`);
        writeFileSync(file, await html(sample));
        for (const width of [1200, 380]) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(`file://${file}`);
          await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
          await page.evaluate(axe);
          const violations = (await page.evaluate(
            'axe.run().then((found) => found.violations.map(({ id, nodes }) => id + nodes[0].html.slice(0, 120)))',
          )) as string[];
          expect([name, width, violations]).toEqual([name, width, []]);
          // A narrow page scrolls its tables, never itself.
          expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
        }
      }
      await page.evaluate("document.documentElement.removeAttribute('lang')");
      expect(await page.evaluate('axe.run().then((found) => found.violations.map(({ id }) => id))')).toEqual([
        'html-has-lang',
      ]);
    } finally {
      await context.close();
    }
  }, 120_000);
});
