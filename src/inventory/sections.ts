import type { Inventory } from './inventory.ts';

/** A line of a file that names a command whose output follows. */
export interface Heading {
  readonly line: number;
  /** The documented command it names; `null` for one that the source does not list for this file. */
  readonly command: string | null;
}

export interface SectionCheck {
  readonly item: string;
  readonly headings: readonly Heading[];
  /** Documented commands that no heading names; a list of what may be sent, so that is nothing against the file. */
  readonly absent: readonly string[];
}

/** What stands around a heading: comment signs, rules, prompts, brackets, `Output of`, a colon at the end. */
const DECORATION = /^(?:[#=*<>[\]$|+-]+\s*)+|(?:\s*[#=*<>[\]|:+-]+)+$/g;
const INTRODUCED = /^(?:output (?:of|from)|command|cmd|running|executing)\b\s*:?\s*/i;
/** How commands of the console begin, and what any command line looks like: a word, then an option. */
const OF_CONSOLE = /^(?:\/\S*\/)?(?:ls|ch|mk|rm|get|show|start|stop|mksys|hmc)[a-z]{2,20}(?:\s|$)/;
const WITH_OPTION = /^(?:\/\S*\/)?[A-Za-z][\w.-]{1,30}(?:\s+[\w./$-]+)*\s+--?[A-Za-z]/;

/**
 * The headings of a file whose documented content is the output of commands. A heading that names another command is
 * content that the source does not document. Files without headings are read as what they are: nothing is said.
 * Text of the file is never repeated: a heading may hold a name.
 * @returns undefined where the source lists no commands for the item
 */
export function checkSections(inventory: Inventory, id: string, text: string): SectionCheck | undefined {
  const documented = inventory.item(id)?.sections ?? [];
  if (documented.length === 0) return undefined;
  const headings: Heading[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const said = headingOf(raw);
    if (said === undefined) continue;
    headings.push({ line: index + 1, command: documented.find((command) => names(said, command)) ?? null });
  }
  const met = new Set(headings.map(({ command }) => command));
  return { item: id, headings, absent: documented.filter((command) => !met.has(command)) };
}

/** The words of a line if it is a heading: decorated or introduced, or by itself a command line. */
function headingOf(raw: string): string | undefined {
  const line = raw.trim();
  if (line === '' || line.length > 400) return undefined;
  const bare = line.replace(DECORATION, '').trim();
  const words = bare
    .replace(INTRODUCED, '')
    .replace(/^["'`]|["'`]$/g, '')
    .trim();
  const isCommand = OF_CONSOLE.test(words) || WITH_OPTION.test(words);
  // A record of a listing has its `=` before any blank.
  if (!isCommand || /^[\w"]+=/.test(words)) return undefined;
  return words;
}

/** Whether a heading names a documented command; `$machine` stands for any name, options may stand in another order. */
function names(heading: string, command: string): boolean {
  const [said, wanted] = [tokens(heading), tokens(command)];
  if (said[0] !== wanted[0] || said.length < wanted.length) return false;
  const free = wanted.filter((token) => token.startsWith('$')).length;
  const rest = [...said];
  for (const token of wanted) {
    if (token.startsWith('$')) continue;
    const at = rest.indexOf(token);
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return free > 0 ? rest.length >= free && !rest.some((token) => token.startsWith('-')) : rest.length === 0;
}

/** The command without its folder, and without where its output was sent. */
const tokens = (line: string): string[] =>
  line
    .replace(/\s*(?:>>?|\|).*$/, '')
    .replace(/^\/\S*\//, '')
    .split(/\s+/)
    .filter((token) => token !== '');

/** What a person reads of it; `undocumented` first. */
export function describeSections({ item, headings, absent }: SectionCheck): string {
  const strange = headings.filter(({ command }) => command === null);
  return [
    ...strange.map(
      ({ line }) => `undocumented: line ${line} names a command that the source does not list for ${item}`,
    ),
    `${headings.length} headings, ${headings.length - strange.length} of documented commands; not met: ${absent.length === 0 ? 'none' : absent.join('; ')}`,
    '',
  ].join('\n');
}
