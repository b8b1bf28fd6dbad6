import { describe, expect, test } from 'vitest';
import { check } from './check.ts';

describe('person-name', () => {
  test.each(['Karin Lindqvist', "O'Brien", 'Kwame', 'Marie-Claire Dupont', 'Amazonia Silva'])(
    '%s is a name',
    (name) => {
      expect(check('person-name', name)).toBe('valid');
    },
  );
  test.each(['AWS Lambda', 'Apache Tomcat', 'System Manager', 'String', 'Default User'])('%s is a thing', (name) => {
    expect(check('person-name', name)).toBe('invalid');
  });
  test.each(['John', 'Jane Doe', "Doe'", 'Max Mustermann', 'Mario Rossi'])('%s stands for anybody', (name) => {
    expect(check('person-name', name)).toBe('test-value');
  });
});

describe('fictional-phone', () => {
  test.each([
    '(415) 555-0123',
    '+1 212 555 0199',
    'tel: 816-555-1212',
    '+44 20 7946 0958',
    '020 7946 0958',
    '+44 (0)7700 900123',
    '01632 960123',
    '+61 491 570 156',
    '(02) 5550 1234',
  ])('%s is kept free for stories', (number) => {
    expect(check('fictional-phone', number)).toBe('test-value');
  });
  test.each(['(415) 555-2671', '+1 212 736 5000', '+44 20 7946 1958', '+49 30 901820', '+61 2 9374 4000'])(
    '%s may be answered',
    (number) => {
      expect(check('fictional-phone', number)).toBe('valid');
    },
  );
});

/** 3 + 4 + 0 + 40 + 42 + 24 + 5 + 8 + 15 + 8 = 149, which is 6 modulo 11: the digit is 5. */
test('br-pis', () => {
  expect(check('br-pis', '120.56412.54-5')).toBe('valid');
  for (const digit of '012346789') expect(check('br-pis', `120.56412.54-${digit}`)).toBe('invalid');
  expect(check('br-pis', '11111111111')).toBe('invalid');
});
