import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CryptoObservation, scanTls } from '../../src/crypto/index.ts';
import { file, folder, freePort, has, launch, stopAll } from './servers.ts';

afterAll(stopAll);

const SERVER = `
import javax.net.ssl.*; import java.io.*; import java.net.*; import java.security.*;
public class Server {
  public static void main(String[] a) throws Exception {
    Security.setProperty("jdk.tls.disabledAlgorithms", "");
    KeyStore store = KeyStore.getInstance(new File(a[0]), "changeit".toCharArray());
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(Integer.parseInt(a[1]), 50, InetAddress.getByName("127.0.0.1"));
    server.setEnabledProtocols(a[2].split(","));
    server.setEnabledCipherSuites(a[3].split(","));
    for (;;) { Socket s = server.accept(); new Thread(() -> { try { ((SSLSocket) s).startHandshake(); } catch (IOException e) {} finally { try { s.close(); } catch (IOException e) {} } }).start(); }
  }
}`;

describe.skipIf(!has('java') || !has('javac') || !has('keytool'))('JSSE (needs a JDK)', () => {
  const suites = (seen: CryptoObservation[]): string[] =>
    seen
      .filter(({ layer, role, state }) => layer === 'tls' && role === 'select' && state === 'observed')
      .map(({ version, suite }) => `${version} ${suite}`);

  async function serve(protocols: string, enabled: string, options: string[] = []): Promise<CryptoObservation[]> {
    const port = await freePort();
    await launch(
      'java',
      [...options, '-cp', folder, 'Server', join(folder, 'j.p12'), String(port), protocols, enabled],
      port,
    );
    return scanTls([`127.0.0.1:${port}`]);
  }

  test('SSLv3, EXPORT, RC4 and a field of 1024 bits', async () => {
    execFileSync('javac', ['-d', folder, file('Server.java', SERVER)]);
    execFileSync(
      'keytool',
      [
        '-genkeypair',
        '-keystore',
        join(folder, 'j.p12'),
        '-storetype',
        'PKCS12',
        '-storepass',
        'changeit',
        '-alias',
        'a',
        '-keyalg',
        'RSA',
        '-keysize',
        '2048',
        '-dname',
        'CN=x',
      ],
      { stdio: 'ignore' },
    );
    const old = await serve(
      'SSLv3,TLSv1',
      'SSL_RSA_EXPORT_WITH_RC4_40_MD5,SSL_RSA_WITH_RC4_128_SHA,SSL_RSA_WITH_DES_CBC_SHA,SSL_RSA_WITH_3DES_EDE_CBC_SHA',
    );
    expect(suites(old)).toEqual(
      ['SSLv3', 'TLSv1.0'].flatMap((version) => ['0003', '0005', '0009', '000a'].map((id) => `${version} ${id}`)),
    );
    expect(old.find(({ suite }) => suite === '0003')?.params?.bits).toBe(512);
    // Peers that offer the named fields are answered with one of those and never see the small one.
    const small = await serve('TLSv1.2', 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', ['-Djdk.tls.ephemeralDHKeySize=1024']);
    const fields = small.filter(({ role, alg }) => role === 'kex' && alg === 'DHE').map(({ params }) => params!.bits!);
    expect(Math.min(...fields)).toBe(1024);
    expect(small.find(({ suite }) => suite === '009e')?.params?.bits).toBe(1024);
  });
});
