export { AuditGraphqlModule } from './audit-graphql.module.js';
export { JobPayload, JobType, toJobType } from './job.types.js';
