export { AuditGraphqlModule } from './audit-graphql.module.js';
export { JobPayload, JobStateEnum, JobType, toJobType } from './job.types.js';
