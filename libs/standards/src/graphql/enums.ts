import { registerEnumType } from '@nestjs/graphql';
import { IDENTIFIER_FORMATS, type IdentifierFormat } from '#core/identifiers';
import { ASPECTS, type Aspect, OUTCOMES, type Outcome } from '#core/standards-matcher';

import { RATES_BY, type RatesBy } from '../compliance.js';
import { ELEMENT_STATES, type ElementState } from '../data-element.entity.js';
import { MAPPING_STATES, type MappingState } from '../mappings.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

export const IdentifierFormatEnum: Record<string, IdentifierFormat> = enumOf(IDENTIFIER_FORMATS);
registerEnumType(IdentifierFormatEnum, {
  name: 'IdentifierFormat',
  description: 'Kind of identifier whose form can be checked.',
  valuesMap: {
    RESIDENT_ID: { description: 'Citizen’s id number, GB 11643, 18 characters (居民身份证号码).' },
    USCC: { description: 'Unified social credit code, GB 32100 (统一社会信用代码).' },
    LEI: { description: 'Legal entity identifier, ISO 17442.' },
  },
});

export const ElementStateEnum: Record<string, ElementState> = enumOf(ELEMENT_STATES);
registerEnumType(ElementStateEnum, {
  name: 'DataElementState',
  description: 'How far a data element is.',
  valuesMap: {
    PUBLISHED: { description: 'It has at least one published version, which may be in force from later on.' },
  },
});

export const MappingStateEnum: Record<string, MappingState> = enumOf(MAPPING_STATES);
registerEnumType(MappingStateEnum, {
  name: 'MappingState',
  description: 'Whether a field is a data element.',
  valuesMap: { REJECTED: { description: 'It is not, and is not suggested again.' } },
});

export const OutcomeEnum: Record<string, Outcome> = enumOf(OUTCOMES);
registerEnumType(OutcomeEnum, {
  name: 'ComplianceOutcome',
  description: 'Whether a field holds to its data element (落标).',
  valuesMap: {
    NOT_EVALUATED: { description: 'There was nothing to judge by, for instance no values.' },
    ERROR: {
      description: 'It could not be looked at, for instance because the source was away. No fault of the field.',
    },
  },
});

export const AspectOutcomeEnum: Record<string, Outcome | 'not_required'> = enumOf([...OUTCOMES, 'not_required']);
registerEnumType(AspectOutcomeEnum, {
  name: 'ComplianceAspectOutcome',
  description: 'The judgement on one aspect.',
  valuesMap: { NOT_REQUIRED: { description: 'The data element asks nothing there.' } },
});

export const AspectEnum: Record<string, Aspect> = enumOf(ASPECTS);
registerEnumType(AspectEnum, { name: 'ComplianceAspectName', description: 'What of a field is judged.' });

export const RatesByEnum: Record<string, RatesBy> = enumOf(RATES_BY);
registerEnumType(RatesByEnum, {
  name: 'ComplianceRatesBy',
  description: 'What the rates are counted by.',
  valuesMap: { OWNER: { description: 'The owner of the field, else of its dataset, else of its source.' } },
});
