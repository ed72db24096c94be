// The types of `#dt-sql-parser`, the bundle of the second parser.
export * from 'dt-sql-parser';
