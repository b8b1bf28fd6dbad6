import { type CompiledRule, type KnownName, nameRules, type RuleSet } from '../rules/index.ts';

/** So many names, of so many characters together, are swept for; those learned first. */
const MOST_NAMES = 400;
const MOST_CHARACTERS = 6000;
/** Shorter ones are words of every log. */
const SHORTEST = 4;

/** Names that every system has: finding them says nothing of this one. */
const COMMON = new Set(
  `localhost localdomain loopback broadcasthost ip6-localhost ip6-loopback localhost4 localhost6 root daemon nobody
  sshd systemd guest admin administrator user users test default unknown none null server client host node system
  services service localnet router gateway proxy backup oracle postgres mysql apache nginx tomcat www-data polkitd
  chrony rpcuser nfsnobody hscroot hscpe ccfw invscout snapp lpar ipsec esaadmin pconsole vios linux unix`.split(/\s+/),
);

/** What a payload tells of itself, for the entries that follow; bounded, and in the order of the walk. */
export class LearnedNames {
  readonly #names = new Map<string, KnownName>();
  readonly #suffix: string;
  #characters = 0;
  #rules: RuleSet | undefined;

  /** `how` is added to the evidence: by which pass they were learned. */
  constructor(how = '') {
    this.#suffix = how;
  }

  add(rule: CompiledRule, value: string): void {
    const entity = rule.definition.class;
    // The first label finds the qualified name too.
    const name = entity === 'net.user' ? value : value.split('.', 1)[0]!.toLowerCase();
    const key = `${entity} ${name}`;
    if (name.length < SHORTEST || !/[A-Za-z]/.test(name) || COMMON.has(name.toLowerCase()) || this.#names.has(key))
      return;
    if (this.#names.size >= MOST_NAMES || this.#characters + name.length > MOST_CHARACTERS) return;
    this.#names.set(key, { name, class: entity, from: rule.id + this.#suffix });
    this.#characters += name.length;
    this.#rules = undefined;
  }

  /** Rules that find the names learned so far; `undefined` while there are none. */
  rules(): RuleSet | undefined {
    if (this.#names.size > 0) this.#rules ??= nameRules([...this.#names.values()]);
    return this.#rules;
  }
}
