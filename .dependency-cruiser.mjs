/**
 * Floors and doors. A lib imports what is below it: kernel → core → connectors, platform → domains in the order
 * written here → apps. What would point upward becomes an event or a port.
 */
const domains = [
  'audit',
  'identity',
  'calendar',
  'approvals',
  'notifications',
  'search',
  'sources',
  'dictionary',
  'harvest',
  'sensitivity',
  'statistics',
  'standards',
  'lineage',
  'open-lineage',
  'quality',
  'reconciliation',
  'master-data',
  'run-events',
  'reports',
  'demo',
];

const above = domains.map((name, at) => ({
  name: `${name}-looks-down`,
  comment: `${name} may use the domains before it, never one after it: publish an event instead.`,
  severity: 'error',
  from: { path: `^libs/${name}/` },
  to: {
    path: domains
      .slice(at + 1)
      .map((other) => `^libs/${other}/`)
      .concat('^apps/')
      .join('|'),
  },
}));

export default {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or want a third.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      comment: 'The kernel is words everyone uses.',
      from: { path: '^libs/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/kernel/' },
    },
    {
      name: 'cores-are-pure',
      severity: 'error',
      comment: 'A core knows no framework, driver, queue or node: module. Pass a value or a one-method interface.',
      from: { path: '^libs/core/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(@nestjs|typeorm|pg|bullmq|@duckdb|fastify|mercurius)|^node_modules/(@nestjs|typeorm|pg|bullmq|@duckdb|fastify|mercurius)/|^libs/(?!core/|kernel/)|^apps/',
      },
    },
    {
      name: 'cores-know-no-node',
      severity: 'error',
      comment: "A core runs anywhere; files, threads and sockets are the platform's.",
      from: { path: '^libs/core/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'connectors-know-no-domain',
      severity: 'error',
      comment: 'A connector knows its database and the kit. What tries it on a real engine has to start one.',
      from: { path: '^libs/connectors/', pathNot: '/conformance/' },
      to: { path: '^libs/(?!connectors/|core/|kernel/)|^apps/' },
    },
    {
      name: 'platform-knows-no-domain',
      severity: 'error',
      comment: 'Plumbing has no domain words.',
      from: { path: '^libs/platform/' },
      to: { path: '^libs/(?!platform/|core/|kernel/)|^apps/' },
    },
    ...above,
    {
      name: 'through-the-door',
      severity: 'error',
      comment: 'Import a lib by its door: #name, #graphql/name, #jobs/name.',
      from: { path: '^libs/((core|connectors|platform)/[^/]+|[^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '/src/index\\.ts$', '/src/(graphql|jobs)/index\\.ts$'] },
    },
    {
      name: 'apps-use-doors',
      severity: 'error',
      comment: 'An app imports a lib by its door.',
      from: { path: '^apps/' },
      to: { path: '^libs/', pathNot: ['/src/index\\.ts$', '/src/(graphql|jobs)/index\\.ts$'] },
    },
    {
      name: 'jobs-stay-in-the-worker',
      severity: 'error',
      comment: 'Processors run in the worker; the API asks for a job.',
      from: { path: '^apps/api/' },
      to: { path: '/src/jobs/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|apps/web)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
