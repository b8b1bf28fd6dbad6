/** Code page 037 for the 128 ASCII characters, after IBM's published table. */
const CP037 = Buffer.from(
  '00010203372d2e2f1605250b0c0d0e0f101112133c3d322618193f271c1d1e1f405a7f7b5b6c507d4d5d5c4e6b604b61' +
    'f0f1f2f3f4f5f6f7f8f97a5e4c7e6e6f7cc1c2c3c4c5c6c7c8c9d1d2d3d4d5d6d7d8d9e2e3e4e5e6e7e8e9bae0bbb06d' +
    '79818283848586878889919293949596979899a2a3a4a5a6a7a8a9c04fd0a107',
  'hex',
);

export const ebcdic = (text: string): Buffer =>
  Buffer.from(Buffer.from(text, 'latin1').map((byte) => CP037[byte & 127] as number));
