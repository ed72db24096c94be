import { availableParallelism } from 'node:os';

/** Tests run on the sources; the names of package.json's `imports` are mapped to them. */
export default {
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/{apps,libs,test,migrations,bench,conformance}/**/*.spec.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/dist/',
    '<rootDir>/apps/web/',
    '<rootDir>/test/redis/',
    '<rootDir>/test/mariadb/',
    '<rootDir>/test/browser/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/(?!vendor)'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { module: { type: 'es6' } }] },
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/test/support/property-tests.ts',
    '^#dt-sql-parser$': '<rootDir>/dist/vendor/dt-sql-parser.mjs',
    '^#kernel$': '<rootDir>/libs/kernel/src/index.ts',
    '^#migrations$': '<rootDir>/migrations/index.ts',
    '^#(core|connectors|platform)/([^/]+)$': '<rootDir>/libs/$1/$2/src/index.ts',
    '^#(graphql|jobs)/([^/]+)$': '<rootDir>/libs/$2/src/$1/index.ts',
    '^#([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testTimeout: 30_000,
  // Jest leaves one core idle; much of a test's time is PostgreSQL's. Four workers are what the one server's connections allow.
  maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
};
