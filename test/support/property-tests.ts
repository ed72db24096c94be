import * as real from '../../node_modules/fast-check/lib/fast-check.js';

/**
 * What specs get when they import fast-check (see jest.config.js): every run asks the same questions, so that a test
 * that fails is about the change. `PLUMBLINE_PROPERTY_SEED=random npm test -- properties` asks new ones, any number
 * asks its own; what fails prints its seed.
 */
const wish = process.env['PLUMBLINE_PROPERTY_SEED'] ?? '20260101';
if (wish !== 'random') real.configureGlobal({ seed: Number(wish) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
export default real.default;
