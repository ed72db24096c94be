export { OpenLineageRestModule } from './open-lineage-rest.module.js';
export { openLineageRoutes } from './open-lineage.routes.js';
