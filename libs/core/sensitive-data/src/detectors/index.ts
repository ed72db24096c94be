import { accountDetectors } from './account.js';
import { contactDetectors } from './contact.js';
import { type Detector } from './detector.js';
import { freeTextDetectors } from './free-text.js';
import { identityDetectors } from './identity.js';
import { personDetectors } from './person.js';
import { placeDetectors } from './place.js';
import { secretDetectors } from './secret.js';

/** Every detector of values. */
export const DETECTORS: readonly Detector[] = [
  ...identityDetectors,
  ...accountDetectors,
  ...contactDetectors,
  ...personDetectors,
  ...placeDetectors,
  ...secretDetectors,
  ...freeTextDetectors,
];
