"""What a script would do with a folder of pages: readability, jieba, FTS5 and a few
regular expressions for dates, document numbers and departments. FOLDER DB"""
import os
import re
import sqlite3
import sys

import jieba
from lxml import html
from readability import Document

folder, path = sys.argv[1:3]
if os.path.exists(path):
    os.remove(path)
db = sqlite3.connect(path)
db.execute("CREATE VIRTUAL TABLE t USING fts5(title, words)")
db.execute("CREATE TABLE f(page TEXT, kind TEXT, text TEXT)")
patterns = {
    "date": re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?(?:底)?前?|\d{4}年底前"),
    "number": re.compile(r"[\u4e00-\u9fff]{2,8}〔\d{4}〕\d+号"),
    "organ": re.compile(r"[\u4e00-\u9fff]{2,10}(?:局|委|办|部|厅)(?=负责|牵头|配合)"),
}
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        doc = Document(f.read())
    text = html.fromstring(doc.summary()).text_content()
    db.execute("INSERT INTO t VALUES (?, ?)", (doc.title(), " ".join(jieba.cut(text))))
    for kind, p in patterns.items():
        db.executemany("INSERT INTO f VALUES (?, ?, ?)", [(name, kind, m) for m in p.findall(text)])
db.commit()
