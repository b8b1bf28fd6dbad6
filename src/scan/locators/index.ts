import type { Locator } from '../../model/index.ts';
import type { Extractor } from '../extractor.ts';
import { JsonTracker } from './json-tracker.ts';
import { LineTracker } from './line-tracker.ts';
import type { LocatedPlaces } from './located.ts';
import { XmlTracker } from './xml-tracker.ts';

export { LocatedPlaces } from './located.ts';

/** What follows an entry's structure so that the asked-for places are known; empty where nothing is asked for. */
export function trackersFor(locators: ReadonlyMap<string, Locator>, places: LocatedPlaces): Extractor[] {
  const xml = new Map([...locators].flatMap(([id, locator]) => ('xml' in locator ? [[id, locator.xml] as const] : [])));
  const json = new Map(
    [...locators].flatMap(([id, locator]) => ('json' in locator ? [[id, locator.json] as const] : [])),
  );
  const lines = new Map([...locators].filter(([, locator]) => 'key' in locator || 'column' in locator));
  return [
    ...(xml.size > 0 ? [new XmlTracker(xml, places)] : []),
    ...(json.size > 0 ? [new JsonTracker(json, places)] : []),
    ...(lines.size > 0 ? [new LineTracker(lines, places)] : []),
  ];
}
