import { jdbcPlace } from './jdbc.js';

const shown = (url: string) => {
  const place = jdbcPlace(url);
  return place && [place.namespace, place.database, place.schema].filter((part) => part !== undefined).join(' | ');
};

describe('a JDBC URL in OpenLineage names', () => {
  it.each([
    ['jdbc:mysql://Core.Bank:3307/loans?useSSL=false&characterEncoding=utf8', 'mysql://core.bank:3307 | loans'],
    ['jdbc:mysql://core.bank/loans', 'mysql://core.bank:3306 | loans'],
    ['jdbc:mysql://a.bank:3306,b.bank:3306/loans', 'mysql://a.bank:3306 | loans'],
    ['jdbc:mysql:loadbalance://a.bank:3306,b.bank:3306/loans', 'mysql://a.bank:3306 | loans'],
    ['jdbc:mysql://user:pw@core.bank:3306/loans', 'mysql://core.bank:3306 | loans'],
    ['jdbc:mariadb://core/信贷', 'mysql://core:3306 | 信贷'],
    ['jdbc:postgresql://dw:5432/risk', 'postgres://dw:5432 | risk | public'],
    ['jdbc:postgresql://dw/risk?currentSchema=dwd,public', 'postgres://dw:5432 | risk | dwd'],
    ['jdbc:postgresql://[::1]:5433/risk', 'postgres://[::1]:5433 | risk | public'],
    ['jdbc:opengauss://g1:8000/risk', 'opengauss://g1:8000 | risk | public'],
    ['jdbc:oracle:thin:@//ora:1522/CORE', 'oracle://ora:1522 | CORE'],
    ['jdbc:oracle:thin:@ora:1521:ORCL', 'oracle://ora:1521 | ORCL'],
    ['jdbc:oracle:thin:scott/tiger@ora:1521/CORE', 'oracle://ora:1521 | CORE'],
    [
      'jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS_LIST=(ADDRESS=(PROTOCOL=TCP)(HOST=ora1)(PORT=1521)))(CONNECT_DATA=(SERVICE_NAME=core)))',
      'oracle://ora1:1521 | core',
    ],
    ['jdbc:sqlserver://sql\\inst:1433;databaseName=ods;encrypt=true', 'mssql://sql:1433 | ods | dbo'],
    ['jdbc:sqlserver://sql;database=ods', 'mssql://sql:1433 | ods | dbo'],
    ['jdbc:db2://db:50000/BANK:currentSchema=DW;', 'db2://db:50000 | BANK | DW'],
    ['jdbc:hive2://nn1:10000/dwd;principal=hive/_HOST@BANK', 'hive://nn1:10000 | dwd'],
    ['jdbc:hive2://zk1:2181,zk2:2181/;serviceDiscoveryMode=zooKeeper', 'hive://zk1:2181 | default'],
    ['jdbc:clickhouse://ch:8123/dm', 'clickhouse://ch:8123 | dm'],
    ['jdbc:ch:https://ch:8443/dm', 'clickhouse://ch:8443 | dm'],
    ['jdbc:trino://t:8080/hive/dwd', 'trino://t:8080 | hive | dwd'],
    ['jdbc:redshift://c1.abc.eu-west-1.redshift.amazonaws.com:5439/dw', 'redshift://c1.eu-west-1:5439 | dw | public'],
    ['jdbc:dm://dm:5236/CORE', 'dameng://dm:5236 | CORE'],
    ['||_dsc_ob10_dsc_||c1:t1||_dsc_ob10_dsc_||jdbc:oceanbase://ob:2883/core', 'oceanbase://ob:2883 | core'],
    ['jdbc:mysql://${host}:${port}/${db}', 'mysql://${host}:${port} | ${db}'],
    ['jdbc:nobodyknows://h:1/d', 'nobodyknows://h:1 | d'],
    ['mysql://h:1/d', undefined],
    ['', undefined],
  ])('%s', (url, expected) => {
    expect(shown(url)).toBe(expected);
  });

  it('says when it does not know the kind', () => {
    expect(jdbcPlace('jdbc:nobodyknows://h:1/d')).toMatchObject({ known: false });
    expect(jdbcPlace('jdbc:mysql://h:1/d')).toMatchObject({ known: true });
  });
});
