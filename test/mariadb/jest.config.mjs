import base from '../../jest.config.mjs';

/** `npm run test:mariadb`: the connector and every kind of rule, on a MariaDB server started for the run. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/mariadb/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/mariadb/global-setup.mjs',
  globalTeardown: '<rootDir>/test/mariadb/global-teardown.mjs',
};
