import type { Program } from './program.ts';

interface CommandWords {
  readonly words: readonly string[];
  readonly summary: string;
  readonly flags: readonly string[];
}

/** A script that completes commands, then their flags, then files; made from the commands themselves. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', { commands }: Program): string {
  const sorted = Object.entries(commands).map(([words, { summary, flags }]) => ({
    words: words.split(' '),
    summary,
    flags: flags.map(({ name }) => name),
  }));
  return shell === 'fish' ? fish(sorted) : shell === 'zsh' ? `${ZSH}${bash(sorted)}` : bash(sorted);
}

/** zsh runs the bash script by its own emulation, which needs its own completion to be there. */
const ZSH =
  '(( $+functions[compdef] )) || { autoload -U compinit && compinit }\n' +
  'autoload -U +X bashcompinit && bashcompinit\n';

function bash(commands: readonly CommandWords[]): string {
  const cases = commands.map(
    ({ words, flags }) => `    '${words.join(' ')}') words='${flags.map((flag) => `--${flag}`).join(' ')}' ;;`,
  );
  const topics = [...new Set(commands.filter(({ words }) => words.length > 1).map(({ words }) => words[0] as string))];
  const below = topics.map((topic) => {
    const inside = commands.filter(({ words }) => words[0] === topic && words.length > 1).map(({ words }) => words[1]);
    return `    '${topic}') words='${inside.join(' ')}' ;;`;
  });
  const first = [...new Set(commands.map(({ words }) => words[0]))].join(' ');
  return `_clearance() {
  local current="\${COMP_WORDS[COMP_CWORD]}" one="\${COMP_WORDS[1]}" two="\${COMP_WORDS[2]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${first} --help --version' -- "$current"))
    return
  fi
  case "$one" in
${below.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 2 ] && [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  [ -n "$words" ] && one="$one $two"
  words=''
  case "$one" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words --help" -- "$current")) ;;
  esac
}
complete -o default -F _clearance clearance
`;
}

function fish(commands: readonly CommandWords[]): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replace(/<%[^>]*%>/g, 'clearance')}'`;
  const lines = commands.flatMap(({ words, summary, flags }) => {
    const [first, second] = words;
    const inside =
      second === undefined
        ? `__fish_seen_subcommand_from ${first}`
        : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
    const start =
      second === undefined
        ? '__fish_use_subcommand'
        : `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${second}`;
    return [
      ...(second === undefined ? [] : [`complete -c clearance -n __fish_use_subcommand -a ${first}`]),
      `complete -c clearance -n ${quoted(start)} -a ${second ?? first} -d ${quoted(summary)}`,
      ...flags.map((flag) => `complete -c clearance -n ${quoted(inside)} -l ${flag}`),
    ];
  });
  return `${[...new Set(lines)].join('\n')}\n`;
}
