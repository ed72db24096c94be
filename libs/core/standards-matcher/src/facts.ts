import { type TypeFamily } from '#core/connector-kit';

/** What is known of a column. */
export interface FieldFacts {
  readonly id: string;
  readonly name: string;
  /** The source's own comment. */
  readonly comment: string | null;
  /** What a steward calls it. */
  readonly businessName: string | null;
  readonly nativeType: string;
  readonly typeFamily: TypeFamily;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly nullable: boolean;
}

/** What a data element (数据元) asks of a column. */
export interface ElementFacts {
  readonly id: string;
  readonly code: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly typeFamily: TypeFamily;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly nullable: boolean;
  /** The code set's name, when the values must come from one. */
  readonly codeSet: { readonly nameEn: string; readonly nameZh: string } | null;
}
