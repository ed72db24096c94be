import { Injectable } from '@nestjs/common';
import { Vault } from '#platform/secrets';

/** A value of a source's row: the attribute, the field it was read from, the text. */
export type RowValue = readonly [attributeId: string, fieldId: string, value: string];

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
  suffixHash = (entityId: string, suffix: string) => this.vault.fingerprint(suffix, `master-suffix ${entityId}`);
  rowHash = (datasetId: string, key: string) => this.vault.fingerprint(key, `master-row ${datasetId}`);
  contentHash = (content: string) => this.vault.fingerprint(content, 'master-content');
  valueHash = (attributeId: string, value: string) => this.vault.fingerprint(value, `master-value ${attributeId}`);
  searchHash = (entityId: string, value: string) => this.vault.fingerprint(value, `master-search ${entityId}`);

  sealRowKey = (rowHash: Buffer, key: string) => this.vault.seal(key, `master-row-key:${rowHash.toString('hex')}`);
  openRowKey = (rowHash: Buffer, sealed: Buffer) =>
    this.vault.open(sealed, `master-row-key:${rowHash.toString('hex')}`, WHOSE);

  sealContent = (rowHash: Buffer, values: readonly RowValue[]) =>
    this.vault.seal(JSON.stringify(values), `master-row:${rowHash.toString('hex')}`);
  openContent = (rowHash: Buffer, sealed: Buffer) =>
    JSON.parse(this.vault.open(sealed, `master-row:${rowHash.toString('hex')}`, WHOSE)) as RowValue[];

  sealIdentifier = (keyHash: Buffer, identifier: string) =>
    this.vault.seal(identifier, `master-record:${keyHash.toString('hex')}`);
  openIdentifier = (keyHash: Buffer, sealed: Buffer) =>
    this.vault.open(sealed, `master-record:${keyHash.toString('hex')}`, WHOSE);

  sealValue = (keyHash: Buffer, attributeId: string, value: string) =>
    this.vault.seal(value, `master-value:${keyHash.toString('hex')}:${attributeId}`);
  openValue = (keyHash: Buffer, attributeId: string, sealed: Buffer) =>
    this.vault.open(sealed, `master-value:${keyHash.toString('hex')}:${attributeId}`, WHOSE);
}
