"""Checks the records of an export: python3 verify.py

Needs nothing but Python 3, and reads the files beside it: records.ndjson,
anchors.ndjson and manifest.json. Prints OK, NOT LINKED where records are left out,
or NOT OK; the exit status of the last is 1.
"""
import hashlib
import json
import os
import sys
import urllib.parse

here = os.path.dirname(os.path.abspath(__file__))


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def lines(name):
    if not os.path.exists(os.path.join(here, name)):
        return []
    return open(os.path.join(here, name), encoding="utf-8")


def check(ok, line, problem):
    if not ok:
        sys.exit("NOT OK: line %d of records.ndjson: %s" % (line, problem))


def short(time):
    return time[:-1].rstrip("0").rstrip(".") + "Z" if "." in time else time


def readable(body, private, seq, hash):
    """The fact that a body and its private part say."""
    fact = dict(body["fact"], seq=seq, hash=hash, recorded_at=short(body["recorded_at"]), type=body["type"])
    if body["seller"]:
        fact["seller"] = body["seller"]
    if "decided" in body:
        kept = dict(body["decided"], duties=[], seq=seq)
        kept["results"] = [dict(r, reason="", citation="", retry_at=None) for r in kept.pop("failing", [])]
        kept.setdefault("not_before", None)
        kept.pop("build", None)
        fact["decision"] = kept
    if private:
        fact.update({name: value for name, value in private.items() if name != "salt"})
        if "decision" in private:
            fact["decision"] = dict(private["decision"], seq=seq)
    return fact


def once(pairs):
    """An object none of whose names stands there twice: readers differ on which one counts."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError
    return dict(pairs)


RECORD = {"seq", "prev", "hash", "body", "body_sha256", "private", "fact"}


def parse(text, line):
    try:
        record = json.loads(text, object_pairs_hook=once)
        good = {"seq", "prev", "hash"} <= set(record) <= RECORD and ("body" in record) != ("body_sha256" in record)
    except (ValueError, TypeError):
        good, record = False, None
    check(good, line, "not a record of an export")
    return record


manifest = {"filter": ""}
if os.path.exists(os.path.join(here, "manifest.json")):
    manifest = json.load(open(os.path.join(here, "manifest.json"), encoding="utf-8"))
asked = urllib.parse.parse_qs(manifest["filter"])

anchors = {}
for text in lines("anchors.ndjson"):
    try:
        anchor = json.loads(text)
        anchors[anchor["seq"]] = anchor["hash"]
    except (ValueError, KeyError):
        pass  # a line that a crash cut off

rows = first = last = gaps = withheld = met = erased = 0
head, time, shut = "0" * 64, "", {}  # shut: the first record of each person whose personal part is missing
for n, text in enumerate(lines("records.ndjson"), 1):
    record = parse(text, n)
    seq = record["seq"]
    check(seq > last, n, "it is out of its place")
    if seq == last + 1:
        check(record["prev"] == head, n, "it does not follow from the record before")
    else:
        gaps += 1
    if "body" in record:
        body, private = json.loads(record["body"]), None
        leaf = sha256(record["body"])
        check(body["seq"] == seq, n, "its number is not that of its body")
        check(body["recorded_at"] >= time, n, "it was recorded before the record before")
        time = body["recorded_at"]
        if "private" in record:
            check(sha256(record["private"]) == body["private"], n, "what is personal is not what was recorded")
            private = json.loads(record["private"])
        elif "private" in body:
            shut.setdefault(body["token"], n)
            erased += 1
        if body["type"] == "erasure":
            shut.pop(body["token"], None)
        check("fact" in record, n, "the ledger that wrote it found that it does not verify")
        said = readable(body, private, seq, record["hash"])
        check(record["fact"] == said, n, "its fact does not match its body and its personal data")
    else:
        check("fact" not in record, n, "it has a fact and no body")
        check("linked" in asked, n, "it is withheld from an export that should include it")
        leaf = record["body_sha256"]
        withheld += 1
    link = sha256("patchcord consent ledger 1\n%s\n%s\n" % (record["prev"], leaf))
    check(link == record["hash"], n, "its hash does not match its content")
    if seq in anchors:
        check(anchors[seq] == record["hash"], n, "an anchor has a different hash for it")
        met += 1
    rows, first, last, head = rows + 1, first or seq, seq, record["hash"]

if shut and not {"sealed", "seller", "to"} & set(asked):  # else the erasure may be among what was not asked for
    check(False, min(shut.values()), "its personal part is missing, and no later record says that the person was erased")
whole = "to" not in asked and ("linked" in asked or not {"number", "seller"} & set(asked))
newest = max(anchors, default=0)
if whole and newest > last:
    sys.exit("NOT OK: the records end at %d, but an anchor names %d: the newest are missing" % (last, newest))

linked = not gaps
print("%s: %d records, from %d to %d, %d of them withheld, %d without what is personal, rows left out in %d places, %d anchors met"
      % ("OK" if linked else "NOT LINKED", rows, first, last, withheld, erased, gaps, met))
if not linked:
    print("each record holds by itself; nothing here shows what stands between them, or that they are of one ledger")
if newest <= last:
    print("no anchor names a later record: records cut off behind the last anchor, %d, would not show" % newest)
print("head: %s" % head)
