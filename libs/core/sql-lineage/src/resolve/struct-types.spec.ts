import { schemaOf } from '../schema.js';
import { readScript } from '../script.js';

describe('the fields of a struct in a star', () => {
  it.each([
    ['BigQuery', 'STRUCT<street STRING, geo STRUCT<lat FLOAT64, lon FLOAT64>>', 'buyer.*', ['street', 'geo']],
    ['Hive', 'struct<street:string,geo:struct<lat:double,lon:double>>', 'o.buyer.*', ['street', 'geo']],
    ['Trino', 'row(street varchar(10), geo row(lat double, lon double))', 'buyer.geo.*', ['lat', 'lon']],
    ['quoted names', 'STRUCT<`街 道` STRING, n NUMERIC(10, 2)>', 'buyer.*', ['街 道', 'n']],
    ['a type that does not say', 'JSON', 'buyer.*', ['*']],
    ['a field that is no struct', 'STRUCT<street STRING>', 'buyer.street.*', ['*']],
  ])('%s', (_, type, star, expected) => {
    const schema = schemaOf([{ name: 'orders', columns: ['id', 'buyer'], types: ['INT64', type] }], 'bigquery');
    const [statement] = readScript(`select ${star} from orders o`, { dialect: 'bigquery', schema }).statements;
    expect(statement?.columnEdges.map(({ to }) => to.column)).toEqual(expected);
    expect(new Set(statement?.columnEdges.map(({ from }) => from.column))).toEqual(new Set(['buyer']));
  });
});
