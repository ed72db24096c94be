"""The same checks by Great Expectations and Soda: python quality.py TOOL CHECKS.json, on a PostgreSQL with a table public.loans.

CHECKS.json is {url, host, port, user, password, database, checks: [{kind, columns, params, there}]}. Prints one JSON line:
{done: [positions of the checks that the tool can express], failed: how many did not pass, seconds}.
"""
import json
import logging
import os
import sys
import tempfile
import time

os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["SODA_CORE_TELEMETRY_ENABLED"] = "false"
logging.disable(logging.CRITICAL)


def range_of(params):
    return params.get("min"), params.get("max")


def expectation(gxe, kind, columns, params, _there):
    column = columns[0] if columns else None
    low, high = range_of(params)
    if kind == "row_count":
        return gxe.ExpectTableRowCountToBeBetween(min_value=low, max_value=high)
    if kind == "not_null":
        return gxe.ExpectColumnValuesToNotBeNull(column=column)
    if kind == "in_set":
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=params["values"])
    if kind == "regex":
        return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=params["patterns"][0])
    if kind == "between":
        return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)
    if kind == "length_between":
        return gxe.ExpectColumnValueLengthsToBeBetween(column=column, min_value=low, max_value=high)
    if kind == "compare_columns":
        return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=columns[1], column_B=columns[0], or_equal=True, ignore_row_if="either_value_is_missing"
        )
    if kind == "aggregate":
        of = {"sum": "Sum", "avg": "Mean", "min": "Min", "max": "Max", "stddev": "Stdev"}[params["fn"]]
        return getattr(gxe, f"ExpectColumn{of}ToBeBetween")(column=column, min_value=low)
    if kind == "distinct_count":
        return gxe.ExpectColumnUniqueValueCountToBeBetween(column=column, min_value=low)
    if kind == "unique" and len(columns) == 1:
        return gxe.ExpectColumnValuesToBeUnique(column=column)
    if kind == "unique":
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=columns)
    return None


def with_gx(given):
    import great_expectations as gx
    import great_expectations.expectations as gxe

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    table = context.data_sources.add_postgres("bench", connection_string=given["url"]).add_table_asset(
        "loans", table_name="loans", schema_name="public"
    )
    batch = table.add_batch_definition_whole_table("all")
    suite = gx.ExpectationSuite(name="loans")
    done = []
    for at, check in enumerate(given["checks"]):
        one = expectation(gxe, check["kind"], check["columns"], check["params"], check.get("there"))
        if one is not None:
            suite.add_expectation(one)
            done.append(at)
    context.suites.add(suite)
    validation = context.validation_definitions.add(gx.ValidationDefinition(name="loans", data=batch, suite=suite))

    def work():
        # Without samples of failing rows, as ours.
        result = validation.run(result_format="BOOLEAN_ONLY")
        raised = [r for r in result.results if (r.exception_info or {}).get("raised_exception")]
        if raised:
            raise RuntimeError(str(raised[0].exception_info)[:300])
        return sum(not r.success for r in result.results)

    return done, work


def none_of(**more):
    return {**more, "threshold": {"must_be": 0}}


def soda_check(kind, columns, params, there):
    """(column or None for the dataset, check)."""
    column = columns[0] if columns else None
    low, high = range_of(params)
    at_least = {"must_be_greater_than_or_equal": low}
    if kind == "row_count":
        return None, {"row_count": {"threshold": at_least}}
    if kind == "not_null":
        return column, {"missing": none_of()}
    if kind == "in_set":
        return column, {"invalid": none_of(valid_values=params["values"])}
    if kind == "regex":
        return column, {"invalid": none_of(valid_format={"name": column, "regex": params["patterns"][0]})}
    if kind == "between":
        return column, {"invalid": none_of(valid_min=low, valid_max=high)}
    if kind == "length_between":
        return column, {"invalid": none_of(valid_min_length=low, valid_max_length=high)}
    if kind == "not_blank":
        return None, {"failed_rows": {"expression": f"trim({column}) = ''", **none_of()}}
    if kind == "compare_columns":
        return None, {"failed_rows": {"expression": f"NOT ({columns[0]} <= {columns[1]})", **none_of()}}
    if kind == "expression":
        return None, {"failed_rows": {"expression": f"NOT ({params['passWhen']})", **none_of()}}
    if kind == "freshness":
        return None, {"freshness": {"column": column, "threshold": {"unit": "day", "must_be_less_than": 10_000}}}
    if kind == "aggregate" and params["fn"] != "stddev":
        return column, {"aggregate": {"function": params["fn"], "threshold": at_least}}
    if kind == "unique" and len(columns) == 1:
        return column, {"duplicate": none_of()}
    if kind == "unique":
        return None, {"duplicate": none_of(columns=columns)}
    if kind == "foreign_key":
        reference = {"dataset": f"bench/postgres/public/{there}", "column": params["refColumns"][0]}
        return column, {"invalid": none_of(valid_reference_data=reference)}
    return None


def with_soda(given):
    from soda_core.contracts.api import verify_contract_locally

    done, columns, checks = [], {name: [] for name in given["columns"]}, []
    for at, check in enumerate(given["checks"]):
        found = soda_check(check["kind"], check["columns"], check["params"], check.get("there"))
        if found is None:
            continue
        column, one = found
        for body in one.values():
            body["qualifier"] = str(at)
        (checks if column is None else columns[column]).append(one)
        done.append(at)
    folder = tempfile.mkdtemp(prefix="plumbline-bench-")
    contract, source = os.path.join(folder, "contract.yml"), os.path.join(folder, "source.yml")
    connection = {key: given[key] for key in ("host", "port", "user", "password", "database")}
    with open(contract, "w") as file:
        json.dump(
            {
                "dataset": "bench/postgres/public/loans",
                "columns": [{"name": n, **({"checks": c} if c else {})} for n, c in columns.items()],
                "checks": checks,
            },
            file,
        )
    with open(source, "w") as file:
        json.dump({"type": "postgres", "name": "bench", "connection": connection}, file)

    def work():
        session = verify_contract_locally(data_source_file_path=source, contract_file_path=contract, publish=False)
        result = session.contract_verification_results[0]
        left = [str(c.outcome) for c in result.check_results if "PASS" not in str(c.outcome) and "FAIL" not in str(c.outcome)]
        if left or not result.check_results:
            raise RuntimeError(f"{len(left)} checks were not evaluated: {session.get_errors_str()}"[:600])
        return sum("FAIL" in str(c.outcome) for c in result.check_results)

    return done, work


if __name__ == "__main__":
    tool, path = sys.argv[1:]
    with open(path) as file:
        given = json.load(file)
    done, work = {"gx": with_gx, "soda": with_soda}[tool](given)
    print("ready", file=sys.stderr, flush=True)
    began = time.perf_counter()
    failed = work()
    print(json.dumps({"done": done, "failed": failed, "seconds": time.perf_counter() - began}))
