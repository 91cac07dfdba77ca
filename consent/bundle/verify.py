"""Checks the records of an export: python3 verify.py

Needs nothing but Python 3, and reads records.ndjson and anchors.ndjson beside it.
"""
import hashlib
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check(ok, line, problem):
    if not ok:
        sys.exit("NOT OK: line %d of records.ndjson: %s" % (line, problem))


anchors = {}
if os.path.exists(os.path.join(here, "anchors.ndjson")):
    for text in open(os.path.join(here, "anchors.ndjson"), encoding="utf-8"):
        try:
            anchor = json.loads(text)
            anchors[anchor["seq"]] = anchor["hash"]
        except (ValueError, KeyError):
            pass  # a line that a crash cut off

rows = first = last = gaps = withheld = anchored = 0
head, time = "0" * 64, ""
for n, text in enumerate(open(os.path.join(here, "records.ndjson"), encoding="utf-8"), 1):
    record = json.loads(text)
    seq = record["seq"]
    check(seq > last, n, "it is out of its place")
    if seq == last + 1:
        check(record["prev"] == head, n, "it does not follow from the record before")
    else:
        gaps += 1
    if "body" in record:
        body = json.loads(record["body"])
        leaf = sha256(record["body"])
        check(body["seq"] == seq, n, "its number is not that of its body")
        check(body["recorded_at"] >= time, n, "it was recorded before the record before")
        time = body["recorded_at"]
        if "private" in record:
            check(sha256(record["private"]) == body["private"], n, "what is personal is not what was recorded")
    else:
        leaf = record["body_sha256"]
        withheld += 1
    check(sha256("patchcord consent ledger 1\n%s\n%s\n" % (record["prev"], leaf)) == record["hash"], n, "its hash is not that of its content")
    if seq in anchors:
        check(anchors[seq] == record["hash"], n, "an anchor has another hash for it")
        anchored += 1
    rows, first, last, head = rows + 1, first or seq, seq, record["hash"]

print("OK: %d records, from %d to %d, %d of them withheld, rows left out in %d places, %d anchors met" % (rows, first, last, withheld, gaps, anchored))
print("head: %s" % head)
