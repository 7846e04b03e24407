"""Segment the texts of a folder with jieba."""
import json
import os
import sys

import jieba

with open(os.path.join(sys.argv[1], "texts.jsonl"), encoding="utf-8") as f:
    for line in f:
        list(jieba.cut(json.loads(line)[2]))
