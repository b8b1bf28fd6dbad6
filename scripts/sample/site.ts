import type { Rng } from './rng.ts';

export interface Partition {
  readonly name: string;
  readonly id: number;
  readonly env: 'aixlinux' | 'os400' | 'vioserver';
  readonly address: string;
  readonly memory: number;
  readonly units: string;
}

export interface ManagedSystem {
  readonly name: string;
  readonly type: string;
  readonly model: string;
  readonly serial: string;
  readonly address: string;
  readonly partitions: readonly Partition[];
}

export interface Person {
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly city: string;
}

/** The invented installation a bundle comes from: names, addresses and serials as a data centre has them. */
export interface Site {
  readonly company: string;
  readonly domain: string;
  readonly zone: string;
  readonly hmc: {
    host: string;
    type: string;
    model: string;
    serial: string;
    address: string;
    mac: string;
    version: string;
  };
  readonly net: string;
  readonly systems: readonly ManagedSystem[];
  readonly contacts: readonly Person[];
  /** Seconds since 1970 of the moment the bundle was made. */
  readonly now: number;
}

const FIRST = [
  'Anna',
  'Marek',
  'Sofia',
  'Jonas',
  'Leila',
  'Pieter',
  'Carmen',
  'Viktor',
  'Ingrid',
  'Rafael',
  'Yasmin',
  'Tomas',
  'Helena',
  'Bruno',
  'Noor',
  'Stefan',
  'Claire',
  'Dimitri',
  'Paula',
  'Erik',
];
const LAST = [
  'Hofmann',
  'Kowalczyk',
  'Lindqvist',
  'Moreau',
  'Bianchi',
  'Novotny',
  'Okafor',
  'Petersen',
  'Ramirez',
  'Steiner',
  'Tanaka',
  'Vermeulen',
  'Whitaker',
  'Zimmer',
  'Carvalho',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Grant',
  'Halloran',
];
const SYLLABLE = [
  'vel',
  'mor',
  'tan',
  'ques',
  'bra',
  'lin',
  'dor',
  'ska',
  'fen',
  'ril',
  'mar',
  'ost',
  'gal',
  'hev',
  'pri',
];
const TRADE = ['logistik', 'bank', 'versicherung', 'energie', 'retail', 'pharma', 'rail', 'foods'];
const CITIES = ['Hamburg', 'Utrecht', 'Lyon', 'Brno', 'Malmo', 'Porto', 'Graz', 'Aarhus'];
const MODELS = [
  ['8286', '42A'],
  ['8408', 'E8E'],
  ['9117', 'MMD'],
  ['9119', 'MME'],
  ['8247', '22L'],
  ['9009', '42A'],
] as const;
const ROLES = ['db', 'app', 'web', 'erp', 'tsm', 'mq', 'sap', 'test', 'bi', 'nim'];

export function person(rng: Rng, domain: string): Person {
  const first = rng.pick(FIRST);
  const last = rng.pick(LAST);
  return {
    first,
    last,
    email: `${first}.${last}@${domain}`.toLowerCase(),
    phone: `+49 ${rng.pick(['40', '89', '30', '711'])} ${rng.between(2000, 8999)} ${rng.digits(4)}`,
    street: `${rng.pick(['Hafenstrasse', 'Lindenweg', 'Industrieallee', 'Am Kanal'])} ${rng.between(2, 118)}`,
    city: `${rng.between(10115, 89999)} ${rng.pick(CITIES)}`,
  };
}

export const mailDomain = (rng: Rng): string =>
  `${rng.pick(SYLLABLE)}${rng.pick(SYLLABLE)}${rng.pick(SYLLABLE)}-${rng.pick(TRADE)}.${rng.pick(['com', 'de', 'eu', 'net'])}`;

export const mac = (rng: Rng): string => `40:f2:e9:${rng.hex(2)}:${rng.hex(2)}:${rng.hex(2)}`;

const serial = (rng: Rng): string => `${rng.pick(['10', '21', '06', '13'])}${rng.word(5, '0123456789ABCDEF')}`;

export function makeSite(rng: Rng): Site {
  const domain = mailDomain(rng);
  const short = domain.slice(0, 3);
  const net = `10.${rng.between(1, 250)}.${rng.between(0, 250)}`;
  let host = 20;
  const systems = Array.from({ length: rng.between(2, 4) }, (_, index): ManagedSystem => {
    const [type, model] = rng.pick(MODELS);
    const number = serial(rng);
    const count = rng.between(4, 9);
    return {
      name: rng.chance(0.5)
        ? `Server-${type}-${model}-SN${number}`
        : `${short}-p8-${String(index + 1).padStart(2, '0')}`,
      type,
      model,
      serial: number,
      address: `172.16.${254 - index}.${rng.between(2, 250)}`,
      partitions: Array.from({ length: count }, (_, i): Partition => {
        const env = i < 2 ? 'vioserver' : rng.chance(0.15) ? 'os400' : 'aixlinux';
        const stem = env === 'vioserver' ? `vios${i + 1}` : env === 'os400' ? 'ibmi' : rng.pick(ROLES);
        return {
          name: `${short}${stem}${String(index * 10 + i + 1).padStart(2, '0')}`,
          id: i + 1,
          env,
          address: `${net}.${host++}`,
          memory: rng.between(2, 64) * 1024,
          units: `${rng.between(0, 7)}.${rng.between(1, 9)}`,
        };
      }),
    };
  });
  return {
    company: `${domain
      .split('.')[0]
      ?.split('-')
      .map((w) => w[0]?.toUpperCase() + w.slice(1))
      .join(' ')} ${rng.pick(['AG', 'GmbH', 'SE', 'N.V.'])}`,
    domain,
    zone: `${rng.pick(['dc1', 'dcn', 'srv', 'mgmt'])}.${short}.${rng.pick(['intra', 'lan', 'corp'])}`,
    hmc: {
      host: `${short}hmc${rng.between(1, 4)}`,
      type: '7042',
      model: rng.pick(['CR7', 'CR8', 'CR9', 'C08']),
      serial: serial(rng),
      address: `${net}.10`,
      mac: mac(rng),
      version: rng.pick(['6', '7']),
    },
    net,
    systems,
    contacts: Array.from({ length: rng.between(1, 3) }, () => person(rng, domain)),
    now: Date.UTC(2017, 11, 4, 6) / 1000 + rng.int(600 * 86400),
  };
}

/** `20171204061530`, UTC */
export const stamp = (time: number): string => new Date(time * 1000).toISOString().replace(/\D/g, '').slice(0, 14);

/** `2017-12-04 06:15:30`, UTC */
export const isoTime = (time: number): string => new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Dec  4 06:15:30` as syslog (RFC 3164) writes it */
export function syslogTime(time: number): string {
  const date = new Date(time * 1000);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`;
}
