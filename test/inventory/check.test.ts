import { expect, test } from 'vitest';
import { parseInventory } from '../../src/inventory/index.ts';
import { DataError } from '../../src/model/index.ts';

const VALID = `id: mine
version: 1.0.0
title: Mine
documents: { doc: { title: A document } }
platforms: { one: One }
contexts:
  - { id: top, title: top }
  - { id: inner, title: inner, membersOf: pack }
placeholders:
  number: { title: a number, chars: 0-9, min: 1, max: 3 }
items:
  - { id: pack, context: top, title: Pack, patterns: [pack.tgz], status: documented, content: [archive], cite: { document: doc, section: '1' } }
  - { id: log, context: inner, title: Log, patterns: ['log.{number}'], status: documented, content: [text], cite: { document: doc, section: '2' } }
disclosures:
  - { id: mail, title: Mail, files: [log], locators: [{ key: { name: mail } }], entity: [pii.email], reason: said so, cite: { document: doc, section: '3' } }
`;

function problemsOf(text: string): { at: string; message: string }[] {
  try {
    parseInventory(new TextEncoder().encode(text), 'mine.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.problems.map(({ line, pointer, message }) => ({ at: `${line} ${pointer}`, message }));
  }
}

test('a customer inventory that is right has no problems', () => {
  expect(problemsOf(VALID)).toEqual([]);
});

test.each([
  ['id: log,', 'id: pack,', '13 /items/1/id', /occurs twice/],
  ['context: inner', 'context: iner', '13 /items/1/context', /unknown context "iner"; known: top, inner/],
  ['membersOf: pack', 'membersOf: pakc', '8 /contexts/1/membersOf', /unknown item/],
  [', membersOf: pack', '', '8 /contexts/1', /membersOf and below/],
  ["'log.{number}'", "'log.{nubmer}'", '13 /items/1/patterns/0', /unknown placeholder \{nubmer\}/],
  ["'log.{number}'", "'/log'", '13 /items/1/patterns/0', /empty segment/],
  ["'log.{number}'", "'a/**/b'", '13 /items/1/patterns/0', /last segment/],
  ["'log.{number}'", "'a/../b'", '13 /items/1/patterns/0', /matches nothing/],
  ["'log.{number}'", "'a{'", '13 /items/1/patterns/0', /brace/],
  ["'log.{number}'", "'{lost}/a'", '13 /items/1/patterns/0', /reading/],
  ["patterns: ['log.{number}']", 'command: df -h', '13 /items/1/command', /commandNames/],
  ['min: 1, max: 3', 'min: 4, max: 3', '10 /placeholders/number', /min is greater/],
  ['chars: 0-9', "chars: '9-0'", '10 /placeholders/number', /no list of ASCII/],
  ['files: [log]', 'files: [lgo]', '15 /disclosures/0/files/0', /no item is named "lgo"/],
  ['entity: [pii.email]', 'entity: [secret.password]', '15 /disclosures/0/entity/0', /never be disclosed/],
  ['entity: [pii.email]', 'entity: [content.database]', '15 /disclosures/0/entity/0', /never be disclosed/],
  ['locators: [{ key: { name: mail } }]', 'anywhere: true', '15 /disclosures/0/entity/0', /locators only/],
  ["document: doc, section: '2'", "document: dco, section: '2'", '13 /items/1/cite/document', /unknown document/],
  ['content: [text]', 'content: [prose]', '13 /items/1/content/0', /must be one of/],
  ['status: documented, content: [text]', 'status: fine, content: [text]', '13 /items/1/status', /must be one of/],
  ['title: Log', 'titel: Log', '13 /items/1/titel', /unknown key "titel"/],
])('%s -> %s is an error at its line and pointer', (from, to, at, message) => {
  const text = VALID.replace(from, to);
  expect(text).not.toBe(VALID);
  const found = problemsOf(text).find((problem) => problem.at === at);
  expect(found?.message, JSON.stringify(problemsOf(text))).toMatch(message);
});

test('all problems are named, not the first one only', () => {
  const text = VALID.replace('context: inner', 'context: iner').replace('files: [log]', 'files: [lgo]');
  expect(problemsOf(text)).toHaveLength(2);
});
