/** The closed list of output formats: what `-o FORMAT=PATH` takes. */
export const FORMATS = {
  json: { media: 'application/json', extension: 'json', title: 'Result, canonical JSON' },
  jsonl: { media: 'application/jsonl', extension: 'jsonl', title: 'JSON Lines with header and footer' },
  pdf: { media: 'application/pdf', extension: 'pdf', title: 'Report for people, tagged PDF with the result inside' },
  csv: { media: 'text/csv', extension: 'csv', title: 'Entry register, safe to open in a spreadsheet' },
} as const;

export type Format = keyof typeof FORMATS;

/** True for a word of the list. */
export function isFormat(word: string): word is Format {
  return Object.hasOwn(FORMATS, word);
}
