import base from '../../jest.config.mjs';

/** `npm run test:redis`: the same job suite as on PostgreSQL, on a redis-server started for it. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/redis/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
