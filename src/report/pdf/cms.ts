import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Set as Asn1Set, fromBER, Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { DataError } from '../../model/index.ts';

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  rsa: '1.2.840.113549.1.1.1',
  ecdsaSha256: '1.2.840.10045.4.3.2',
  ecdsaSha384: '1.2.840.10045.4.3.3',
} as const;

/** A key and its certificate chain, the signer's own first. */
export interface Signer {
  readonly key: KeyObject;
  readonly certificates: readonly X509Certificate[];
}

/**
 * Reads a private key (PEM, not encrypted) and certificates (PEM, the signer's first).
 * @throws DataError if they cannot be used, or do not belong together
 */
export function readSigner(keyFile: string, certificateFile: string): Signer {
  const fail = (file: string, message: string) =>
    new DataError(
      `${file} cannot be used to sign`,
      [{ file, message }],
      ['give a PKCS#8 key in PEM, and its certificate in PEM'],
    );
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw fail(file, `cannot be read (${(cause as NodeJS.ErrnoException).code})`);
    }
  };
  const keyPem = read(keyFile);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(keyPem);
  } catch {
    throw fail(keyFile, 'is no private key in PEM, or is encrypted');
  }
  const blocks = read(certificateFile).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  let chain: X509Certificate[];
  try {
    chain = blocks.map((block) => new X509Certificate(block));
  } catch {
    throw fail(certificateFile, 'holds a certificate that cannot be read');
  }
  const own = chain[0];
  if (own === undefined) throw fail(certificateFile, 'holds no certificate in PEM');
  if (!own.checkPrivateKey(privateKey)) throw fail(certificateFile, 'its first certificate is not that of the key');
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey;
  const curve = details?.namedCurve;
  const rsa = type === 'rsa' && (details?.modulusLength ?? 0) >= 2048;
  if (!rsa && !(type === 'ec' && (curve === 'prime256v1' || curve === 'secp384r1'))) {
    throw fail(keyFile, 'is neither ECDSA P-256 or P-384 nor RSA of at least 2048 bits');
  }
  return { key: privateKey, certificates: chain };
}

/** Upper bound of the size of `signDetached`'s answer in bytes, for the space that a PDF reserves. */
export function signatureSpace({ certificates }: Signer): number {
  return certificates.reduce((sum, { raw }) => sum + raw.length, 0) + 2048;
}

/**
 * A detached CMS signature (RFC 5652) with the attributes of CAdES B-B (EN 319 122-1): content type, message digest and
 * signing-certificate-v2 (RFC 5035); no signing time, which EN 319 142-1 forbids inside the CMS of a PDF.
 */
export function signDetached(signer: Signer, content: readonly Uint8Array[]): Uint8Array {
  const strong = signer.key.asymmetricKeyDetails?.namedCurve === 'secp384r1';
  const hash = strong ? 'sha384' : 'sha256';
  const digest = createHash(hash);
  for (const part of content) digest.update(part);
  const chain = signer.certificates.map(({ raw }) => Certificate.fromBER(raw));
  const own = chain[0] as Certificate;
  const ownRaw = (signer.certificates[0] as X509Certificate).raw;
  const attributes = [
    attribute(OID.contentType, new ObjectIdentifier({ value: OID.data })),
    attribute(OID.messageDigest, new OctetString({ valueHex: digest.digest() })),
    // ESSCertIDv2 with the default hash, SHA-256: the algorithm is left out (RFC 5035, 4).
    attribute(
      OID.signingCertificateV2,
      sequence(sequence(sequence(new OctetString({ valueHex: createHash('sha256').update(ownRaw).digest() })))),
    ),
  ];
  // RFC 5652, 5.4: what is signed is the DER encoding of the attributes as a SET, sorted.
  const encoded = attributes
    .map((each) => ({ each, der: Buffer.from(each.toSchema().toBER()) }))
    .sort((a, b) => Buffer.compare(a.der, b.der));
  const signed = Buffer.from(new Asn1Set({ value: encoded.map(({ der }) => fromBER(der).result) }).toBER());
  const value = sign(hash, signed, signer.key);
  const rsa = signer.key.asymmetricKeyType === 'rsa';
  const digestAlgorithm = new AlgorithmIdentifier({
    algorithmId: OID[hash],
    ...(rsa ? { algorithmParams: new Null() } : {}),
  });
  const info = new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
    digestAlgorithm,
    signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: encoded.map(({ each }) => each) }),
    signatureAlgorithm: rsa
      ? new AlgorithmIdentifier({ algorithmId: OID.rsa, algorithmParams: new Null() })
      : new AlgorithmIdentifier({ algorithmId: strong ? OID.ecdsaSha384 : OID.ecdsaSha256 }),
    signature: new OctetString({ valueHex: value }),
  });
  const data = new SignedData({
    version: 1,
    digestAlgorithms: [digestAlgorithm],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: OID.data }),
    certificates: chain,
    signerInfos: [info],
  });
  const envelope = new ContentInfo({ contentType: OID.signedData, content: data.toSchema(true) });
  return new Uint8Array(envelope.toSchema().toBER());
}

function attribute(type: string, value: object): Attribute {
  return new Attribute({ type, values: [value] });
}

function sequence(value: Sequence | OctetString): Sequence {
  return new Sequence({ value: [value] });
}
