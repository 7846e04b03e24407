package reader

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"
)

// cleaner repairs the lines of one text. What kind of text it is was found by
// looking at the whole, as one line says too little.
type cleaner struct {
	r       *Reader
	neutral bool        // take away readings without a mark too
	script  *simplifier // nil for a text in simplified script
}

// newCleaner looks through the whole input once.
func (r *Reader) newCleaner(input string) (*cleaner, error) {
	c := &cleaner{r: r}
	var han, trad int
	for _, ch := range input {
		if ch >= 0x3400 && isHan(ch) {
			han++
			if r.traditional.has(ch) {
				trad++
			}
		}
	}
	// One 繁體 in a menu, or a name in old script, does not make the text
	// traditional: that takes three characters and a fiftieth of the text.
	if trad >= 3 && trad*50 >= han {
		s, err := r.simplify()
		if err != nil {
			return nil, err
		}
		c.script = s
	}
	c.neutral = r.countReadings(input) >= r.page.Noise.NeutralAfter
	return c, nil
}

// maxReading is how many bytes a reading in brackets may have.
const maxReading = 40

// countReadings counts marked readings, up to the number that matters.
func (r *Reader) countReadings(s string) int {
	count := 0
	for {
		i := strings.IndexAny(s, "(（")
		if i < 0 || count >= r.page.Noise.NeutralAfter {
			return count
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
		j := strings.IndexAny(s[:min(len(s), maxReading)], ")）")
		if j > 0 && r.page.Noise.Reading(s[:j], false) {
			count++
		}
	}
}

// clean repairs g in place and returns what is left, with what was done.
func (c *cleaner) clean(g []glyph) ([]glyph, map[string]int) {
	var noise map[string]int
	note := func(id string) {
		if noise == nil {
			noise = map[string]int{}
		}
		noise[id]++
	}
	g = c.plain(g, note)
	g = c.readings(g, note)
	if c.script != nil {
		g = c.script.glyphs(g, note)
	}
	return g, noise
}

// plain takes away what has no room in a text and makes all narrow blanks one.
func (c *cleaner) plain(g []glyph, note func(string)) []glyph {
	out := g[:0]
	for _, ch := range g {
		switch r := ch.r; {
		case r == 0:
			note("nul")
			continue
		case r != 0x3000 && isBlank(r):
			ch.r = ' '
		case r < 0x20 || r >= 0x7F && r < 0xA0:
			note("control")
			continue
		case r == 0xAD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF:
			note("zero_width")
			continue
		}
		out = append(out, ch)
	}
	return out
}

// readings takes away pinyin in brackets after a Chinese character, "業(yè)",
// as it breaks words, numbers and dates.
func (c *cleaner) readings(g []glyph, note func(string)) []glyph {
	out := g[:0]
	for i := 0; i < len(g); i++ {
		if g[i].r == '(' || g[i].r == '（' {
			last := len(out)
			if last > 1 && out[last-1].r == ' ' {
				last--
			}
			if end := c.reading(g[i+1:]); end > 0 && last > 0 && unicode.Is(unicode.Han, out[last-1].r) {
				note("pinyin")
				out = out[:last]
				i += end
				continue
			}
		}
		out = append(out, g[i])
	}
	return out
}

// reading is the number of glyphs up to and with the closing bracket, if what
// stands before it is a reading; else 0.
func (c *cleaner) reading(g []glyph) int {
	for i := range min(len(g), maxReading) {
		switch r := g[i].r; {
		case r == ')' || r == '）':
			if i > 0 && c.r.page.Noise.Reading(text(g[:i]), c.neutral) {
				return i + 1
			}
			return 0
		case r != ' ' && !unicode.Is(unicode.Latin, r):
			return 0
		}
	}
	return 0
}

// simplifier converts traditional script. The dictionary does not say that it
// may be read by several goroutines at once, so it is not.
type simplifier struct {
	mu sync.Mutex
	cc *opencc.OpenCC
}

// maxRun bounds the characters converted at once. Phrases of the dictionary are
// far shorter, and do not reach over anything that is not Chinese.
const maxRun = 256

func (s *simplifier) glyphs(g []glyph, note func(string)) []glyph {
	s.mu.Lock()
	defer s.mu.Unlock()
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
		out = s.run(out, g[i:j], note)
		i = j
	}
	return out
}

// run converts one run of Chinese characters. Where their number changes, each
// new one stands for the whole run.
func (s *simplifier) run(out, g []glyph, note func(string)) []glyph {
	from := text(g)
	to, err := s.cc.Convert(from)
	if err != nil || to == from || !utf8.ValidString(to) {
		return append(out, g...)
	}
	runes := []rune(to)
	if len(runes) == len(g) {
		for i, r := range runes {
			if r != g[i].r {
				note("traditional")
			}
			out = append(out, glyph{r: r, off: g[i].off, n: g[i].n})
		}
		return out
	}
	note("traditional")
	first, last := g[0], g[len(g)-1]
	for _, r := range runes {
		out = append(out, glyph{r: r, off: first.off, n: last.off + last.n - first.off})
	}
	return out
}
