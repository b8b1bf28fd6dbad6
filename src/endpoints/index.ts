/** Where a vendor's tool is documented to connect, against what is configured or was observed; lifecycle rules. */
export { checkEndpoints, type Evidence } from './check.ts';
export { describeCheck, describeEndpoints, describeLifecycle, endpointLines } from './describe.ts';
export type { Situation } from './expected.ts';
export type { EndpointCheck, EndpointFinding, FindingLevel } from './finding.ts';
export { judgeLifecycle, type LifecycleAnswer, type ProductFacts } from './lifecycle.ts';
export { type Endpoint, type EndpointCatalog, type EndpointGroup, type LifecycleRule, loadEndpoints } from './load.ts';
export { factsFrom, readEvidenceFile, situationFrom } from './situation.ts';
