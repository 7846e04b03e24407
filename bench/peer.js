// times DIR: the time expressions of all texts with chrono-node.
// words DIR: their words with @node-rs/jieba.
const fs = require("fs");
const [what, dir] = process.argv.slice(2);
const texts = fs.readFileSync(dir + "/texts.jsonl", "utf8").trim().split("\n").map((l) => JSON.parse(l)[2]);
if (what === "times") {
  const { zh } = require("chrono-node");
  for (const t of texts) zh.hans.parse(t, new Date(2018, 0, 1));
} else {
  const { Jieba } = require("@node-rs/jieba");
  const { dict } = require("@node-rs/jieba/dict");
  const jieba = Jieba.withDict(dict);
  for (const t of texts) jieba.cut(t, true);
}
