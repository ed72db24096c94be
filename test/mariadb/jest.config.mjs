import base from '../../jest.config.mjs';

/** `npm run test:mariadb`: the connector and every kind of rule, on a MariaDB server started for the run. */
export default {
  ...base,
  // Conditions and patterns have their own tables of what they mean on every engine.
  testMatch: [
    '<rootDir>/test/mariadb/**/*.spec.ts',
    '<rootDir>/libs/core/rule-engine/src/{expression,regex,run}/*.spec.ts',
    '<rootDir>/libs/core/rule-engine/src/scope.spec.ts',
    '<rootDir>/libs/statistics/src/profiler.spec.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/mariadb/global-setup.mjs',
  globalTeardown: '<rootDir>/test/mariadb/global-teardown.mjs',
};
