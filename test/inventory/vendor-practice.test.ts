import { expect, test } from 'vitest';
import {
  loadInventory,
  matchPath,
  outcomeOf,
  readEvents,
  reasonsServed,
  reportEvents,
  retentionCalendar,
  retentionDates,
  withoutRetention,
} from '../../src/inventory/index.ts';

const inventory = loadInventory('ibm-hmc-860');
const refs = (...names: string[]) =>
  names.map((name) => {
    const { item, status } = matchPath(inventory, 'top', name);
    return { id: item?.id ?? null, status, context: 'top' };
  });

test('the reasons that the files of a bundle serve', () => {
  const served = reasonsServed(inventory, refs('problems.xml', 'stats.send', 'nothing.txt'), 'ds8000');
  expect(served.map(({ reason, items, forbidden }) => [reason.id, items, forbidden])).toEqual([
    ['RS-01', ['problems-xml'], false],
    ['RS-05', ['problems-xml'], false],
    ['RS-07', ['stats-send'], true],
  ]);
  expect(reasonsServed(inventory, refs('LPMFFDC', 'gardRecord.xml'), 'power').map(({ reason }) => reason.id)).toEqual([
    'RS-08',
    'RS-10',
  ]);
  expect(reasonsServed(inventory, [undefined])).toEqual([]);
});

test.each([
  [
    '2017-12-04',
    '2017-12-20',
    ['problem-report 2018-02-18', 'problem-data 2017-12-07', 'inventory-and-performance null'],
  ],
  [
    '2016-02-27',
    '2016-01-01',
    ['problem-report 2016-03-01', 'problem-data 2016-03-01', 'inventory-and-performance null'],
  ],
  ['2017-12-30', undefined, ['problem-report null', 'problem-data 2018-01-02', 'inventory-and-performance null']],
  [undefined, undefined, ['problem-report null', 'problem-data null', 'inventory-and-performance null']],
])('uploaded %s, closed %s: kept until', (uploaded, closed, expected) => {
  const dates = retentionDates(inventory, { uploaded, closed });
  expect(dates.map(({ retention, until }) => `${retention.id} ${until}`)).toEqual(expected);
  expect(dates.map(({ formula }) => formula)).toEqual(['closure + 60 days', 'upload + 3 days', 'unbounded']);
});

test('only what a bundle holds, and what has no stated retention', () => {
  const items = new Set(['stats-send', 'gardrecord-xml']);
  expect(retentionDates(inventory, {}, items).map(({ retention }) => retention.id)).toEqual([
    'inventory-and-performance',
  ]);
  expect(withoutRetention(inventory, items)).toEqual(['gardrecord-xml']);
});

test.each(['2017-02-29', '2017-13-01', '20171201', '2017-12-1', 'today'])('%s is no date', (uploaded) => {
  expect(() => retentionDates(inventory, { uploaded })).toThrow(/no date/);
});

test('the calendar: lines of at most 75 octets that end in CR LF, no event without a date, same bytes each time', () => {
  const facts = { uploaded: '2017-12-04', closed: '2017-12-20' };
  const calendar = retentionCalendar(inventory, retentionDates(inventory, facts), facts);
  expect(calendar).toBe(retentionCalendar(inventory, retentionDates(inventory, facts), facts));
  expect(calendar.split('\r\n').every((line) => Buffer.byteLength(line) <= 75 && !line.includes('\n'))).toBe(true);
  const unfolded = calendar.replaceAll('\r\n ', '');
  expect(unfolded.match(/^DTSTART;VALUE=DATE:\d+/gm)).toEqual([
    'DTSTART;VALUE=DATE:20180218',
    'DTSTART;VALUE=DATE:20171207',
  ]);
  expect(new Set(unfolded.match(/^UID:.*/gm)).size).toBe(2);
  expect(unfolded).toContain('White Paper\\, IV Data');
  expect(retentionCalendar(inventory, retentionDates(inventory, {}), {})).not.toContain('VEVENT');
});

test('every contradiction has its words, its readings and what is done about it', () => {
  expect(inventory.conflicts.map(({ id }) => id)).toEqual([
    'client-data',
    'handshake-key',
    'md5-length',
    'triple-des-length',
    'sslv4',
    'inbound-origin',
    'modem-and-pass-through',
    'inbound-vpn-since-2015',
    'http-direction',
    'age-of-the-text',
    'bulk-encryption',
    'ipv6-split',
    'lost-directories',
    'duplicate-address',
  ]);
  for (const { statements, kind } of inventory.conflicts) {
    expect(statements.every(({ quote }) => quote)).toBe(true);
    if (kind === 'contradiction') expect(statements.length).toBe(2);
  }
});

const event = (problem: string, approval: string, files: string) =>
  `problem_num=${problem},pmh_num=,refcode=B3020001,status=Open,first_time=07/12/2016 13:21:14,sys_name=hmc1,sys_mtms=V8d7-f9d/fa6e3fc,text=A component on a partition, which is busy, is unavailable.,event_time=07/12/2016 13:21:14,"files=${files}",approval_state=${approval},callhome_intended=true,"fru_details=fru_part_num=X:fru_serial_num=,fru_part_num=Y:"\n`;
const FILES =
  'iqyvpd.dat/Configuration information associated with the HMC,problems.xml/XML version of the problems, HMC and server,hmc.eed/level from lshmc -V';

test('events of lssvcevents -t hardware', () => {
  const { events, bad } = readEvents(`${event('45', 'approved', FILES)}${event('46', 'unapproved', '')}broken\n`);
  expect(
    events.map(({ problem, approvalState, callHomeIntended }) => [problem, approvalState, callHomeIntended]),
  ).toEqual([
    ['45', 'approved', true],
    ['46', 'unapproved', true],
  ]);
  expect(events[0]?.files).toEqual([
    { name: 'iqyvpd.dat', description: 'Configuration information associated with the HMC' },
    { name: 'problems.xml', description: 'XML version of the problems, HMC and server' },
    { name: 'hmc.eed', description: 'level from lshmc -V' },
  ]);
  expect(bad).toEqual([{ line: 3, why: 'problem_num is missing' }]);
});

test('three ways: the paper, the list of the console, the archive', () => {
  const list = readEvents(event('45', 'approved', `${FILES},refcode.dat/list of reference codes,iqyymrge.log/log`));
  const [report] = reportEvents(inventory, list, {
    sent: ['problems.xml', 'hmc.eed', 'sys.eed', 'refcode.dat', 'x.zip'],
  });
  expect(report?.files.map(({ name, finding }) => `${name} ${finding}`)).toEqual([
    'hmc.eed agreed',
    'iqyvpd.dat listed-but-not-sent',
    'iqyymrge.log listed-but-undocumented',
    'problems.xml agreed',
    'refcode.dat sent-but-undocumented',
    'sys.eed sent-but-not-listed',
    'x.zip sent-but-neither',
  ]);
  expect(outcomeOf(report ? [report] : [], [])).toBe('violation');
});

test.each([
  ['approved', '2017-12-04T09:00:00Z', '2017-12-04T09:15:00Z', 'proven', 'clear'],
  ['approved', '2017-12-04T10:00:00+01:00', '2017-12-04T09:00:00Z', 'proven', 'clear'],
  ['approved', '2017-12-04T10:00:00Z', '2017-12-04T09:15:00Z', 'not-proven', 'unknown'],
  ['unapproved', '2017-12-04T10:00:00Z', '2017-12-04T09:15:00Z', 'disproved', 'violation'],
  ['unapproved', '2017-12-04T09:00:00Z', '2017-12-04T09:15:00Z', 'not-proven', 'unknown'],
  ['approved', undefined, '2017-12-04T09:15:00Z', 'not-proven', 'unknown'],
  ['approved', '2017-12-04T09:00:00Z', undefined, 'not-proven', 'unknown'],
])('%s in a list of %s, sent %s: %s', (state, listedAt, sentAt, approval, outcome) => {
  const reports = reportEvents(inventory, readEvents(event('45', state, FILES)), { listedAt, sentAt });
  expect([reports[0]?.approval.outcome, outcomeOf(reports, [])]).toEqual([approval, outcome]);
});

test('no event, an unknown problem number, a time that is none', () => {
  expect(outcomeOf(reportEvents(inventory, readEvents(''), {}), [])).toBe('unknown');
  const list = readEvents(event('45', 'approved', FILES));
  expect(() => reportEvents(inventory, list, { problem: '7' })).toThrow(/no problem number/);
  expect(() => reportEvents(inventory, list, { sentAt: 'noon' })).toThrow(/no date and time/);
});
