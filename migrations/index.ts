/** The one chain of migrations, in order: `NAME.sql` beside this file. A released one is never changed. */
export const migrations: readonly string[] = [
  '0001_platform',
  '0002_audit',
  '0003_identity',
  '0004_sources',
  '0005_dictionary',
  '0006_harvest',
  '0007_standards',
  '0008_lineage',
  '0009_quality',
  '0010_master_data',
  '0011_reports',
  '0012_constraints',
  '0013_harvest_facts',
  '0014_harvest_runs',
  '0015_renames',
  '0016_sensitivity',
  '0017_statistics',
  '0018_statements',
  '0019_harvest_speed',
  '0020_open_lineage',
  '0021_script_origins',
  '0022_edge_changes',
<<<<<<< HEAD
  '0024_pipelines',
  '0025_query_logs_and_receivers',
=======
  '0023_open_lineage_speed',
>>>>>>> ol
];
