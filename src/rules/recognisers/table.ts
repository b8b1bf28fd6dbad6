import { REJECTED, type Recogniser } from './recogniser.ts';

/** Column names that hold personal data; compared without case, spaces and punctuation. */
const PERSONAL = new Set(
  (
    'name firstname lastname surname givenname familyname fullname middlename customername contactname ' +
    'email emailaddress mail phone phonenumber telephone mobile mobilenumber fax address streetaddress street city ' +
    'postcode postalcode zip zipcode dob dateofbirth birthdate birthday ssn socialsecuritynumber nationalid taxid ' +
    'passport passportnumber iban accountnumber creditcard cardnumber pan salary gender nationality maritalstatus'
  ).split(' '),
);
/** Names that many tables have without being about people. */
const WEAK = new Set('name address city street mail phone fax gender'.split(' '));

/** Every personal column name holds one of these: a header has two of them. */
const HINT =
  '(?i:name|mail|phone|mobile|fax|address|street|city|post|zip|birth|dob|ssn|security|national|tax|passport|iban|account|card|pan|salary|gender|marital)';

/** A name of a column, not a statement, a template or a pattern of a program. */
const COLUMN = /^["']?[A-Za-z\x80-\xff][\w\x80-\xff .?*/&()'-]*["']?$/;

/** A delimited table whose header names at least two personal columns, one of them not ambiguous, with a row below. */
export const TABLE: Recogniser = {
  name: 'table',
  source: 'RFC 4180 sections 2 and 3 (header line, quoting)',
  pattern: `^[^\\r\\n]*${HINT}[^\\r\\n]*[,;|\\t][^\\r\\n]*${HINT}[^\\r\\n]*\\r?\\n[^\\r\\n]+`,
  group: 0,
  accept: (value) => {
    const [header = '', row = ''] = value.split(/\r?\n/);
    const delimiter = [',', ';', '\t', '|'].find((char) => header.split(char).length >= 3) ?? ',';
    const cells = header.split(delimiter).map((cell) => cell.trim());
    if (!cells.every((cell) => cell === '' || cell === '""' || COLUMN.test(cell))) return REJECTED;
    const names = header.split(delimiter).map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
    const personal = new Set(names.filter((name) => PERSONAL.has(name)));
    const strong = [...personal].some((name) => !WEAK.has(name));
    if (personal.size < 2 || !strong || row.split(delimiter).length < names.length) return REJECTED;
    return { accepted: true, evidence: `table with ${personal.size} personal columns` };
  },
};
