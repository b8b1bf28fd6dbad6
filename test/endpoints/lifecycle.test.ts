import { expect, test } from 'vitest';
import { judgeLifecycle, loadEndpoints, type ProductFacts } from '../../src/endpoints/index.ts';

const catalog = loadEndpoints('ibm-hmc-860');
const answer = (rule: string, facts: ProductFacts) => {
  const feature = catalog.lifecycle.find(({ id }) => id === rule)?.feature as string;
  return judgeLifecycle(catalog, [feature], facts).find((each) => each.rule === rule)?.outcome;
};

test.each<[string, ProductFacts, string]>([
  ['LC-01', { platform: 'ds8000', ds8880Release: '8.0' }, 'violation'],
  ['LC-01', { platform: 'ds8000', ds8880Release: 'none' }, 'allowed'],
  ['LC-01', { platform: 'ds8000' }, 'question'],
  ['LC-01', { platform: 'power' }, 'allowed'],
  ['LC-02', { introduced: 2015 }, 'violation'],
  ['LC-02', { introduced: 2014 }, 'allowed'],
  ['LC-02', {}, 'question'],
  ['LC-03', { platform: 'ds8000', ds8880Release: '8.1' }, 'violation'],
  ['LC-03', { platform: 'ds8000', ds8880Release: '7.9' }, 'allowed'],
  ['LC-04', { platform: 'power', processor: 8 }, 'violation'],
  ['LC-04', { platform: 'power', processor: 7 }, 'allowed'],
  ['LC-05', { platform: 'ds8000', ds8880Release: '10.0' }, 'violation'],
  ['LC-06', { platform: 'power', introduced: 2016 }, 'violation'],
  ['LC-06', { platform: 'power', introduced: 2012 }, 'allowed'],
  ['LC-07', { platform: 'ds8000', ds8880Release: '8.0' }, 'violation'],
  ['LC-08', { platform: 'ds8000', introduced: 2015 }, 'violation'],
  ['LC-08', { platform: 'power', introduced: 2015 }, 'allowed'],
  ['LC-09', { platform: 'ds8000', ds8880Release: '8.0' }, 'violation'],
  ['LC-10', { platform: 'power', introduced: 2015 }, 'violation'],
  ['LC-11', { platform: 'power', processor: 6 }, 'note'],
  ['LC-11', { platform: 'power', processor: 5 }, 'allowed'],
  ['LC-12', { platform: 'power' }, 'violation'],
  ['LC-13', { platform: 'ds8000' }, 'violation'],
  ['LC-14', { platform: 'ds8000' }, 'violation'],
  ['LC-14', { platform: 'power' }, 'allowed'],
  ['LC-15', { platform: 'ds8000' }, 'violation'],
  ['LC-16', {}, 'note'],
  ['LC-17', { platform: 'power', processor: 8 }, 'violation'],
  ['LC-17', { platform: 'power', processor: 7 }, 'allowed'],
  ['LC-17', { platform: 'power' }, 'question'],
])('%s for %j: %s', (rule, facts, outcome) => {
  expect(answer(rule, facts)).toBe(outcome);
});

test('every rule cites the words it stands on', () => {
  expect(catalog.lifecycle).toHaveLength(17);
  for (const rule of catalog.lifecycle) expect(rule.cite.quote, rule.id).toBeTruthy();
});

test('an unknown feature is an error that lists the known ones', () => {
  expect(() => judgeLifecycle(catalog, ['telex'], {})).toThrow(/no lifecycle rule/);
});
