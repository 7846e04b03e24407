package reader

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

// pair is a label with its value on one line, as byte offsets into the line.
// A value of length 0 is missing, or has not the shape its field asks for.
type pair struct {
	label      rules.PageLabel
	start, end int // the label with its colon
	val        corpus.Span
	shaped     bool // the field has a shape, and the value has it
	open       bool // nothing at all stands after the label
	bare       bool // no colon, and the only label of its line: it needs another line's beside it
}

// maxLabelLine is the longest line, in bytes, that is searched for labels. All
// lines of disclosure blocks seen are far shorter.
const maxLabelLine = 1500

// maxLabel is the longest label, in characters.
const maxLabel = 12

// maxFlatLabel is the longest label with its inner blanks, in bytes.
const maxFlatLabel = 60

// labelBefore is the offset at which the longest label begins that ends at end,
// whatever blanks stand in it ("索 引 号：", "文　号:"), and whether there is one.
// After another Chinese character it is another label, or none (原文号：, 本次
// 发布时间：), unless a new run of the page's text begins with it.
func (r *Reader) labelBefore(line string, end int, cuts []int) (rules.PageLabel, int, bool) {
	var buf [maxLabel]rune
	var found rules.PageLabel
	at, ok := end, false
	for from, n := end, 0; n < maxLabel && from > 0; {
		c, size := utf8.DecodeLastRuneInString(line[:from])
		from -= size
		if c == ' ' || c == 0xA0 || c == 0x3000 {
			continue
		}
		if !unicode.Is(unicode.Han, c) {
			break
		}
		n++
		buf[maxLabel-n] = c
		label, known := r.page.Labels[string(buf[maxLabel-n:])]
		if !known {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(line[:from])
		if from == 0 || !unicode.Is(unicode.Han, before) || slices.Contains(cuts, from) || clock(line[:from]) {
			found, at, ok = label, from, true
		}
	}
	return found, at, ok
}

// pairs finds the labels of a line and their values. cuts are the offsets where
// a new run of the page's text begins: a run that is nothing but a label counts
// without a colon too.
func (r *Reader) pairs(line string, cuts []int) []pair {
	if len(line) > maxLabelLine {
		return nil
	}
	out := r.runLabels(line, cuts)
	if cuts == nil {
		out = r.blankLabels(line)
	}
	if len(out) == 0 && strings.IndexByte(line, ':') < 0 && !strings.Contains(line, "：") && !strings.Contains(line, "】") {
		return nil
	}
	for i, c := range line {
		switch c {
		case ':', '：':
			if label, start, ok := r.labelBefore(line, i, cuts); ok {
				out = append(out, pair{label: label, start: start, end: i + utf8.RuneLen(c)})
			}
		case '】':
			if open := strings.LastIndex(line[:i], "【"); open >= 0 && i-open < maxFlatLabel {
				if label, ok := r.page.Bracketed(rules.FoldLabel(line[open+len("【") : i])); ok {
					out = append(out, pair{label: label, start: open, end: i + utf8.RuneLen(c)})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b pair) int { return a.start - b.start })
	kept := out[:0]
	for _, p := range out {
		if n := len(kept); n == 0 || p.start >= kept[n-1].end {
			kept = append(kept, p)
		}
	}
	if len(kept) == 1 && kept[0].bare && kept[0].start > 0 {
		return nil
	}
	for i := range kept {
		end := len(line)
		if i+1 < len(kept) {
			end = kept[i+1].start
		}
		r.value(&kept[i], line, kept[i].end, end)
	}
	return kept
}

// clock reports whether s ends in a time of day: "08时18分00秒|来源:示例网".
func clock(s string) bool {
	for _, unit := range []string{"分", "秒"} {
		if before, ok := strings.CutSuffix(s, unit); ok && before != "" {
			return before[len(before)-1] >= '0' && before[len(before)-1] <= '9'
		}
	}
	return false
}

func (r *Reader) runLabels(line string, cuts []int) []pair {
	var out []pair
	for i, from := range cuts {
		to := len(line)
		if i+1 < len(cuts) {
			to = cuts[i+1]
		}
		word := line[from:to]
		if len(word) > maxFlatLabel {
			continue
		}
		if label, ok := r.page.Labels[rules.FoldLabel(word)]; ok {
			out = append(out, pair{label: label, start: from, end: to})
		}
	}
	return out
}

// maxLabelWords is into how many words blanks may cut a label: 索 引 号.
const maxLabelWords = 5

// blankLabels finds the labels that only a blank parts from their values, as a table
// leaves them that was flattened: "索 引 号 X1/2023-05475 发文日期 2023-01-03". One alone is
// a word of the line, unless its value has the shape of the field and the line beside
// it has labels, too. Weak labels do not count.
func (r *Reader) blankLabels(line string) []pair {
	if len(line) > maxFlatRow || !strings.ContainsAny(line, " \u3000\u00a0") {
		return nil
	}
	var out []pair
	words := strings.Fields(line)
	at := 0
	starts := make([]int, len(words))
	for i, w := range words {
		at += strings.Index(line[at:], w)
		starts[i] = at
		at += len(w)
	}
	for i := 0; i < len(words); i++ {
		word, found, last := "", pair{}, -1
		for k := i; k < len(words) && k < i+maxLabelWords && utf8.RuneCountInString(word) < maxLabel; k++ {
			if word += words[k]; k > i && utf8.RuneCountInString(words[k]) > 2 {
				break // a label is cut into single characters
			}
			if label, ok := r.page.Labels[word]; ok && !label.Weak { // the longest: 索引号, not 索引
				found, last = pair{label: label, start: starts[i], end: starts[k] + len(words[k])}, k
			}
		}
		switch digit := strings.IndexFunc(words[i], func(c rune) bool { return c < utf8.RuneSelf }); {
		case last >= 0:
			out, i = append(out, found), last
		case digit > 0: // 索引号990102331/2023-00041: cleaning has joined them
			if label, ok := r.page.Labels[words[i][:digit]]; ok && !label.Weak {
				out = append(out, pair{label: label, start: starts[i], end: starts[i] + digit})
			}
		}
	}
	if len(out) == 1 && !strings.ContainsAny(line, ":：") {
		out[0].bare = true
	}
	return out
}

// maxFlatRow is the longest line, in bytes, that is searched for labels without a colon.
const maxFlatRow = 400

// value sets the value of p from line[from:to].
func (r *Reader) value(p *pair, line string, from, to int) {
	const edge = " \u00a0\u3000|｜;；【[（("
	s := line[from:to]
	lead := len(s) - len(strings.TrimLeft(s, " \u00a0\u3000:：|｜"))
	s = strings.TrimRight(s[lead:], edge)
	from += lead
	p.open = s == ""
	n, ok, shaped := r.shape(p.label.Field, s)
	if !ok {
		n = 0
	}
	p.val = corpus.Span{Start: from, End: from + n}
	p.shaped = shaped && ok
}

// shape is the number of bytes of s that are a value of the field, whether they
// may be one, and whether the field has a shape at all.
func (r *Reader) shape(f corpus.Field, s string) (n int, ok, shaped bool) {
	re := r.page.Shapes[f]
	if re == nil || s == "" {
		return len(s), s != "", false
	}
	m := re.FindStringSubmatchIndex(s)
	if m == nil {
		return 0, false, true
	}
	n = len(s)
	if g := re.SubexpIndex("value"); g >= 0 && m[2*g+1] >= 0 {
		n = len(strings.TrimRight(s[:m[2*g+1]], " \u00a0\u3000"))
	}
	return n, n > 0, true
}

// near reports whether labels that stand near each other are a disclosure
// block: two different ones, of which one is strong or has a value of the right
// shape. One alone may be the start of a sentence.
func near(group []pair) bool {
	words := map[string]bool{}
	sure := false
	for _, p := range group {
		if p.bare && !p.shaped {
			continue
		}
		words[p.label.Word] = true
		if p.label.Field != "" && (!p.label.Weak || p.shaped) {
			sure = true
		}
	}
	return len(words) >= 2 && sure
}

// alone reports whether a line is nothing but one label and a value of the
// right shape, at most a few words of furniture after it.
func alone(line string, ps []pair) bool {
	return len(ps) == 1 && ps[0].start == 0 && ps[0].shaped && !ps[0].bare && ps[0].label.Field != "" && len(line)-ps[0].val.End <= 90
}
