"""SQLite FTS5 with its trigram tokenizer: build DIR, ask DIR or ask DIR warm.

Terms of fewer than three characters cannot use the trigrams; they are found by a
scan with instr, which is faster than LIKE.
"""
import json
import os
import sqlite3
import sys
import time

what, folder = sys.argv[1:3]
path = os.path.join(folder, "sqlite.db")


def build():
    if os.path.exists(path):
        os.remove(path)
    db = sqlite3.connect(path)
    db.execute("CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize='trigram')")
    db.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, place TEXT, year TEXT, kind TEXT)")
    with open(os.path.join(folder, "texts.jsonl"), encoding="utf-8") as f:
        rows = map(json.loads, f)
        for i, title, body, place, year, kind in rows:
            db.execute("INSERT INTO t(rowid, title, body) VALUES (?, ?, ?)", (i, title, body))
            db.execute("INSERT INTO m VALUES (?, ?, ?, ?)", (i, place, year, kind))
    db.commit()
    db.execute("INSERT INTO t(t) VALUES ('optimize')")
    db.commit()
    db.close()


def quoted(w):
    return '"' + w + '"'


def one(w, args):
    if len(w) >= 3:
        args.append(quoted(w))
        return "rowid IN (SELECT rowid FROM t WHERE t MATCH ?)"
    args += [w, w]
    return "(instr(body, ?) OR instr(title, ?))"


def answer(db, q):
    groups, without = q["Groups"], q["Without"] or []
    words = [w for g in groups for w in g] + without
    match = None
    if all(len(w) >= 3 for w in words):
        match = " OR ".join("(" + " AND ".join(map(quoted, g)) + ")" for g in groups)
        for w in without:
            match = "(" + match + ") NOT " + quoted(w)
        where, args = "t MATCH ?", [match]
    else:
        args = []
        where = "(" + " OR ".join("(" + " AND ".join(one(w, args) for w in g) + ")" for g in groups) + ")"
        for w in without:
            where += " AND NOT " + one(w, args)
    db.execute("DELETE FROM h")
    db.execute("INSERT INTO h SELECT rowid FROM t WHERE " + where, args)
    total = db.execute("SELECT count(*) FROM h").fetchone()[0]
    for field in ("place", "year", "kind"):
        db.execute(f"SELECT {field}, count(*) FROM h JOIN m USING(id) GROUP BY 1 ORDER BY 2 DESC").fetchall()
    if match:
        db.execute("SELECT rowid, title, snippet(t, 1, '[', ']', '…', 40) FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", [match]).fetchall()
    else:
        w = groups[0][0]
        db.execute("SELECT rowid, title, substr(body, max(1, instr(body, ?) - 40), 80) FROM t WHERE rowid IN (SELECT id FROM h LIMIT 10)", [w]).fetchall()
    return total


def ask():
    db = sqlite3.connect(path)
    db.execute("CREATE TEMP TABLE h(id INTEGER PRIMARY KEY)")
    with open(os.path.join(folder, "asks.json"), encoding="utf-8") as f:
        queries = json.load(f)
    out = {"counts": [], "first": [], "warm": []}
    for times in ("first", "warm") if "warm" in sys.argv else ("first",):
        out["counts"] = []
        for q in queries:
            at = time.perf_counter()
            out["counts"].append(answer(db, q))
            out[times].append((time.perf_counter() - at) * 1000)
    print(json.dumps(out))


{"build": build, "ask": ask}[what]()
