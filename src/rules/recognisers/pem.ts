import { REJECTED, type Recogniser } from './recogniser.ts';

/** Private keys between encapsulation boundaries, also on one line with written-out `\n`. The first 4 KiB identify it. */
export const PEM: Recogniser = {
  name: 'pem',
  source: 'RFC 7468 sections 2, 10, 11; RFC 9580 section 6.2 (PGP PRIVATE KEY BLOCK); OpenSSH PROTOCOL.key',
  pattern: '-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-[^-])*(?:-----END )?',
  group: 0,
  accept: (value) => {
    const body = value.slice(value.indexOf('KEY') + 3).replace(/\\[rn]/g, '\n');
    const lines = body.split(/[\r\n"',+\s]+/).filter((line) => /^[A-Za-z0-9+/]{16,}={0,2}$/.test(line));
    const text = lines.join('').replace(/=+$/, '');
    if (text.length < 40) return REJECTED;
    // A sample text repeats itself: a key of one letter is none.
    if (new Set(text.slice(0, 200)).size < 12) return REJECTED;
    return { accepted: true, evidence: /ENCRYPTED/.test(value) ? 'encrypted private key' : 'private key' };
  },
};
