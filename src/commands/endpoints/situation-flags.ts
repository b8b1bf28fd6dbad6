import { Flags } from '@oclif/core';

/** The flags that say which console is judged. */
export const situationFlags = {
  endpoints: Flags.string({ summary: 'Id of a built-in endpoint list, or a file.', default: 'ibm-hmc-860' }),
  profile: Flags.string({ summary: 'simplified, traditional-ssl, ursf or vpn.', default: 'simplified' }),
  platform: Flags.string({ summary: 'power or ds8000.' }),
  region: Flags.string({ summary: 'Region of legacy call home: americas or other.' }),
  processor: Flags.integer({ summary: 'POWER generation of the managed systems.', min: 1 }),
  introduced: Flags.integer({ summary: 'Year in which the product was new.', min: 1900 }),
  'ds8880-release': Flags.string({ summary: 'Release of a DS8880, e.g. 8.0; none for an older DS8000.' }),
  session: Flags.boolean({ summary: 'A remote service session is open.' }),
  nat: Flags.boolean({ summary: 'A NAT lies on the way to the VPN servers.', allowNo: true }),
  hmc: Flags.string({ summary: 'Address of the console; other machines are left out.', multiple: true }),
  allow: Flags.string({ summary: 'A target of your own: host:port[/udp], or in:port.', multiple: true }),
};
