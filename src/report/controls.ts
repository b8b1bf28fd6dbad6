/** What one feature of the examination has to do with a control; a mapping by subject, no claim that the control is met. */
export interface Control {
  readonly framework: 'NIST SP 800-53' | 'ISO/IEC 27001';
  readonly edition: string;
  readonly control: string;
  readonly title: string;
  /** Identifier in the OSCAL catalog of SP 800-53. */
  readonly oscal?: string;
  /** What of this report an assessor of the control can look at. */
  readonly evidence: string;
}

const NIST = { framework: 'NIST SP 800-53', edition: 'Revision 5' } as const;
const ISO = { framework: 'ISO/IEC 27001', edition: '2022, Annex A' } as const;

export const CONTROLS: readonly Control[] = [
  {
    ...NIST,
    control: 'AC-4',
    oscal: 'ac-4',
    title: 'Information flow enforcement',
    evidence: 'verdict, reasons and the policy applied',
  },
  {
    ...NIST,
    control: 'AU-10',
    oscal: 'au-10',
    title: 'Non-repudiation',
    evidence: 'approvals and custody, result digest, signature',
  },
  {
    ...NIST,
    control: 'CA-3',
    oscal: 'ca-3',
    title: 'Information exchange',
    evidence: 'inventory match: what is documented to be sent',
  },
  {
    ...NIST,
    control: 'SC-8',
    oscal: 'sc-8',
    title: 'Transmission confidentiality and integrity',
    evidence: 'transport and cryptography',
  },
  {
    ...NIST,
    control: 'SC-13',
    oscal: 'sc-13',
    title: 'Cryptographic protection',
    evidence: 'transport and cryptography, with clause and date',
  },
  {
    ...NIST,
    control: 'SI-12',
    oscal: 'si-12',
    title: 'Information management and retention',
    evidence: 'attached result and register',
  },
  { ...ISO, control: 'A.5.14', title: 'Information transfer', evidence: 'verdict, inventory match, transport' },
  { ...ISO, control: 'A.5.33', title: 'Protection of records', evidence: 'digests, attached result, how to verify' },
  { ...ISO, control: 'A.8.11', title: 'Data masking', evidence: 'findings: values are masked in every output' },
  { ...ISO, control: 'A.8.12', title: 'Data leakage prevention', evidence: 'findings, coverage and the verdict' },
  { ...ISO, control: 'A.8.24', title: 'Use of cryptography', evidence: 'transport and cryptography' },
];
