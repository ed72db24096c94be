import { GraphQLDateTime } from 'graphql-scalars';

/** Scalars in place of Nest's own: its DateTime lets a text through that is no date, as a date that is none. */
export const scalarsMap = [{ type: Date, scalar: GraphQLDateTime }];
