"""The same SQL through Python's sqlglot and sqllineage: python lineage.py CASES.json. A JSON line for each case and tool."""
import json
import logging
import sys
import time

import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from sqllineage.runner import LineageRunner

logging.disable(logging.CRITICAL)
DIALECT = "hive"


def with_sqlglot(sql):
    tree = sqlglot.parse_one(sql, dialect=DIALECT)
    query = tree.expression if isinstance(tree, exp.Insert) else tree
    for column in query.named_selects:
        lineage(column, query.copy(), dialect=DIALECT)


def with_sqllineage(sql):
    LineageRunner(sql, dialect=DIALECT).get_column_lineage()


def timed(work, sql):
    began = time.perf_counter()
    try:
        work(sql)
        failed = False
    except (Exception, RecursionError):
        failed = True
    return (time.perf_counter() - began) * 1000, failed


TOOLS = {"sqlglot": with_sqlglot, "sqllineage": with_sqllineage}
BUDGET_S = 60

for name, statements in json.load(open(sys.argv[1], encoding="utf-8")).items():
    for tool, work in TOOLS.items():
        timed(work, statements[0])
        began = time.perf_counter()
        times, failed = [], 0
        for sql in statements:
            took, refused = timed(work, sql)
            times.append(took)
            failed += refused
            if time.perf_counter() - began > BUDGET_S:
                break
        print(json.dumps({"case": name, "tool": tool, "of": len(statements), "times": times, "failed": failed}), flush=True)
