import type { Finding, ResultEntry, StoredResult } from '../model/index.ts';
import { shownReadings } from './document.ts';
import { holdingFindings, holdingStatus, reasonIndex } from './holding.ts';
import { shownPath, shownPlace } from './names.ts';
import { reasonWords } from './reason-words.ts';
import { VERDICT } from './wording.ts';
import { markup } from './xml.ts';

const CHUNK = 1 << 15;

interface Case {
  readonly outcome: 'passed' | 'failure' | 'error';
  readonly type: string;
  readonly message: string;
  readonly details: readonly string[];
}

/**
 * JUnit XML as CI servers read it: one test case for the verdict, one for every entry. An entry that holds the payload
 * fails; one that could not be read is an error, never "skipped", which CI servers show as green. The attributes are
 * those of junit-10.xsd, which Jenkins' xUnit plugin validates by: it knows no `skipped` of testsuites.
 */
export async function* renderJunit(result: StoredResult): AsyncGenerator<Uint8Array> {
  const sums = { failure: 0, error: 0, passed: 0 };
  const judged = caseOf(result);
  const overall = verdictCase(result);
  sums[overall.outcome] += 1;
  for await (const entry of result.entries()) sums[judged(entry).outcome] += 1;
  const tests = result.entryCount + 1;
  const name = markup(result.head.payloads.map((payload) => payload.name).join(', '));
  const counts = `tests="${tests}" failures="${sums.failure}" errors="${sums.error}" time="0"`;
  let text =
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="clearance" ${counts}>\n` +
    `<testsuite name="${name}" ${counts} skipped="0" timestamp="${result.head.asOf}T00:00:00">\n` +
    sourceConflicts(result) +
    caseText('clearance.verdict', 'may this payload leave the building', overall);
  let ordinal = 0;
  for await (const entry of result.entries()) {
    const inner = entry.path.length > 1 ? (entry.path.at(-1) as string) : (entry.path[0] ?? '');
    const place = entry.path.length > 1 ? shownPath(entry.path.slice(0, -1)) : 'payload';
    text += caseText(place, `${ordinal}: ${inner}`, judged(entry));
    ordinal += 1;
    if (text.length > CHUNK) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(`${text}</testsuite>\n</testsuites>\n`);
}

/** Properties stand outside the cases: a contradiction of the document is no test that a payload could fail. */
function sourceConflicts({ head }: StoredResult): string {
  const conflicts = head.document?.conflicts ?? [];
  if (conflicts.length === 0) return '';
  const properties = conflicts.map(
    (conflict) =>
      `<property name="source-conflict.${markup(conflict.id)}" value="${markup(`${conflict.title}: ${shownReadings(conflict)}`)}"/>\n`,
  );
  return `<properties>\n${properties.join('')}</properties>\n`;
}

function verdictCase({ head }: StoredResult): Case {
  const { outcome, reasons } = head.verdict;
  const details = reasons.map(
    ({ code, path, message, count }) => `${reasonWords(code)}: ${message} (${count}) in ${shownPath(path)}`,
  );
  const kind = { cleared: 'passed', held: 'failure', incomplete: 'error' } as const;
  return { outcome: kind[outcome], type: outcome, message: VERDICT[outcome].advice, details };
}

/** Follows the verdict: what the policy let pass passes here. */
function caseOf({ head }: StoredResult): (entry: ResultEntry) => Case {
  const holding = holdingFindings(head);
  const outside = holdingStatus(head);
  const named = reasonIndex(head);
  return (entry) => {
    const counting = [...holding(entry)];
    const gaps = entry.gaps.map(
      ({ code, detail, offset }) => `${code}: ${detail}${offset === undefined ? '' : ` (byte ${offset})`}`,
    );
    if (counting.length > 0) {
      const message = `${counting.length} findings count against it`;
      return { outcome: 'failure', type: 'finding', message, details: [...counting.map(findingText), ...gaps] };
    }
    if (outside(entry)) {
      const status = entry.item?.status ?? '';
      return { outcome: 'failure', type: status, message: `inventory: ${status}`, details: gaps };
    }
    if (entry.gaps.length > 0 && named('type-mismatch', entry.path) !== 'no') {
      return { outcome: 'failure', type: 'type-mismatch', message: 'not of the documented kind', details: gaps };
    }
    const untrusted = entry.gaps.length > 0 && named('untrusted-structure', entry.path) !== 'no';
    if (entry.coverage === 'unread' || untrusted) {
      return { outcome: 'error', type: entry.coverage, message: 'not all of it could be examined', details: gaps };
    }
    return { outcome: 'passed', type: '', message: '', details: [] };
  };
}

function findingText({ rule, class: type, at, state, count }: Finding): string {
  return `${rule} (${type}) at ${shownPlace(at)}: ${state}${(count ?? 1) > 1 ? `, ${count} times` : ''}`;
}

function caseText(place: string, name: string, { outcome, type, message, details }: Case): string {
  const open = `<testcase classname="${markup(place)}" name="${markup(name)}" time="0"`;
  if (outcome === 'passed') return `${open}/>\n`;
  const body = details.map(markup).join('\n');
  return `${open}><${outcome} type="${markup(type)}" message="${markup(message)}">${body}</${outcome}></testcase>\n`;
}
