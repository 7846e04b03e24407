// Package organs finds the organs that a text names (区编办, 市财政局, 各业务主管单位)
// and says which kind of department each is, at which level, under which names
// and until when, so that 区民政局, 市民政局 and 民政部 can be compared as one kind.
//
// Knowledge is data: rules/organs.toml, read by [Parse], proved by [Table.Check].
// A name is a prefix and a stem. [Table.Find] scans once from left to right and
// takes the longest stem at the earliest place (a rune trie, with stop phrases
// such as 财政拨款 in the same trie); reads the prefix from the stem to the left
// (marks 委 直 政府, levels 区 市 省, places asked of the caller, heads 各 原 中共);
// gives the bases of a list the head they share (市民政、财政、人社部门); and names
// what is left over that looks like an organ, with no kind, so that no duty is
// lost. Blanks between Chinese characters do not count (郴 州 市 财 政 局).
//
// Ambiguity is kept: a stem of two kinds has two candidates. A [Table] is never
// changed after Parse and may be used by many goroutines at once.
package organs
