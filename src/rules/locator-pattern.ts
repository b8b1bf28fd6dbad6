import { Matcher } from './matcher.ts';
import type { RuleMatch } from './pack.ts';
import { everywhere, PatternError } from './pattern/index.ts';
import { REJECTED, type Recogniser } from './recognisers/index.ts';

type LocatorMatch = Extract<RuleMatch, { locator: unknown }>['locator'];

/**
 * A rule's locator as a pattern: the text of an XML element or attribute, a JSON member, the value of a key. As a rule
 * may look too widely but never too narrowly, only the last step of a path is demanded.
 */
export function locatorMatcher(locator: LocatorMatch): { matcher: Matcher; recogniser?: Recogniser } {
  const matcher = Matcher.parse(patternOf(locator), 1);
  if (locator.pattern === undefined) return { matcher };
  const inner = Matcher.parse(`\\A(?:${locator.pattern})\\z`);
  const match = { begin: 0, end: 0, valueBegin: 0, valueEnd: 0 };
  return {
    matcher,
    recogniser: {
      name: 'locator',
      source: 'the pack',
      pattern: '',
      group: 1,
      accept: (value) => {
        const bytes = Buffer.from(value, 'latin1');
        const whole = { bytes, begin: 0, end: bytes.length };
        return inner.find(whole, everywhere(0, 0), 0, match) ? { accepted: true } : REJECTED;
      },
    },
  };
}

function patternOf(locator: LocatorMatch): string {
  if ('xml' in locator) {
    const { element, attribute } = locator.xml;
    const tag = `<(?:[A-Za-z_][\\w.-]*:)?${quote(lastStep(element))}`;
    if (attribute === undefined) {
      return `${tag}(?:[ \\t\\r\\n][^<>]*)?>[ \\t\\r\\n]*(?:<!\\[CDATA\\[)?[ \\t\\r\\n]*([^<>\\]]+?)[ \\t\\r\\n]*(?:\\]\\]>)?[ \\t\\r\\n]*</`;
    }
    return `${tag}[ \\t\\r\\n](?:[^<>]*?[ \\t\\r\\n])?${quote(attribute)}[ \\t\\r\\n]*=[ \\t\\r\\n]*["']([^"'<>]+)["']`;
  }
  if ('json' in locator) {
    const key = lastStep(locator.json.path.replace(/\[[^\]]*\]/g, ''));
    return `"${quote(key)}"[ \\t\\r\\n]*:[ \\t\\r\\n]*"?((?:[^"\\\\\\r\\n,}]|\\\\.)+)`;
  }
  if ('key' in locator) {
    const open = '(?:^|[\\s,;"\'{(])';
    return `${open}${quote(locator.key.name)}["']?[ \\t]*[=:][ \\t]*["']{0,2}([^"'\\r\\n]+?)(?:["']|,"?[\\w.-]+=|[ \\t]*$)`;
  }
  throw new PatternError('a rule cannot demand a column yet', -1);
}

/** `/a/b`, `$.a.b` and `a.b` all end in `b`. */
function lastStep(path: string): string {
  return (
    path
      .split(/[/.]+/)
      .filter((step) => step !== '')
      .at(-1) ?? path
  );
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
