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
    if not lineage(None, query, {}, dialect=DIALECT, copy=False):
        raise ValueError("no columns")


def with_sqllineage(sql):
    if not LineageRunner(sql, dialect=DIALECT).get_column_lineage():
        raise ValueError("no columns")


def timed(work, sql):
    began = time.perf_counter()
    try:
        work(sql)
        refusal = None
    except Exception as error:
        refusal = f"{type(error).__name__}: {error}".splitlines()[0]
    return (time.perf_counter() - began) * 1000, refusal


TOOLS = {"sqlglot": with_sqlglot, "sqllineage": with_sqllineage}
BUDGET_S = 60

for name, statements in json.load(open(sys.argv[1], encoding="utf-8")).items():
    for tool, work in TOOLS.items():
        timed(work, statements[0])
        began = time.perf_counter()
        times, refusals = [], []
        for sql in statements:
            took, refusal = timed(work, sql)
            times.append(took)
            if refusal:
                refusals.append(refusal)
            if time.perf_counter() - began > BUDGET_S:
                break
        answer = {"case": name, "tool": tool, "of": len(statements), "times": times, "failed": len(refusals), "why": refusals[:1]}
        print(json.dumps(answer), flush=True)
