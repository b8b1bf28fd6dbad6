const CONSTRAINT = /^(constraint|primary|unique|check|foreign)\b/i;

/** Names of a table's columns in the order in which its records hold them. */
export interface Columns {
  readonly names: readonly string[];
  /** The column that is the row's number, and is not stored. */
  readonly rowid: number;
}

/** Reads a `CREATE TABLE` statement as SQLite keeps it. What it does not understand leaves columns without a name. */
export function columnsOf(sql: string): Columns {
  const open = sql.indexOf('(');
  const close = sql.lastIndexOf(')');
  if (open < 0 || close < open) return { names: [], rowid: -1 };
  const parts = definitions(sql.slice(open + 1, close));
  const names: string[] = [];
  const keys: string[] = [];
  let rowid = -1;
  for (const part of parts) {
    if (CONSTRAINT.test(part)) {
      const listed = /primary\s+key\s*\(([^)]*)\)/i.exec(part)?.[1];
      if (listed) keys.push(...listed.split(',').map((item) => nameAt(item.trim())));
      continue;
    }
    const name = nameAt(part);
    const rest = part.slice(name.length);
    // A generated column is computed, unless it is stored.
    if (/\bas\s*\(/i.test(rest) && !/\bstored\b/i.test(rest)) continue;
    if (/\bprimary\s+key\b/i.test(rest)) {
      keys.push(name);
      if (/^["'`\]]?\s*integer\s/i.test(rest)) rowid = names.length;
    }
    names.push(name);
  }
  if (!/\bwithout\s+rowid\b/i.test(sql.slice(close))) {
    const only = keys.length === 1 ? names.indexOf(keys[0]!) : -1;
    const integer = only >= 0 && parts.some((part) => nameAt(part) === keys[0] && /^\W*\w+\W*\s+integer\b/i.test(part));
    return { names, rowid: rowid >= 0 ? rowid : integer ? only : -1 };
  }
  const first = keys.filter((key, index) => keys.indexOf(key) === index && names.includes(key));
  return { names: [...first, ...names.filter((name) => !first.includes(name))], rowid: -1 };
}

function nameAt(text: string): string {
  const [, double, back, square, single, plain] =
    /^(?:"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|'((?:[^']|'')*)'|([^\s,()]+))/.exec(text) ?? [];
  return (double ?? back ?? square ?? single ?? plain ?? '').replace(/[\r\n\t]+/g, ' ');
}

/** Parts between commas that stand in no brackets and no quotes; comments are left out. */
function definitions(body: string): string[] {
  const parts: string[] = [];
  let current = '';
  let depth = 0;
  const tokens = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[\s\S]/g;
  for (const [token] of body.matchAll(tokens)) {
    if (token.startsWith('--') || token.startsWith('/*')) {
      current += ' ';
    } else if (token === ',' && depth === 0) {
      parts.push(current.trim());
      current = '';
    } else {
      if (token === '(') depth += 1;
      if (token === ')') depth -= 1;
      current += token;
    }
  }
  return [...parts, current.trim()].filter((part) => part !== '');
}
