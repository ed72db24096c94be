"""Columns through Presidio's analyzer without a language model: python sensitive.py COLUMNS.json. One JSON object comes back."""
import json
import logging
import sys
import time
from collections import Counter
from importlib.metadata import version

import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine

logging.disable(logging.CRITICAL)

CATEGORIES = {
    "CREDIT_CARD": "bank_card",
    "IBAN_CODE": "account_no",
    "EMAIL_ADDRESS": "email",
    "IP_ADDRESS": "ip_address",
    "MAC_ADDRESS": "mac_address",
    "PHONE_NUMBER": "mobile",
    "PERSON": "person_name",
    "LOCATION": "address",
}


class WithoutModel(SpacyNlpEngine):
    """Tokens only: models cannot be had everywhere."""

    def __init__(self):
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}

    def load(self):
        pass


analyzer = AnalyzerEngine(nlp_engine=WithoutModel(), supported_languages=["en"])
columns = json.load(open(sys.argv[1], encoding="utf-8"))
began = time.perf_counter()
judged = []
for column in columns:
    values = [str(value) for value in column["values"] if value not in (None, "")]
    context = column["column"].split("#")[1].split("_")
    seen = Counter()
    for value in values:
        found = analyzer.analyze(text=value[:2000], language="en", context=context, score_threshold=0.35)
        seen.update({CATEGORIES[each.entity_type] for each in found if each.entity_type in CATEGORIES})
    best = seen.most_common(1)
    proposed = best[0][0] if best and best[0][1] >= len(values) / 2 else None
    judged.append({key: column[key] for key in ("source", "column", "label")} | ({"proposed": proposed} if proposed else {}) | {"score": 0})
print(json.dumps({"version": version("presidio-analyzer"), "seconds": time.perf_counter() - began, "judged": judged}))
