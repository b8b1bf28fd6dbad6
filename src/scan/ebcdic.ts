/**
 * EBCDIC code page 037 (CCSID 37, USA and Canada) as Latin-1 code points, byte 00 first.
 * Source: IBM, "Code Page CPGID 00037"; Unicode Consortium, MAPPINGS/VENDORS/MICSFT/EBCDIC/CP037.TXT.
 */
export const EBCDIC_037: Uint8Array = Uint8Array.from(
  Buffer.from(
    '000102039c09867f978d8e0b0c0d0e0f101112139d8508871819928f1c1d1e1f' +
      '80818283840a171b88898a8b8c050607909116939495960498999a9b14159e1a' +
      '20a0e2e4e0e1e3e5e7f1a22e3c282b7c26e9eaebe8edeeefecdf21242a293bac' +
      '2d2fc2c4c0c1c3c5c7d1a62c255f3e3ff8c9cacbc8cdcecfcc603a2340273d22' +
      'd8616263646566676869abbbf0fdfeb1b06a6b6c6d6e6f707172aabae6b8c6a4' +
      'b57e737475767778797aa1bfd0dddeae5ea3a5b7a9a7b6bcbdbe5b5dafa8b4d7' +
      '7b414243444546474849adf4f6f2f3f57d4a4b4c4d4e4f505152b9fbfcf9faff' +
      '5cf7535455565758595ab2d4d6d2d3d530313233343536373839b3dbdcd9da9f',
    'hex',
  ),
);

/**
 * Code page 1047 (CCSID 1047, Latin-1 Open Systems) differs from 037 in six graphic characters.
 * Source: IBM, "Code Page CPGID 01047".
 */
export const EBCDIC_1047: Uint8Array = EBCDIC_037.slice();
for (const [byte, char] of [
  [0x5f, 0x5e],
  [0xad, 0x5b],
  [0xb0, 0xac],
  [0xba, 0xdd],
  [0xbb, 0xa8],
  [0xbd, 0x5d],
] as const) {
  EBCDIC_1047[byte] = char;
}
