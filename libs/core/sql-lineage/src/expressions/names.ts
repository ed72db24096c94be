const words = (text: string): string[] => text.trim().split(/\s+/);

/** Nodes for functions over many rows. */
export const AGGREGATE_NODES: readonly string[] = words(`
  aggregate_function count sum avg min max group_concat string_agg list_agg array_agg count_if sum_if stddev stddev_pop
  stddev_samp variance var_pop var_samp median mode first last any_value approx_distinct approx_count_distinct
  approx_percentile percentile logical_and logical_or skewness array_concat_agg array_unique_agg bool_xor_agg percentile_cont
  percentile_disc json_array_agg json_object_agg bitwise_and_agg bitwise_or_agg bitwise_xor_agg having_max parameterized_agg
  arg_max arg_min approx_top_k approx_top_k_accumulate approx_top_k_combine approx_top_sum approx_quantiles minhash
  anonymous_agg_func combined_agg_func combined_parameterized_agg hash_agg hll object_agg j_s_o_n_object_agg
  j_s_o_n_b_object_agg j_s_o_n_array_agg quantile approx_quantile regr_valx regr_valy regr_avgy regr_avgx regr_count
  regr_intercept regr_r2 regr_sxx regr_sxy regr_syy regr_slope corr covar_samp covar_pop
`);

/**
 * Nodes that make one value from the values of their parts, row by row. A kind that is in no list of this folder is not
 * understood: its parts count, and the statement is `partial`.
 */
export const PLAIN_NODES: readonly string[] = words(`
  literal boolean null identifier braced_wildcard cast collation and or add sub mul div mod eq neq lt lte gt gte like i_like
  match bitwise_and bitwise_or bitwise_xor concat adjacent ts_match array_contains_all array_contained_by array_overlaps
  j_s_o_n_b_contains_all_top_keys j_s_o_n_b_contains_any_top_keys j_s_o_n_b_delete_at_path extends_left extends_right not neg
  bitwise_not between is_null is_true is_false is_json is member_of pseudocolumn array struct tuple interval concat_ws
  substring upper lower length trim l_trim r_trim replace reverse left right repeat lpad rpad split regexp_like
  regexp_replace regexp_extract overlay abs round floor ceil power sqrt cbrt ln log exp sign greatest least current_date
  current_time current_timestamp current_timestamp_l_t_z at_time_zone date_add date_sub date_diff date_trunc extract to_date
  to_timestamp date time date_from_unix_date unix_date unix_seconds unix_millis unix_micros unix_to_time_str time_str_to_date
  date_to_di di_to_date ts_or_di_to_di ts_or_ds_to_datetime ts_or_ds_to_timestamp year_of_week year_of_week_iso coalesce
  null_if if_null nvl try_cast safe_cast bitwise_count row_number rank dense_rank n_tile lead lag first_value last_value
  nth_value percent_rank cume_dist contains ends_with position initcap ascii chr char_func soundex levenshtein byte_length
  hex lower_hex unicode mod_func random rand trunc_func pi radians degrees sin cos tan asin acos atan atan2 is_nan is_inf
  int_div decode date_format format_date year month day hour minute second day_of_week day_of_week_iso day_of_month
  day_of_year week_of_year quarter add_months months_between last_day next_day epoch epoch_ms from_unixtime unix_timestamp
  make_date make_timestamp timestamp_trunc time_str_to_unix session_user s_h_a s_h_a1_digest time_to_unix array_func
  array_length array_size cardinality array_contains array_position array_append array_prepend array_concat array_sort
  array_reverse array_distinct array_join array_to_string unnest explode explode_outer array_filter array_transform
  array_flatten array_compact array_intersect array_union array_except array_remove array_zip sequence generate
  exploding_generate_series to_array struct_func struct_extract named_struct map_func map_from_entries map_from_arrays
  map_keys map_values map_contains_key map_concat element_at transform_keys transform_values function_emits json_extract
  json_extract_scalar json_extract_path json_array json_object json_query json_value json_array_length json_keys json_type
  parse_json to_json json_set json_insert json_remove json_merge_patch convert typeof parameter placeholder named_argument
  null_safe_eq null_safe_neq glob similar_to overlaps bitwise_left_shift bitwise_right_shift subscript
  array_slice paren annotated byte_string hex_string_expr unicode_string constraint group cube rollup grouping_sets var
  variadic session_parameter d_pipe operator at_index from_time_zone format_phrase for_in time_unit interval_op interval_span
  cosine_distance dot_product euclidean_distance manhattan_distance jarowinkler_similarity booland boolor
  approx_top_k_estimate farm_fingerprint float64 translate grouping grouping_id to_boolean list to_map pad to_char to_number
  to_double int64 string_func to_decfloat try_to_decfloat to_file convert_to_charset convert_timezone generate_series
  array_all array_any array_construct_compact st_point st_distance string_to_array array_sum cast_to_str_type check_json
  check_xml translate_characters current_schemas current_datetime localtime localtimestamp systimestamp current_schema
  current_user utc_time utc_timestamp timestamp date_bin datetime datetime_add datetime_sub datetime_diff datetime_trunc
  dayname make_interval previous_day elt timestamp_add timestamp_sub timestamp_diff time_slice time_add time_sub time_diff
  time_trunc date_from_parts time_from_parts decode_case decrypt decrypt_raw encode encrypt encrypt_raw equal_null to_binary
  base64_decode_binary base64_decode_string base64_encode try_base64_decode_binary try_base64_decode_string
  generate_date_array generate_timestamp_array get_extract getbit overflow_truncate_behavior hex_encode compress
  decompress_binary decompress_string xor nullif j_s_o_n j_s_o_n_path j_s_o_n_path_filter j_s_o_n_path_key
  j_s_o_n_path_recursive j_s_o_n_path_script j_s_o_n_path_slice j_s_o_n_path_selector j_s_o_n_path_subscript
  j_s_o_n_path_union format j_s_o_n_keys j_s_o_n_key_value j_s_o_n_keys_at_depth j_s_o_n_object j_s_o_n_array j_s_o_n_exists
  j_s_o_n_column_def j_s_o_n_schema j_s_o_n_set j_s_o_n_strip_nulls j_s_o_n_value j_s_o_n_value_array j_s_o_n_remove
  j_s_o_n_type object_insert j_s_o_n_b_exists j_s_o_n_b_contains j_s_o_n_b_extract j_s_o_n_cast j_s_o_n_extract
  j_s_o_n_extract_quote j_s_o_n_extract_array j_s_o_n_extract_scalar j_s_o_n_b_extract_scalar j_s_o_n_format j_s_o_n_bool
  j_s_o_n_path_root j_s_o_n_array_append j_s_o_n_array_contains j_s_o_n_array_insert parse_j_s_o_n parse_url parse_ip
  parse_time parse_datetime map map_cat map_delete map_insert map_pick scope_resolution slice var_map match_against
  m_d5_digest m_d5_number_lower64 m_d5_number_upper64 monthname ntile normal approx_percentile_estimate randn
  randstr range_n range_bucket reduce regexp_extract_all regexp_i_like regexp_full_match regexp_instr regexp_split
  regexp_count safe_add safe_divide safe_multiply safe_subtract s_h_a2 s_h_a2_digest sort_array split_part substring_index
  standard_hash str_position search_ip str_to_date date_str_to_date date_to_date_str str_to_time str_to_unix str_to_map
  number_to_str from_base stuff time_to_str time_str_to_time ts_or_ds_add ts_or_ds_diff ts_or_ds_to_date ts_or_ds_to_time
  unhex uniform unix_to_str unix_to_time uuid timestamp_from_parts timestamp_tz_from_parts width_bucket week x_m_l_element
  x_m_l_get zipf
  starts_with star_map property_e_q table_argument with_operator ordered alias aliases
  prior connect_by_root sys_connect_by_path table_sample
`);
