import type { Inventory } from './inventory.ts';
import { matchPath } from './match.ts';

/** A serviceable event as `lssvcevents -t hardware` prints it, one a line. */
export interface ServiceEvent {
  readonly line: number;
  readonly problem: string;
  /** What IBM calls the event, once it was reported. */
  readonly pmh: string | undefined;
  readonly refcode: string;
  /** What tells the same event in lists of several consoles, while it has no PMH number; undefined where some of it is missing. */
  readonly occurrence: string | undefined;
  readonly status: string;
  readonly callHomeIntended: boolean | undefined;
  readonly approvalState: string | undefined;
  /** What the console itself lists as sent for the event. */
  readonly files: readonly { readonly name: string; readonly description: string }[];
}

export interface ReadEvents {
  readonly events: readonly ServiceEvent[];
  readonly bad: readonly { readonly line: number; readonly why: string }[];
}

/** Reads the output of `lssvcevents -t hardware`: `key=value` pairs, quoted as a whole where a value holds commas. */
export function readEvents(text: string): ReadEvents {
  const events: ServiceEvent[] = [];
  const bad: { line: number; why: string }[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '' || line === 'No results were found.') continue;
    const fields = fieldsOf(line);
    const problem = fields?.get('problem_num');
    if (fields === undefined || problem === undefined || problem === '') {
      bad.push({ line: index + 1, why: fields === undefined ? 'a quote is not closed' : 'problem_num is missing' });
      continue;
    }
    const intended = fields.get('callhome_intended');
    events.push({
      line: index + 1,
      problem,
      pmh: fields.get('pmh_num') || undefined,
      refcode: fields.get('refcode') ?? '',
      occurrence: occurrenceOf(fields),
      status: fields.get('status') ?? '',
      callHomeIntended: intended === 'true' ? true : intended === 'false' ? false : undefined,
      approvalState: fields.get('approval_state'),
      files: filesOf(fields.get('files') ?? ''),
    });
  }
  return { events, bad };
}

function occurrenceOf(fields: ReadonlyMap<string, string>): string | undefined {
  const parts = ['refcode', 'sys_mtms', 'first_time'].map((name) => fields.get(name));
  return parts.every((part) => part) ? parts.join(' ') : undefined;
}

/** `a=1,"b=x,y",c=say ""so""`: a doubled quote inside quotes is one; text before the first `=` of a piece is its key. */
function fieldsOf(line: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  let piece = '';
  let quoted = false;
  let last = '';
  const end = (): void => {
    const match = /^([a-z_]+)=([\s\S]*)$/.exec(piece);
    // The free text of an event may hold a comma that was not quoted; it belongs to the field before it.
    if (match) {
      last = match[1] as string;
      fields.set(last, match[2] as string);
    } else if (last !== '') {
      fields.set(last, `${fields.get(last)},${piece}`);
    }
    piece = '';
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    if (character === '"' && quoted && line[at + 1] === '"') {
      piece += '"';
      at++;
    } else if (character === '"' && (quoted || piece === '')) quoted = !quoted;
    else if (character === ',' && !quoted) end();
    else piece += character;
  }
  if (quoted) return undefined;
  end();
  return fields;
}

/** `name/description,name/description`: a description may hold commas, a name holds neither comma nor blank. */
function filesOf(text: string): { name: string; description: string }[] {
  const files: { name: string; description: string }[] = [];
  for (const piece of text.split(',')) {
    const match = /^\s*([^\s/]+)(?:\/(.*))?$/.exec(piece);
    const before = files.at(-1);
    if (match !== null && (match[2] !== undefined || /\.\w+$/.test(match[1] as string))) {
      files.push({ name: match[1] as string, description: match[2] ?? '' });
    } else if (before !== undefined) {
      files[files.length - 1] = { ...before, description: `${before.description},${piece}` };
    }
  }
  return files;
}

/** What three sources say of one file: the paper, the console's own list for the event, the archive. */
export interface Reconciled {
  readonly name: string;
  readonly item: string | null;
  /** Documented by the inventory. */
  readonly documented: boolean;
  /** Listed by the console; `undefined` without an event. */
  readonly listed: boolean;
  readonly sent: boolean;
  /** `agreed`: all three. The others name what is wrong or missing. */
  readonly finding:
    | 'agreed'
    | 'sent-but-not-listed'
    | 'sent-but-undocumented'
    | 'sent-but-neither'
    | 'listed-but-not-sent'
    | 'listed-but-undocumented';
}

/** Reconciles the top-level names of an archive with the list of an event and the inventory, by name. */
export function reconcile(inventory: Inventory, event: ServiceEvent, sent: Iterable<string>): Reconciled[] {
  const archive = new Set(sent);
  const listed = new Set(event.files.map(({ name }) => name));
  const names = [...new Set([...listed, ...archive])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return names.map((name) => {
    const match = matchPath(inventory, inventory.contexts[0].id, name);
    const documented = match.status === 'documented' || match.status === 'documented-ambiguous';
    const [isListed, isSent] = [listed.has(name), archive.has(name)];
    return {
      name,
      item: match.item?.id ?? null,
      documented,
      listed: isListed,
      sent: isSent,
      finding: findingOf(documented, isListed, isSent),
    };
  });
}

function findingOf(documented: boolean, listed: boolean, sent: boolean): Reconciled['finding'] {
  if (!sent) return documented ? 'listed-but-not-sent' : 'listed-but-undocumented';
  if (documented) return listed ? 'agreed' : 'sent-but-not-listed';
  return listed ? 'sent-but-undocumented' : 'sent-but-neither';
}

/** Whether approval came before sending. */
export interface ApprovalProof {
  readonly outcome: 'proven' | 'disproved' | 'not-proven' | 'not-sent';
  readonly why: string;
}

export interface SendFacts {
  /** ISO date and time at which the list of events was taken. */
  readonly listedAt?: string | undefined;
  /** ISO date and time at which the event was sent. */
  readonly sentAt?: string | undefined;
}

/**
 * The list shows a state at one moment: approved in a list taken before sending proves it; not approved in a list taken
 * after sending disproves it; everything else proves nothing.
 */
export function proveApproval(event: ServiceEvent, { listedAt, sentAt }: SendFacts): ApprovalProof {
  if (event.callHomeIntended === false && sentAt === undefined) {
    return { outcome: 'not-sent', why: 'the console does not intend to call home, and no time of sending was given' };
  }
  if (event.approvalState === undefined) return { outcome: 'not-proven', why: 'the event has no approval_state' };
  const approved = event.approvalState.toLowerCase() === 'approved';
  if (sentAt === undefined) {
    return { outcome: 'not-proven', why: `${approved ? 'approved' : 'not approved'}; no time of sending was given` };
  }
  if (listedAt === undefined) return { outcome: 'not-proven', why: 'it is not known when the list was taken' };
  const before = Date.parse(listedAt) <= Date.parse(sentAt);
  if (approved && before) return { outcome: 'proven', why: 'approved in a list that was taken before sending' };
  if (approved) return { outcome: 'not-proven', why: 'approved in a list that was taken after sending only' };
  if (before) return { outcome: 'not-proven', why: 'not yet approved in a list that was taken before sending' };
  return { outcome: 'disproved', why: 'not approved in a list that was taken after sending' };
}
