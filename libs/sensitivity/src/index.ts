export { detectSensitiveData } from './detect-sensitive-data.job.js';
export { Detection, type DetectionSummary, type DetectionWish } from './detection.js';
export { Detections } from './detections.js';
export { PROPOSAL_STATES, type ProposalFilter, type ProposalRow, type ProposalState } from './proposal.js';
export { type ProposalCount, Proposals } from './proposals.js';
export { SensitivityModule } from './sensitivity.module.js';
export { sensitivityProposed } from './sensitivity-proposed.event.js';
