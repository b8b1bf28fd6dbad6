import type { Recogniser } from './recogniser.ts';

const found = (evidence: string) => () => ({ accepted: true, evidence });

/** MIT keytab: version 05 02, then an entry of plausible size with a realm in letters. */
export const KEYTAB: Recogniser = {
  name: 'keytab',
  source: 'MIT Kerberos documentation, "Keytab file format"',
  pattern:
    '\\A\\x05\\x02\\x00\\x00[\\x00-\\x03][\\x10-\\x7f\\x80-\\xff]\\x00[\\x01-\\x05]\\x00[\\x01-\\x7f][A-Za-z0-9][A-Za-z0-9.-]+',
  group: 0,
  accept: found('keytab version 2 with a realm'),
};

/** PKCS #12: PFX of version 3 whose authSafe is PKCS #7 data or signedData. */
export const PKCS12: Recogniser = {
  name: 'pkcs12',
  source: 'RFC 7292 section 4; RFC 5652 section 4',
  pattern:
    '\\x30(?:\\x80|\\x82(?s:..)|\\x83(?s:...))\\x02\\x01\\x03\\x30(?:\\x80|\\x81(?s:.)|\\x82(?s:..)|\\x83(?s:...))' +
    '\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x07[\\x01\\x02]',
  group: 0,
  accept: found('PFX version 3'),
};

/** Java key store and JCEKS: magic, version 1 or 2, a count of entries below 65,536. */
export const JKS: Recogniser = {
  name: 'jks',
  source: 'OpenJDK, sun.security.provider.JavaKeyStore and com.sun.crypto.provider.JceKeyStore (class comments)',
  pattern:
    '(?:\\xfe\\xed\\xfe\\xed|\\xce\\xce\\xce\\xce)\\x00\\x00\\x00[\\x01\\x02]\\x00\\x00(?s:..)\\x00\\x00\\x00[\\x01-\\x03]',
  group: 0,
  accept: found('key store with entries'),
};
