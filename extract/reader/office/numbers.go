package office

import (
	"strconv"
	"strings"
)

// level is one level of a list: how its paragraphs are numbered.
type level struct {
	start   int
	format  string // as in w:numFmt
	text    string // %1 stands for the number of the first level: "（%1）"
	restart int    // begins again after a paragraph of this level or a higher one (from 1); 0 never, -1 after any higher one
	legal   bool   // all numbers decimal
	tight   bool   // nothing between number and text
}

// list is a definition that several lists of a document may share, and with it
// the count.
type list struct {
	levels [9]level
	count  [9]int
	used   [9]bool
}

// instance is a list in the document: a definition and what it changes in it.
type instance struct {
	list   *list
	starts map[int]int // by level: where this list begins again, the first time
}

// numbering gives paragraphs their automatic numbers.
type numbering map[int]*instance

// next is the number of the next paragraph on a level of a list, "" where there
// is none.
func (n numbering) next(id, lvl int) string {
	in := n[id]
	if in == nil || lvl < 0 || lvl > 8 {
		return ""
	}
	l := in.list
	at, again := in.starts[lvl]
	switch {
	case again:
		l.count[lvl] = at
		delete(in.starts, lvl)
	case l.used[lvl]:
		l.count[lvl]++
	default:
		l.count[lvl] = l.levels[lvl].start
	}
	l.used[lvl] = true
	for i := lvl + 1; i < 9; i++ {
		if r := l.levels[i].restart; r != 0 && (r < 0 || lvl+1 <= r) {
			l.used[i] = false
		}
	}
	return l.label(lvl)
}

// label is the number of a level as it is shown.
func (l *list) label(lvl int) string {
	v := l.levels[lvl]
	if v.format == "bullet" || v.format == "none" && !strings.Contains(v.text, "%") {
		return "" // a bullet says nothing, and is often a character of a symbol font
	}
	out := v.text
	for i := 8; i >= 0; i-- {
		mark := "%" + strconv.Itoa(i+1)
		if !strings.Contains(out, mark) {
			continue
		}
		n, format := l.count[i], l.levels[i].format
		if !l.used[i] {
			n = l.levels[i].start
		}
		if v.legal && i != lvl {
			format = "decimal"
		}
		out = strings.ReplaceAll(out, mark, number(n, format))
	}
	if out != "" && !v.tight && !strings.ContainsRune("、．.）)：:，, 　", lastRune(out)) {
		out += " "
	}
	return out
}

func lastRune(s string) rune {
	r := []rune(s)
	return r[len(r)-1]
}

// symbols are the formats that have a character for each number, from 1.
var symbols = map[string]string{
	"ideographTraditional":         "甲乙丙丁戊己庚辛壬癸",
	"ideographZodiac":              "子丑寅卯辰巳午未申酉戌亥",
	"ideographEnclosedCircle":      "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
	"decimalEnclosedCircle":        "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
	"decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
	"decimalEnclosedParen":         "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
	"decimalEnclosedFullstop":      "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
}

// number writes n in a format of w:numFmt; a format it does not know is decimal.
func number(n int, format string) string {
	if s, ok := symbols[format]; ok {
		if r := []rune(s); n >= 1 && n <= len(r) {
			return string(r[n-1])
		}
		return strconv.Itoa(n)
	}
	switch format {
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
		"taiwaneseCountingThousand", "koreanCounting":
		return chinese(n, "〇一二三四五六七八九", "十百千", false)
	case "chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal":
		return chinese(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", true)
	case "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital":
		return digits(n, []rune("〇一二三四五六七八九"))
	case "decimalFullWidth", "decimalFullWidth2":
		return digits(n, []rune("０１２３４５６７８９"))
	case "decimalZero":
		if n < 10 && n >= 0 {
			return "0" + strconv.Itoa(n)
		}
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperLetter":
		return letters(n, 'A')
	case "lowerLetter":
		return letters(n, 'a')
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}

func digits(n int, of []rune) string {
	out := []rune(strconv.Itoa(n))
	for i, r := range out {
		if r >= '0' && r <= '9' {
			out[i] = of[r-'0']
		}
	}
	return string(out)
}

// chinese counts up to 9,999 with units: 十一, 一百零一. full keeps the 一 of 一十.
func chinese(n int, digit, unit string, full bool) string {
	d, u := []rune(digit), []rune(unit)
	if n <= 0 || n > 9999 {
		return digits(n, d)
	}
	var out []rune
	gap := false
	for i, size := 3, 1000; i >= 0; i, size = i-1, size/10 {
		k := n / size % 10
		if k == 0 {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, '零')
			gap = false
		}
		if full || k != 1 || i != 1 || len(out) > 0 {
			out = append(out, d[k])
		}
		if i > 0 {
			out = append(out, u[i-1])
		}
	}
	return string(out)
}

func roman(n int) string {
	if n <= 0 || n > 3999 {
		return strconv.Itoa(n)
	}
	var out strings.Builder
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	for i, s := range []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"} {
		for ; n >= values[i]; n -= values[i] {
			out.WriteString(s)
		}
	}
	return out.String()
}

// letters counts A, B, … Z, AA, BB, as word processors do.
func letters(n int, first rune) string {
	if n <= 0 || n > 26*20 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(first+rune((n-1)%26)), (n-1)/26+1)
}
