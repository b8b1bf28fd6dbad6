// The built-in rules in forms that other engines read.
import { loadRulePacks } from '../dist/rules/index.js';

/** `(?i)` and `(?i:...)` written out: every letter in both cases. Other engines spell flags differently or not at all. */
export function unfold(pattern, ignoreCase = false) {
  let out = '';
  const stack = [];
  let fold = ignoreCase;
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') {
      const length = pattern[at + 1] === 'x' ? 4 : 2;
      out += pattern.slice(at, at + length);
      at += length - 1;
    } else if (inClass) {
      const range = /^([A-Za-z])-([A-Za-z])/.exec(pattern.slice(at));
      if (fold && range) {
        out += `${range[0]}${other(range[1])}-${other(range[2])}`;
        at += 2;
      } else if (fold && /[A-Za-z]/.test(char)) out += char + other(char);
      else out += char;
      if (char === ']') inClass = false;
    } else if (char === '[') {
      inClass = true;
      out += char;
      if (pattern[at + 1] === '^') out += pattern[++at];
    } else if (char === '(') {
      const flag = /^\(\?i([:)])/.exec(pattern.slice(at));
      if (flag?.[1] === ')') fold = true;
      else {
        stack.push(fold);
        out += flag ? '(?:' : pattern.startsWith('(?', at) ? '(' : '(?:';
        if (flag) fold = true;
      }
      if (flag) at += 3;
    } else if (char === ')') {
      fold = stack.pop() ?? fold;
      out += char;
    } else out += fold && /[A-Za-z]/.test(char) ? `[${char}${other(char)}]` : char;
  }
  return out;
}

function other(char) {
  return char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
}

/** Built-in rules that look at every file and are one pattern, with that pattern for other engines. */
export function plainRules() {
  return loadRulePacks(['default']).rules.flatMap(({ definition }) => {
    if (!('regex' in definition.match) || definition.files) return [];
    const { pattern, ignoreCase } = definition.match.regex;
    const plain = unfold(pattern, ignoreCase);
    try {
      new RegExp(plain, 'gm');
    } catch {
      return [];
    }
    return [{ definition, plain }];
  });
}

/** `count` rules spread over all of them, as a pack. */
export function packOf(rules, count) {
  const step = rules.length / count;
  const chosen = Array.from(
    { length: Math.min(count, rules.length) },
    (_, index) => rules[Math.floor(index * Math.max(1, step))],
  );
  const definitions = chosen.map(({ definition }, index) => ({ ...definition, id: `r${index}-${definition.id}` }));
  return { id: 'bench', version: '1.0.0', title: 'Rules of the bench', rules: definitions };
}
