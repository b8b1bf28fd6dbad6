import { client, type Leak, leak, personal, slog, value } from './leak.ts';
import { plantXml } from './plant.ts';
import { card, iban, ssn } from './secrets.ts';
import { contact } from './xml-files.ts';

/** Personal data outside the places that are documented for it. */
export const PEOPLE: readonly Leak[] = [
  value(
    'email-syslog',
    'messages',
    'pii.email',
    'e-mail address of a client in syslog',
    (scene) =>
      slog(
        scene,
        `postfix/smtp[3321]: 4F1A2B77: to=<${client(scene.rng).email}>, relay=none, status=deferred (connection timed out)`,
      ),
    personal,
  ),
  value(
    'ssn',
    'stats',
    'pii.national-id',
    'social security number under its key',
    ({ rng }) => `name=${client(rng).last},ssn=${ssn(rng)},dept=${rng.digits(4)}`,
  ),
  value(
    'iban',
    'ud',
    'pii.bank-account',
    'IBAN in saved user data',
    ({ rng }) => `beneficiary: ${client(rng).last}, IBAN: ${iban(rng)}, amount 1480.00 EUR`,
  ),
  value(
    'card',
    'sysdump',
    'pii.card',
    'payment card number in a dump',
    ({ rng }) => `CARDHOLDER ${client(rng).last.toUpperCase()} PAN ${card(rng)} EXP 11/21`,
  ),
  value(
    'phone-list',
    'ud',
    'pii.phone',
    'list of people with telephone numbers',
    ({ rng }) =>
      `name;phone;mobile\n${Array.from({ length: 30 }, () => {
        const p = client(rng);
        return `${p.first} ${p.last};${p.phone};+49 17${rng.between(0, 9)} ${rng.digits(7)}`;
      }).join('\n')}`,
    personal,
  ),
  leak(
    'address-book',
    'problems',
    'pii.contact',
    'fifty contacts where up to three are documented',
    ({ at, rng, site }) => {
      plantXml(at.doc, Array.from({ length: 50 }, () => contact(client(rng), site.company, 'other')).flat());
      return at.chain;
    },
    { reasons: ['undocumented-disclosure', 'client-data'] },
  ),
  leak(
    'person-elsewhere',
    'problems',
    'pii.contact',
    'a person outside the contact element',
    ({ at, rng }) => {
      const p = client(rng);
      plantXml(at.doc, [`  <comments>Called ${p.first} ${p.last}, ${p.phone}, mail ${p.email}</comments>`]);
      return at.chain;
    },
    { reasons: ['undocumented-disclosure', 'client-data'] },
  ),
];
