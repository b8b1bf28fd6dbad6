import { iqyy, type Leak, slog, value } from './leak.ts';
import { jwt, password, pemKey, sha512crypt } from './secrets.ts';
import { isoTime } from './site.ts';

/** Credentials where operators and programs leave them. */
export const SECRETS: readonly Leak[] = [
  value(
    'argv-password',
    'ps',
    'secret.password',
    'password on a command line',
    ({ rng, site }) =>
      `root      4242     1  4242  0    1 12011  3312   1 06:15 ?        00:00:01 /usr/bin/mysqldump -h ${site.net}.31 -u hmcrep --password=${password(rng)} assets`,
  ),
  value(
    'jdbc-url',
    'javacore',
    'secret.connection-string',
    'JDBC URL with user and password',
    ({ rng, site }) =>
      `2CIUSERARG               -Ddb.url=jdbc:db2://${site.net}.31:50000/PAYROLL:user=db2inst1;password=${password(rng)};`,
  ),
  value(
    'shadow-line',
    'persist',
    'secret.password-hash',
    'line of /etc/shadow',
    ({ rng }) => `oper01:${sha512crypt(rng)}:17501:0:99999:7:::`,
  ),
  value(
    'aix-security-passwd',
    'persist',
    'secret.password-hash',
    'stanza of AIX /etc/security/passwd',
    ({ rng }) =>
      `oracle:\n\tpassword = {ssha512}06$${rng.word(16, 'abcdefghijklmnopqrstuvwxyz./0123456789')}$${rng.word(86, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ./0123456789')}\n\tlastupdate = 1510000000\n\tflags = ADMCHG`,
  ),
  value('pem-key', 'core', 'secret.private-key', 'PEM private key in the memory of a process', ({ rng }) =>
    pemKey(rng),
  ),
  value('pem-key-file', 'ud', 'secret.private-key', 'PEM private key in saved user data', ({ rng }) => pemKey(rng)),
  value('bearer-token', 'messages', 'secret.token', 'bearer token (JWT) in a debug line', (scene) =>
    slog(scene, `mgmtsrv: > GET /api/v2/assets HTTP/1.1 Authorization: Bearer ${jwt(scene.rng)}`),
  ),
  value('proxy-authorization', 'iqyylog', 'secret.basic-auth', 'Proxy-Authorization header', (scene) =>
    iqyy(
      scene,
      `HTTP CONNECT esupport.ibm.com:443 Proxy-Authorization: Basic ${Buffer.from(`svc-hmc:${password(scene.rng)}`).toString('base64')}`,
    ),
  ),
  value(
    'cifs-password',
    'fstab',
    'secret.password',
    'password of a mounted share',
    ({ rng, site }) =>
      `//${site.net}.9/backup /mnt/backup cifs username=svc_hmc,password=${password(rng)},vers=2.0 0 0`,
  ),
  value(
    'snmp-community',
    'persist',
    'secret.snmp-community',
    'SNMP community',
    ({ rng, site }) => `rwcommunity ${password(rng)} ${site.net}.0/24`,
  ),
  value(
    'cloud-key',
    'hs_err',
    'secret.cloud-token',
    'cloud access key in an environment',
    ({ rng }) =>
      `AWS_ACCESS_KEY_ID=AKIA${rng.word(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}\nAWS_SECRET_ACCESS_KEY=${rng.bytes(30).toString('base64')}`,
  ),
  value('url-password', 'messages', 'secret.connection-string', 'URL with user and password', (scene) =>
    slog(
      scene,
      `root: fetching https://deploy:${password(scene.rng).replace(/[#%+]/, '_')}@repo.${scene.site.zone}/hmc/fix.iso`,
    ),
  ),
  value(
    'ldap-bind',
    'iqzzspr',
    'secret.password',
    'password of a directory service',
    ({ rng, site }) =>
      `ldap.binddn=cn=hmcbind,ou=service,dc=${site.domain.split('.')[0]}\nldap.bindpw=${password(rng)}`,
  ),
  value(
    'ipsec-psk',
    'ud',
    'secret.pre-shared-key',
    'pre-shared key of a VPN',
    ({ rng, site }) => `${site.hmc.address} 129.42.160.16 : PSK "${password(rng)}${password(rng)}"`,
  ),
  value(
    'typed-password',
    'actzcmd',
    'secret.password',
    'password typed in a command',
    ({ rng, site }) =>
      `${isoTime(site.now - 5000)} hscroot chsyspwd -m ${site.systems[0]?.name} -t admin --passwd '' --newpasswd ${password(rng)}`,
  ),
];
