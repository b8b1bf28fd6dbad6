/** Where a vendor's tool is documented to connect, against what is configured or was observed; lifecycle rules. */
export { checkEndpoints } from './check.ts';
export { assessControls, type ControlInputs, describeControls } from './controls.ts';
export { loadDeclarations } from './declarations.ts';
export { describeCheck, describeEndpoints, describeLifecycle, endpointLines } from './describe.ts';
export type { EndpointCheck } from './finding.ts';
export { readHmcLevel } from './hmc-level.ts';
export { judgeLifecycle, type ProductFacts } from './lifecycle.ts';
export { type EndpointCatalog, endpointsFor, loadEndpoints } from './load.ts';
export { noticeEndpoints } from './notices.ts';
export { factsFrom, readEvidenceFile, situationFrom } from './situation.ts';
