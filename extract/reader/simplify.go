package reader

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"

	"tuogou/rules"
)

// converter is one direction of the dictionary. It does not say that it may be
// used by several goroutines at once, so it is not.
type converter struct {
	mu sync.Mutex
	cc *opencc.OpenCC
}

func newConverter(name string) func() (*converter, error) {
	return sync.OnceValues(func() (*converter, error) {
		cc, err := opencc.New(name)
		if err != nil {
			return nil, fmt.Errorf("load traditional script: %w", err)
		}
		return &converter{cc: cc}, nil
	})
}

func (c *converter) convert(s string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cc.Convert(s)
}

// script is how one text is simplified.
type script struct {
	conv  *converter
	words []rules.Swap // put right after the conversion
}

// newScript chooses by the whole text. Mainland converters and Hong Kong write
// 着 for the particle, Taiwan 著, which elsewhere is only the 著 of 著名.
// Converters for Taiwan change words too: 優化 becomes 最佳化.
func (r *Reader) newScript(input string) (*script, error) {
	load := r.general
	if strings.ContainsRune(input, '著') && !strings.ContainsRune(input, '着') {
		load = r.taiwan
	}
	conv, err := load()
	if err != nil {
		return nil, err
	}
	n := &r.page.Noise
	s := &script{conv: conv, words: n.Variants}
	signs := 0
	for _, w := range n.TaiwanSigns {
		if strings.Contains(input, w) {
			signs++
		}
	}
	if signs >= n.TaiwanAfter {
		s.words = append(n.Taiwan[:len(n.Taiwan):len(n.Taiwan)], n.Variants...)
	}
	return s, nil
}

// maxRun bounds the characters converted at once. Phrases of the dictionary are
// far shorter, and do not reach over anything that is not Chinese.
const maxRun = 256

// simplify converts the runs of Chinese characters in g.
func (s *script) simplify(g []glyph, note func(string)) []glyph {
	out := make([]glyph, 0, len(g))
	for i := 0; i < len(g); {
		j := i
		for j < len(g) && j-i < maxRun && unicode.Is(unicode.Han, g[j].r) {
			j++
		}
		if j == i {
			out = append(out, g[i])
			i++
			continue
		}
		from := len(out)
		out = s.run(out, g[i:j], note)
		out = append(out[:from], s.swap(out[from:], note)...)
		i = j
	}
	return out
}

// run converts one run of Chinese characters. Where their number changes, each
// new one stands for the whole run.
func (s *script) run(out, g []glyph, note func(string)) []glyph {
	from := text(g)
	to, err := s.conv.convert(from)
	if err != nil || to == from || !utf8.ValidString(to) {
		return append(out, g...)
	}
	runes := []rune(to)
	if len(runes) != len(g) {
		note("traditional")
		return append(out, standFor(runes, g)...)
	}
	for i, r := range runes {
		if r != g[i].r {
			note("traditional")
		}
		out = append(out, glyph{r: r, off: g[i].off, n: g[i].n})
	}
	return out
}

// swap puts single words right. Each character of a word of another length
// stands for the whole of what it replaces.
func (s *script) swap(g []glyph, note func(string)) []glyph {
	for _, w := range s.words {
		words, at := textAt(g)
		if !strings.Contains(words, w.From) {
			continue
		}
		var out []glyph
		size, to := utf8.RuneCountInString(w.From), []rune(w.To)
		for i := 0; i < len(g); {
			if !strings.HasPrefix(words[at[i]:], w.From) {
				out = append(out, g[i])
				i++
				continue
			}
			note("traditional")
			old := g[i : i+size]
			if len(to) == size {
				for k, r := range to {
					out = append(out, glyph{r: r, off: old[k].off, n: old[k].n})
				}
			} else {
				out = append(out, standFor(to, old)...)
			}
			i += size
		}
		g = out
	}
	return g
}

// standFor makes glyphs that each stand for all of g.
func standFor(runes []rune, g []glyph) []glyph {
	first, last := g[0], g[len(g)-1]
	var out []glyph
	for _, r := range runes {
		out = append(out, glyph{r: r, off: first.off, n: last.off + last.n - first.off})
	}
	return out
}

// Simplify brings words typed in traditional script into the script of the
// bodies, for queries: 脫鉤 finds 脱钩. Text without a clearly traditional
// character is returned as it is, and so is any where the tables cannot be
// loaded.
func (r *Reader) Simplify(s string) string {
	if !strings.ContainsFunc(s, func(c rune) bool { return r.survey.kind(c).alone&markTrad != 0 }) {
		return s
	}
	conv, err := r.newScript(s)
	if err != nil {
		return s
	}
	g := make([]glyph, 0, len(s))
	for _, ch := range s {
		g = append(g, glyph{r: ch})
	}
	return text(conv.simplify(g, func(string) {}))
}
