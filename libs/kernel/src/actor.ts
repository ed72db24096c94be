/** What a person may do. One account can have several. */
export const ROLES = ['administrator', 'steward', 'engineer', 'compliance', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Who does something: a signed-in person, a token's holder, or the system itself (a schedule, a worker). */
export interface Actor {
  readonly kind: 'user' | 'token' | 'system';
  /** The account's id; for the system, the name of the part that acts. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** The system acting for nobody in particular: `systemActor('scheduler')`. */
export const systemActor = (part: string): Actor => ({
  kind: 'system',
  id: part,
  name: part,
  roles: ['administrator'],
});
