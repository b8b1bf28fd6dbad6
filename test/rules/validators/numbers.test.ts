import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from './check.ts';

/** Values from the specification that the validator cites, or from the authority's own documents. */
const SAMPLES: Readonly<Record<string, readonly [value: string, answer: string, args?: Record<string, unknown>][]>> = {
  luhn: [
    ['79927398713', 'valid'],
    ['79927398710', 'invalid'],
    ['4', 'invalid'],
  ],
  verhoeff: [
    ['2363', 'valid'],
    ['2364', 'invalid'],
    ['142857', 'invalid'],
    ['1428570', 'valid'],
  ],
  mod97: [
    ['213800KUD8LAJWSQ9D15', 'valid'],
    ['213800KUD8LXJWSQ9D15', 'invalid'],
  ],
  'mod11-2': [
    ['07940', 'valid'],
    ['079X', 'valid'],
    ['0794X', 'invalid'],
    ['11010519491231002X', 'valid'],
  ],
  'mod11-10': [
    ['36574261809', 'valid'],
    ['36574261890', 'invalid'],
  ],
  imei: [
    ['490154203237518', 'valid'],
    ['490154203237517', 'invalid'],
    ['000000000000000', 'invalid'],
  ],
  vin: [
    ['1M8GDM9AXKP042788', 'valid'],
    ['11111111111111111', 'invalid'],
    ['1M8GDM9A1KP042788', 'invalid'],
  ],
  card: [
    ['4111111111111111', 'test-value'],
    ['4539578763621486', 'valid'],
    ['4539578763621487', 'invalid'],
    ['5425 2334 3010 9903', 'valid'],
    ['0000000000000000', 'invalid'],
    ['9999999999999995', 'invalid'],
  ],
  iban: [
    ['GB29 NWBK 6016 1331 9268 19', 'test-value'],
    ['DE44 5001 0517 5407 3249 31', 'valid'],
    ['DE44 5001 0517 5407 3249 32', 'invalid'],
    ['XX44500105175407324931', 'invalid'],
    ['NL02ABNA0123456789', 'valid'],
    ['NL0200000123456789', 'invalid'],
  ],
  bic: [
    ['DEUTDEFF500', 'valid'],
    ['DEUTXXFF', 'invalid'],
    ['DEUTDEF', 'invalid'],
  ],
  aba: [
    ['026009593', 'valid'],
    ['026009594', 'invalid'],
    ['500000000', 'invalid'],
  ],
  ssn: [
    ['536-90-4399', 'valid'],
    ['000-12-3456', 'invalid'],
    ['666-12-3456', 'invalid'],
    ['900-12-3456', 'invalid'],
    ['536-00-4399', 'invalid'],
    ['536-90-0000', 'invalid'],
    ['078-05-1120', 'test-value'],
  ],
  itin: [
    ['912-70-1234', 'valid'],
    ['912-93-1234', 'invalid'],
    ['812-70-1234', 'invalid'],
  ],
  ein: [
    ['91-1144442', 'valid'],
    ['07-1144442', 'invalid'],
  ],
  npi: [
    ['1245319599', 'valid'],
    ['1245319598', 'invalid'],
  ],
  mbi: [
    ['1EG4-TE5-MK73', 'valid'],
    ['1SG4-TE5-MK73', 'invalid'],
  ],
  dea: [
    ['BB1388568', 'valid'],
    ['BB1388567', 'invalid'],
  ],
  ohip: [
    ['5584486673', 'valid'],
    ['5584486674', 'invalid'],
  ],
  cnh: [
    ['97625655678', 'valid'],
    ['97625655679', 'invalid'],
  ],
  rfc: [
    ['GODE561231GR8', 'valid'],
    ['GODE561331GR8', 'invalid'],
  ],
  nino: [
    ['JG103759A', 'valid'],
    ['BG103759A', 'invalid'],
    ['DA103759A', 'invalid'],
    ['JG103759E', 'invalid'],
  ],
  nhs: [
    ['943 476 5919', 'valid'],
    ['943 476 5918', 'invalid'],
  ],
  chi: [['9434765919', 'invalid']],
  kvnr: [
    ['A123456780', 'valid'],
    ['A123456781', 'invalid'],
  ],
  'icao-document': [
    ['L898902C36', 'valid'],
    ['L898902C37', 'invalid'],
  ],
  'pl-identity-card': [
    ['ABA300000', 'valid'],
    ['ABA300001', 'invalid'],
  ],
  snils: [
    ['112-233-445 95', 'valid'],
    ['112-233-445 96', 'invalid'],
  ],
  taj: [
    ['111 111 110', 'valid'],
    ['111 111 111', 'invalid'],
  ],
  'hu-tax': [
    ['8071592153', 'valid'],
    ['8071592152', 'invalid'],
  ],
  'lv-personal': [
    ['161175-19997', 'valid'],
    ['161175-19996', 'invalid'],
  ],
  pps: [
    ['6433435F', 'valid'],
    ['6433435E', 'invalid'],
  ],
  'sk-cz-birth': [
    ['710319/2745', 'valid'],
    ['710319/2746', 'invalid'],
  ],
  ahv: [
    ['756.9217.0769.85', 'valid'],
    ['756.9217.0769.84', 'invalid'],
  ],
  amka: [
    ['01013099963', 'valid'],
    ['01013099964', 'invalid'],
  ],
  'kz-iin': [
    ['821223450079', 'valid'],
    ['821223450074', 'invalid'],
  ],
  nric: [
    ['S1234567D', 'valid'],
    ['G1234567X', 'valid'],
    ['S1234567A', 'invalid'],
  ],
  'my-number': [
    ['123456789018', 'valid'],
    ['123456789012', 'invalid'],
  ],
  'medicare-au': [
    ['2123 45670 1', 'valid'],
    ['2123 45671 1', 'invalid'],
  ],
  'emirates-id': [
    ['784-1980-1234567-8', 'valid'],
    ['784-1980-1234567-7', 'invalid'],
  ],
  'sa-national': [
    ['1086545348', 'valid'],
    ['1086545344', 'invalid'],
  ],
  'eg-national': [
    ['30205082101234', 'valid'],
    ['30213082101234', 'invalid'],
  ],
  'ir-melli': [
    ['0499370899', 'valid'],
    ['0499370898', 'invalid'],
  ],
  'id-nik': [
    ['3171015708900001', 'valid'],
    ['3171019908900001', 'invalid'],
  ],
  'lk-day': [
    ['198022706311', 'valid'],
    ['198092706311', 'invalid'],
  ],
  ird: [
    ['49-091-850', 'valid'],
    ['49-091-851', 'invalid'],
  ],
  nhi: [
    ['ZZZ0016', 'valid'],
    ['ZZZ0044', 'invalid'],
  ],
  stdnum: [
    ['36 574 261 809', 'valid', { country: 'de', id: 'idnr' }],
    ['36 574 261 890', 'invalid', { country: 'de', id: 'idnr' }],
    ['36 574 261 809', 'invalid', { country: 'de', id: 'nosuch' }],
    ['000000000', 'invalid', { country: 'nl', id: 'bsn' }],
  ],
};

for (const [name, samples] of Object.entries(SAMPLES)) {
  test.each(samples)(`${name} of %s is %s`, (value, answer, args) => {
    expect(check(name, value, args)).toBe(answer);
  });
}

describe('one wrong digit', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['luhn', '4539578763621486'],
    ['verhoeff', '1428570'],
    ['iban', 'DE44500105175407324931'],
    ['nhs', '9434765919'],
    ['mod11-10', '36574261809'],
  ];
  test.each(cases)('%s rejects every single substitution', (name, value) => {
    fc.assert(
      fc.property(fc.nat(value.length - 1), fc.integer({ min: 1, max: 9 }), (at, step) => {
        if (!/\d/.test(value[at]!)) return;
        const wrong = value.slice(0, at) + ((Number(value[at]) + step) % 10) + value.slice(at + 1);
        expect(check(name, wrong)).toBe('invalid');
      }),
    );
  });
});

test('no validator throws on any text', () => {
  const names = [...new Set(Object.keys(SAMPLES))];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string({ maxLength: 40 }), (name, value) => {
      expect(['valid', 'invalid', 'test-value']).toContain(check(name, value, { country: 'de', id: 'idnr' }));
    }),
  );
});
