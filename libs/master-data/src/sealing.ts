import { Injectable } from '@nestjs/common';
import { Vault } from '#platform/secrets';

/** A value of a source's row: the attribute, the field it was read from, the text. */
export type RowValue = readonly [attributeId: string, fieldId: string, value: string];

/** What a row of a source says. */
export interface RowContent {
  /** The values of its key as JSON, or # and a fingerprint for a row without one. */
  readonly key: string;
  readonly values: readonly RowValue[];
}

/** A surviving value, the field and row it comes from, and since when; times in milliseconds. */
export interface KeptValue {
  readonly attributeId: string;
  readonly value: string;
  readonly fieldId: string;
  readonly rowKey: string;
  /** When the source said the row was changed. */
  readonly changedAt: number | null;
  /** When a build first read it there. */
  readonly since: number;
}

/** What a golden record says. */
export interface GoldenContent {
  readonly identifier: string;
  readonly values: readonly KeptValue[];
}

const WHOSE = 'a master record';

/**
 * How personal data is kept: sealed, each piece for its place, so that none can be moved to another; and found by
 * fingerprints that only the key's holder can make.
 */
@Injectable()
export class Sealing {
  constructor(private readonly vault: Vault) {}

  /** Of an entity's valid identifier: the same identifier, the same golden record. */
  keyHash = (entityId: string, identifier: string) => this.vault.fingerprint(identifier, `master-key ${entityId}`);
  rowHash = (datasetId: string, key: string) => this.vault.fingerprint(key, `master-row ${datasetId}`);
  contentHash = (content: string) => this.vault.fingerprint(content, 'master-content');
  goldenHash = (keyHash: Buffer, values: readonly KeptValue[]) => {
    const facts = values.map(({ attributeId, value, fieldId, rowKey }) => [attributeId, value, fieldId, rowKey]);
    // With the key, so that two people of whom the same is known do not show it.
    return this.vault.fingerprint(keyHash.toString('hex') + JSON.stringify(facts), 'master-golden');
  };

  /** Numbers that records are found by, short since an index holds one for each value. */
  suffixPrint = (entityId: string, suffix: string) => this.print(suffix, `master-suffix ${entityId}`);
  searchPrint = (entityId: string, value: string) => this.print(value, `master-search ${entityId}`);

  sealRow = (rowHash: Buffer, { key, values }: RowContent) =>
    this.vault.seal(JSON.stringify([key, values]), `master-row:${rowHash.toString('hex')}`);
  openRow = (rowHash: Buffer, sealed: Buffer): RowContent => {
    const opened = JSON.parse(this.vault.open(sealed, `master-row:${rowHash.toString('hex')}`, WHOSE));
    const [key, values] = opened as [string, RowValue[]];
    return { key, values };
  };

  sealGolden = (keyHash: Buffer, { identifier, values }: GoldenContent) =>
    this.vault.seal(JSON.stringify([identifier, values.map(packed)]), `master-record:${keyHash.toString('hex')}`);
  openGolden = (keyHash: Buffer, sealed: Buffer): GoldenContent => {
    const opened = JSON.parse(this.vault.open(sealed, `master-record:${keyHash.toString('hex')}`, WHOSE));
    const [identifier, values] = opened as [string, Packed[]];
    return { identifier, values: values.map(unpacked) };
  };

  sealFormer = (keyHash: Buffer, value: KeptValue) =>
    this.vault.seal(JSON.stringify(packed(value)), `master-former:${keyHash.toString('hex')}`);
  openFormer = (keyHash: Buffer, sealed: Buffer): KeptValue =>
    unpacked(JSON.parse(this.vault.open(sealed, `master-former:${keyHash.toString('hex')}`, WHOSE)) as Packed);

  private print(text: string, purpose: string): string {
    return String(this.vault.fingerprint(text, purpose).readBigInt64BE());
  }
}

type Packed = readonly [string, string, string, string, number | null, number];
const packed = ({ attributeId, value, fieldId, rowKey, changedAt, since }: KeptValue): Packed => [
  ...([attributeId, value, fieldId, rowKey, changedAt, since] as const),
];
const unpacked = ([attributeId, value, fieldId, rowKey, changedAt, since]: Packed): KeptValue => ({
  ...{ attributeId, value, fieldId, rowKey, changedAt, since },
});
