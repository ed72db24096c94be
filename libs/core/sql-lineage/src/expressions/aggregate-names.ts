import type { SqlDialect } from '../types.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Functions over many rows that the parser gives as plain calls, in any dialect. */
const AGGREGATES: ReadonlySet<string> = new Set(
  words(`
    every bool_and bool_or bit_and bit_or bit_xor json_agg jsonb_agg json_agg_strict jsonb_agg_strict json_object_agg
    jsonb_object_agg json_object_agg_strict jsonb_object_agg_strict json_object_agg_unique json_arrayagg
    json_objectagg xmlagg range_agg range_intersect_agg percentile_cont percentile_disc mode regr_avgx regr_avgy
    regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy covar_pop covar_samp corr arbitrary
    arg_min arg_max argmin argmax min_by max_by list histogram product quantile quantile_cont quantile_disc
    approx_quantile reservoir_quantile string_agg group_concat listagg sum_no_overflow fsum kahan_sum favg any_value
    first last entropy kurtosis kurtosis_pop skewness mad median array_agg collect_list collect_set count sum avg mean
    min max count_if countif sum_if stddev stddev_pop stddev_samp std variance var_pop var_samp varp stdevp stdev var
    some any booland_agg boolor_agg boolxor_agg count_min_sketch percentile percentile_approx approx_percentile
    approx_count_distinct approx_distinct approx_top_k approx_most_frequent approx_set merge histogram_numeric
    hll_sketch_agg hll_union_agg hll_union hll_raw_agg hll_merge bitmap_union bitmap_union_count bitmap_union_int
    bitmap_intersect bitmap_agg bitmap_construct_agg bitmap_or_agg bitmap_and_agg orthogonal_bitmap_intersect
    orthogonal_bitmap_intersect_count orthogonal_bitmap_union_count intersect_count ndv multi_distinct_count
    multi_distinct_sum retention window_funnel sequence_match sequence_count array_union_agg array_unique_agg
    array_concat_agg map_agg map_union map_union_sum multimap_agg reduce_agg numeric_histogram qdigest_agg tdigest_agg
    geometric_mean checksum bitwise_and_agg bitwise_or_agg bitwise_xor_agg set_agg set_union ds_hll_count_distinct
    ds_hll_accumulate ds_hll_combine topn topn_array topn_weighted percentile_array wm_concat collect stats_mode
    json_dataguide approx_median regr_valx regr_valy checksum_agg count_big object_agg variance_samp hash_agg hll
    hll_accumulate hll_combine approximate_similarity approx_top_k_accumulate approx_top_k_combine appx_median try_sum
    try_avg kll_sketch_agg_bigint theta_sketch_agg
  `),
);

/** ClickHouse's own; each can have combinators after it: `sumIf`, `uniqExactMergeState`. */
const CLICKHOUSE: ReadonlySet<string> = new Set(
  words(`
    count sum avg min max any anyheavy anylast anyrespectnulls anylastrespectnulls first_value last_value argmin
    argmax argandmax argandmin stddevpop stddevsamp stddevpopstable stddevsampstable varpop varsamp varpopstable
    varsampstable covarpop covarsamp covarpopstable covarsampstable corr corrstable corrmatrix covarpopmatrix
    covarsampmatrix skewpop skewsamp kurtpop kurtsamp entropy exponentialmovingaverage exponentialtimedecayedavg
    exponentialtimedecayedcount exponentialtimedecayedmax exponentialtimedecayedsum intervallengthsum grouparray
    grouparraylast groupuniqarray grouparrayinsertat grouparraymovingavg grouparraymovingsum grouparraysample
    grouparraysorted grouparrayintersect groupconcat groupbitand groupbitor groupbitxor groupbitmap groupbitmapand
    groupbitmapor groupbitmapxor sumwithoverflow sumkahan summap summapwithoverflow minmap maxmap sumcount deltasum
    deltasumtimestamp boundingratio rankcorr largesttriangletype largesttrianglethreebuckets lttb
    simplelinearregression stochasticlinearregression stochasticlogisticregression categoricalinformationvalue
    cramersv cramersvbiascorrected cramersvwindow contingency theilsu mannwhitneyutest studentttest welchttest
    kolmogorovsmirnovtest meanztest maxintersections maxintersectionsposition nonnegativederivative quantile quantiles
    quantileexact quantileexactlow quantileexacthigh quantileexactexclusive quantileexactinclusive quantilesexact
    quantilesexactlow quantilesexacthigh quantilesexactexclusive quantilesexactinclusive quantileexactweighted
    quantilesexactweighted quantiletiming quantilestiming quantiletimingweighted quantilestimingweighted
    quantiledeterministic quantilesdeterministic quantiletdigest quantilestdigest quantiletdigestweighted
    quantilestdigestweighted quantilebfloat16 quantilesbfloat16 quantilebfloat16weighted quantileddsketch quantilegk
    quantilesgk quantileinterpolatedweighted median medianexact mediantiming mediantdigest mediandeterministic topk
    topkweighted approx_top_k approx_top_sum uniq uniqexact uniqcombined uniqcombined64 uniqhll12 uniqupto
    uniqthetasketch sequencematch sequencecount sequencenextnode windowfunnel retention sparkbar singlevalueornull
    histogram avgweighted any_value flamegraph estimatecompressionratio
  `),
);

const COMBINATOR =
  /(?:SimpleState|MergeState|State|Merge|ForEach|Distinct|OrDefault|OrNull|Resample|ArgMin|ArgMax|Array|Map|If|_if|_state|_merge|_union|_foreach)$/i;

/** The function under its combinators, and whether one of them is `If`: then the last argument is a condition. */
export function combined(name: string): { readonly base: string; readonly conditional: boolean } {
  let base = name;
  let conditional = false;
  for (let found = COMBINATOR.exec(base); found && found.index > 0; found = COMBINATOR.exec(base)) {
    if (CLICKHOUSE.has(base.toLowerCase()) || AGGREGATES.has(base.toLowerCase())) break;
    conditional ||= /if$/i.test(found[0]);
    base = base.slice(0, found.index);
  }
  return { base: base.toLowerCase(), conditional };
}

/** Dialects whose aggregates take combinators: `sumIf`, in Doris `sum_state`. */
const COMBINING = new Set<SqlDialect>(['clickhouse', 'doris', 'starrocks']);

export function isAggregate(name: string, dialect: SqlDialect): boolean {
  const lower = name.toLowerCase();
  if (AGGREGATES.has(lower) || (dialect === 'clickhouse' && CLICKHOUSE.has(lower))) return true;
  if (!COMBINING.has(dialect)) return false;
  const { base } = combined(name);
  return base !== lower && (CLICKHOUSE.has(base) || AGGREGATES.has(base));
}
