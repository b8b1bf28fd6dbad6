import type { Problem } from '../catalog/index.ts';
import { compileGlob } from './glob.ts';
import type { KeptRule } from './kept-anchors.ts';
import { locatorMatcher } from './locator-pattern.ts';
import { MAX_MATCH, Matcher } from './matcher.ts';
import type { RuleDefinition, ValidatorCall } from './pack.ts';
import { ANY_BYTE, type Anchor, type AnchorSet, anchorsOf, PatternError, parsePattern } from './pattern/index.ts';
import { RECOGNISERS, type Recogniser } from './recognisers/index.ts';
import {
  type BoundValidator,
  type CompiledRule,
  DEFAULT_CONTEXT_WINDOW,
  foldAscii,
  KEYWORD_WINDOW,
  latin1OfUtf8,
  type Magic,
  normaliseValue,
} from './rule.ts';
import { argumentProblems } from './validator-arguments.ts';
import { VALIDATORS } from './validators/index.ts';

/** A rule whose best anchor is expected more often than this per byte is refused: it would run on all input. */
const MAX_COST = 0.15;
/** Above this, `rules check` warns, and keywords or required context words are used as anchors where they are rarer. */
export const DEAR_COST = 0.001;

/**
 * Compiles one rule; problems are pushed with their JSON Pointer, and then nothing is returned. Of a rule that the build
 * has compiled before, the pattern is not parsed until it is asked for.
 */
export function compileRule(
  pack: string,
  definition: RuleDefinition,
  pointer: string,
  problems: Problem[],
  kept?: KeptRule,
): CompiledRule | undefined {
  const before = problems.length;
  const validators = bindValidators(definition.validators ?? [], `${pointer}/validators`, problems, kept !== undefined);
  const confirm = bindValidators(definition.confirm ?? [], `${pointer}/confirm`, problems, kept !== undefined);
  const { match, context } = definition;
  const target = kept && !('magic' in match) ? null : matchTarget(definition, `${pointer}/match`, problems);
  const words = (list: readonly string[] | undefined) => (list ?? []).map((word) => foldAscii(latin1OfUtf8(word)));
  const keywords = words(definition.keywords);
  const shared = {
    id: `${pack}/${definition.id}`,
    definition,
    validators,
    confirm,
    keywords,
    context: {
      window: context?.window ?? DEFAULT_CONTEXT_WINDOW,
      require: words(context?.require),
      boost: words(context?.boost),
      suppress: words(context?.suppress),
    },
    base: definition.confidence?.base ?? 'medium',
    boosted: definition.confidence?.boosted ?? 'high',
    testValues: new Set(
      (definition.testValues ?? []).flatMap((value) => [latin1OfUtf8(value), normaliseValue(latin1OfUtf8(value))]),
    ),
    appliesTo: fileFilter(definition, pointer, problems),
  } as const;
  if (kept && target === null && problems.length === before) {
    const compiled = lazily(() => matchTarget(definition, pointer, []) as Exclude<Target, { magic: Magic }>);
    return {
      ...shared,
      ...kept,
      get matcher() {
        return compiled().matcher;
      },
      ...('parser' in match && { recogniser: RECOGNISERS.get(match.parser)! }),
    };
  }
  if (!target || problems.length > before) return undefined;
  if (target.magic) {
    return { ...shared, magic: target.magic, anchors: { anchors: [], cost: 0 }, anchoredBy: 'offset' };
  }
  const { matcher, recogniser } = target;
  const choice = chooseAnchors(matcher, keywords, shared.context);
  if (!choice) {
    const place = 'regex' in match ? '/match/regex/pattern' : '/match';
    problems.push({
      pointer: pointer + place,
      message: 'no anchor: the pattern has nothing that is certain to occur and rare; add keywords or context.require',
    });
    return undefined;
  }
  return { ...shared, matcher, ...choice, ...(recogniser && { recogniser }) };
}

function lazily<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

type Target = { matcher: Matcher; recogniser?: Recogniser; magic?: never } | { magic: Magic };

function matchTarget(definition: RuleDefinition, pointer: string, problems: Problem[]): Target | undefined {
  const { match } = definition;
  let place = pointer;
  try {
    if ('magic' in match) return { magic: parseMagic(match.magic) };
    if ('parser' in match) {
      const recogniser = RECOGNISERS.get(match.parser);
      if (!recogniser) throw new PatternError(`parser "${match.parser}" is not available`, -1);
      return { matcher: Matcher.parse(recogniser.pattern, recogniser.group), recogniser };
    }
    if ('literal' in match) {
      place = `${pointer}/literal/values`;
      const items = match.literal.values.map((value) => parsePattern(literal(value), match.literal.ignoreCase).node);
      return { matcher: new Matcher({ type: 'alternate', items }, 0, 0) };
    }
    if ('locator' in match) {
      place = `${pointer}/locator`;
      return locatorMatcher(match.locator);
    }
    place = `${pointer}/regex/pattern`;
    const { pattern, group = 0, ignoreCase = false } = match.regex;
    const parsed = parsePattern(pattern, ignoreCase);
    if (group > parsed.groups) {
      place = `${pointer}/regex/group`;
      throw new PatternError(`the pattern has ${parsed.groups} groups`, -1);
    }
    const matcher = new Matcher(parsed.node, parsed.groups, group);
    if (matcher.span.min === 0) throw new PatternError('the pattern can match nothing at all', -1);
    return { matcher };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const where = error.index >= 0 ? ` (character ${error.index + 1} of the pattern)` : '';
    problems.push({ pointer: place, message: error.message + where });
    return undefined;
  }
}

function parseMagic({ offset, hex }: { readonly offset: number; readonly hex: string }): Magic {
  const pairs = hex.match(/../g)!;
  return {
    offset,
    bytes: Uint8Array.from(pairs, (pair) => (pair === '??' ? 0 : Number.parseInt(pair, 16))),
    mask: Uint8Array.from(pairs, (pair) => (pair === '??' ? 0 : 1)),
  };
}

function literal(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The rarest of what the pattern itself demands, its keywords and its required context words. */
function chooseAnchors(
  matcher: Matcher,
  keywords: readonly string[],
  context: CompiledRule['context'],
): { anchors: AnchorSet; anchoredBy: CompiledRule['anchoredBy'] } | undefined {
  const bound = ({ sets, before, through }: Anchor): Anchor => {
    const min = Math.max(0, Math.min(before.min, MAX_MATCH));
    return { sets, before: { min, max: Math.min(before.max, MAX_MATCH) }, through };
  };
  const derived = anchorsOf(matcher.node);
  const pattern = derived && { anchors: derived.anchors.map(bound), cost: derived.cost };
  const options: { anchors: AnchorSet; anchoredBy: CompiledRule['anchoredBy'] }[] = [];
  if (pattern) options.push({ anchors: pattern, anchoredBy: 'pattern' });
  if (!pattern || pattern.cost > DEAR_COST) {
    const near = (list: readonly string[], window: number): AnchorSet | null => {
      const sets = list.map((word) => anchorsOf(parsePattern(literal(word), true).node));
      if (list.length === 0 || sets.some((set) => set === null)) return null;
      const reach = matcher.reach + window;
      const anchors = sets.flatMap((set, index) =>
        set!.anchors.map((anchor) => ({
          sets: anchor.sets,
          before: { min: -window - list[index]!.length, max: reach + list[index]!.length },
          through: ANY_BYTE,
        })),
      );
      return { anchors, cost: sets.reduce((sum, set) => sum + set!.cost, 0) };
    };
    const byKeyword = near(keywords, KEYWORD_WINDOW);
    if (byKeyword) options.push({ anchors: byKeyword, anchoredBy: 'keywords' });
    const byContext = near(context.require, context.window);
    if (byContext) options.push({ anchors: byContext, anchoredBy: 'context' });
  }
  options.sort((left, right) => left.anchors.cost - right.anchors.cost);
  return options[0] && options[0].anchors.cost <= MAX_COST ? options[0] : undefined;
}

/** `checked`: the arguments were found valid by the build. */
function bindValidators(
  calls: readonly ValidatorCall[],
  pointer: string,
  problems: Problem[],
  checked: boolean,
): BoundValidator[] {
  return calls.flatMap((call, index) => {
    const { name, ...args } = call;
    const validator = VALIDATORS.get(name);
    if (!validator) {
      const known = [...VALIDATORS.keys()].sort().join(', ');
      problems.push({ pointer: `${pointer}/${index}/name`, message: `no validator "${name}"; known: ${known}` });
      return [];
    }
    if (!checked) problems.push(...argumentProblems(validator.arguments, args, `${pointer}/${index}`));
    return [{ validator, args }];
  });
}

function fileFilter({ files }: RuleDefinition, pointer: string, problems: Problem[]): CompiledRule['appliesTo'] {
  const compile = (globs: readonly string[] | undefined, key: string) =>
    (globs ?? []).map((glob, index) => {
      try {
        return compileGlob(glob);
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        problems.push({ pointer: `${pointer}/files/${key}/${index}`, message: error.message });
        return () => false;
      }
    });
  const include = compile(files?.include, 'include');
  const exclude = compile(files?.exclude, 'exclude');
  // Without a name, what is meant for some files only does not apply; an exclusion has nothing to exclude.
  return (path) =>
    path === null
      ? include.length === 0
      : (include.length === 0 || include.some((test) => test(path))) && !exclude.some((test) => test(path));
}
