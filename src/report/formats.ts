/** The closed list of output formats: what `-o FORMAT=PATH` takes. */
export const FORMATS = {
  json: { media: 'application/json', extension: 'json', title: 'Result, canonical JSON' },
  jsonl: { media: 'application/jsonl', extension: 'jsonl', title: 'JSON Lines with header and footer' },
  pdf: { media: 'application/pdf', extension: 'pdf', title: 'Report for people, tagged PDF with the result inside' },
  html: { media: 'text/html', extension: 'html', title: 'Report for people, one page without script' },
  sarif: { media: 'application/sarif+json', extension: 'sarif', title: 'SARIF 2.1.0' },
  junit: { media: 'application/xml', extension: 'xml', title: 'JUnit XML, one test case an entry' },
  oscal: { media: 'application/json', extension: 'oscal.json', title: 'OSCAL assessment results' },
  csv: { media: 'text/csv', extension: 'csv', title: 'Entry register, safe to open in a spreadsheet' },
  'in-toto': {
    media: 'application/vnd.in-toto+json',
    extension: 'intoto.json',
    title: 'in-toto statement, to be signed',
  },
  ocsf: { media: 'application/jsonl', extension: 'ocsf.jsonl', title: 'OCSF events, one a line' },
} as const;

export type Format = keyof typeof FORMATS;

/** True for a word of the list. */
export function isFormat(word: string): word is Format {
  return Object.hasOwn(FORMATS, word);
}
