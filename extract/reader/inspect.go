package reader

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// inspect notes on a finished text what is wrong with it and cannot be repaired:
// characters lost, blotted out or decoded wrongly, words swapped, an end that
// is not one. Furniture around the text does not count.
func (r *Reader) inspect(t *corpus.Text) {
	in := inspection{r: r, t: t, spun: map[string]int{}, noise: map[string]int{}}
	for _, b := range t.Blocks {
		if b.Kind != corpus.BlockOutside {
			in.block(b.Span)
		}
	}
	in.rewritten()
	in.ends()
	for _, n := range t.Noise {
		in.noise[n.ID] += n.Count
	}
	t.Noise = noiseList(in.noise)
}

type inspection struct {
	r     *Reader
	t     *corpus.Text
	spun  map[string]int
	first corpus.Span // of the first swapped word
	chars int
	noise map[string]int
}

// maxSpans is how many places of one problem are named; noise has their number.
const maxSpans = 20

// damage notes one damaged place.
func (in *inspection) damage(id string, s corpus.Span, n int, format string, args ...any) {
	in.noise[id] += n
	same := 0
	for _, p := range in.t.Problems {
		if p.ID == id {
			same++
		}
	}
	if same < maxSpans {
		in.problem(id, s, format, args...)
	}
}

func (in *inspection) problem(id string, s corpus.Span, format string, args ...any) {
	in.t.Problems = append(in.t.Problems, corpus.Problem{ID: id, Span: s, Message: fmt.Sprintf(format, args...)})
}

// block looks once at each character of a block.
func (in *inspection) block(b corpus.Span) {
	s := b.In(in.t.Body)
	var marks mark
	for i, c := range s {
		k := in.r.survey.kind(c).alone
		marks |= k
		in.chars++
		if k&markSpun == 0 {
			continue
		}
		for _, w := range in.r.spun[c] {
			if strings.HasPrefix(s[i:], w) {
				if len(in.spun) == 0 {
					in.first = corpus.Span{Start: b.Start + i, End: b.Start + i + len(w)}
				}
				in.spun[w]++
				break
			}
		}
	}
	if marks&markStar != 0 {
		in.stars(s, b.Start)
	}
	if marks&markLost != 0 {
		in.lost(s, b.Start)
	}
	if marks&markSign != 0 {
		in.signs(s, b.Start)
	}
}

// rewritten marks a text whose words were swapped by a machine.
func (in *inspection) rewritten() {
	hits := 0
	for _, n := range in.spun {
		hits += n
	}
	if !in.r.page.Noise.IsSpun(in.chars, hits, len(in.spun)) {
		return
	}
	var words []string
	for _, w := range in.r.page.Noise.Spun {
		if in.spun[w.From] > 0 && len(words) < 5 {
			words = append(words, w.From+" for "+w.To)
		}
	}
	in.noise["spun"] += hits
	in.problem("spun", in.first, "words were swapped by a machine (%s): dates and numbers may be right, words are not",
		strings.Join(words, ", "))
}

// signs marks words that only wrong decoding makes.
func (in *inspection) signs(s string, base int) {
	next := 0
	for i, c := range s {
		if i < next || in.r.survey.kind(c).alone&markSign == 0 {
			continue
		}
		for _, sign := range in.r.page.Noise.Mojibake {
			if strings.HasPrefix(s[i:], sign) {
				at := corpus.Span{Start: base + i, End: base + i + len(sign)}
				in.damage("mojibake", at, 1, "decoded wrongly before it was published: %s", sign)
				next = i + len(sign)
				break
			}
		}
	}
}

// lost marks runs of U+FFFD, of the odd characters that UTF-8 read as GBK is
// full of, and of Latin letters with accents that are no words.
func (in *inspection) lost(s string, base int) {
	start, odd, latin, gone := -1, 0, 0, 0
	flush := func(end int) {
		if start >= 0 {
			at := corpus.Span{Start: base + start, End: base + end}
			switch {
			case gone > 0:
				in.damage("lost_characters", at, 0, "%d characters were lost before it was published", gone)
			case odd >= in.r.page.Noise.MojibakeAfter:
				in.damage("mojibake", at, odd, "decoded wrongly before it was published")
			case latin >= 4:
				in.damage("mojibake", at, 1, "decoded wrongly before it was published")
			}
		}
		start, odd, latin, gone = -1, 0, 0, 0
	}
	for i, c := range s {
		switch {
		case c == utf8.RuneError:
			if gone == 0 {
				flush(i)
			}
			gone++
		case gone > 0:
			flush(i)
			continue
		case c >= 0xA0 && c <= 0xFF:
			latin++
		case slices.Contains(in.r.page.Noise.MojibakeChars, c):
			odd++
			latin = 0
		case c < 0x80 || strings.ContainsRune("，。；、：\n", c):
			flush(i)
			continue
		default:
			if latin > 0 {
				flush(i)
			}
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(s))
}

// stars marks characters that were blotted out within words: **批脱钩试点, 积*配合.
// Lists (* 甲), notes (*注：), telephones (138****0000) and bold type (**甲**)
// use stars in their own right.
func (in *inspection) stars(s string, base int) {
	if strings.Contains(s, "=") {
		return // 得分=权重*分值
	}
	var runs []corpus.Span
	for i := 0; i < len(s); i++ {
		if s[i] != '*' {
			continue
		}
		j := i
		for j < len(s) && s[j] == '*' {
			j++
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[j:])
		within := unicode.Is(unicode.Han, before) || strings.ContainsRune("，。；、：“《（,(", before)
		if j-i <= 6 && (within && unicode.Is(unicode.Han, after) || bold(s, i, j)) {
			runs = append(runs, corpus.Span{Start: i, End: j})
		}
		i = j - 1
	}
	for k := 0; k < len(runs); k++ {
		if k+1 < len(runs) && emphasis(s, runs[k], runs[k+1]) {
			k++
			continue
		}
		r := runs[k]
		if !unicode.Is(unicode.Han, firstRune(s[r.End:])) {
			continue
		}
		in.damage("starred", corpus.Span{Start: base + r.Start, End: base + r.End}, 1, "characters are blotted out with stars")
	}
}

// bold reports whether two stars may begin or end bold type at the end of a block.
func bold(s string, i, j int) bool { return j-i == 2 && (i == 0 || j == len(s) || s[j] == ' ') }

// emphasis reports whether two runs of stars hold a short phrase in bold type.
func emphasis(s string, a, b corpus.Span) bool {
	within := s[a.End:b.Start]
	return a.Len() == 2 && b.Len() == 2 && len(within) <= 90 && !strings.ContainsAny(within, "，。；,;")
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
