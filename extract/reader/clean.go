package reader

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/rules"
)

// cleaner repairs the lines of one text. What kind of text it is was found by
// looking at the whole, as one line says too little.
type cleaner struct {
	r       *Reader
	neutral bool    // take away readings without a mark too
	script  *script // how to simplify; nil where no line is traditional
	whole   bool    // the text is traditional as a whole, not in single lines
}

// newCleaner looks through the whole input once.
func (r *Reader) newCleaner(input string) (*cleaner, error) {
	c := &cleaner{r: r}
	var han, trad, marked int
	behind := false // behind a Chinese character or a tag, and at most a blank
	for i, ch := range input {
		if ch == '(' || ch == '（' {
			if behind && marked < r.page.Noise.NeutralAfter && r.marked(input[i+utf8.RuneLen(ch):]) {
				marked++
			}
			behind = false
			continue
		}
		if ch < 0x3400 {
			behind = ch == '>' || behind && ch == ' '
			continue
		}
		k := r.survey.kind(ch).alone
		if behind = k&(markHan|markTrad) != 0; behind {
			han++
			if k&markTrad != 0 {
				trad++
			}
		}
	}
	if trad >= 3 {
		// A sixth and more of what traditional texts are made of shows its script.
		c.whole = trad*20 >= han
		var err error
		if c.script, err = r.newScript(input); err != nil {
			return nil, err
		}
	}
	c.neutral = marked >= r.page.Noise.NeutralAfter
	return c, nil
}

// maxReading is how many bytes a reading in brackets may have.
const maxReading = 40

// marked reports whether s begins with a reading that has a mark, and its
// closing bracket.
func (r *Reader) marked(s string) bool {
	end := strings.IndexAny(s[:min(len(s), maxReading)], ")）")
	return end > 0 && r.page.Noise.Reading(s[:end], false)
}

// clean trims and repairs g in place and returns what is left, with what was done.
func (c *cleaner) clean(g []glyph) ([]glyph, map[string]int) {
	g = trim(g)
	marks := c.r.survey.line(g)
	if !c.whole && marks&^(markHan|markBlank|markStar|markLost|markSign|markSpun) == 0 {
		return g, nil
	}
	var noise map[string]int
	note := func(id string) {
		if noise == nil {
			noise = map[string]int{}
		}
		noise[id]++
	}
	if marks&(markOdd|markWide) != 0 {
		g = plain(g, note)
	}
	if marks&markBracket != 0 {
		g = c.readings(g, note)
	}
	if c.script != nil && c.traditional(g) {
		g = c.script.simplify(g, note)
	}
	if marks&(markOdd|markBlank) != 0 {
		g = unwrap(g, note)
	}
	return c.repair(trim(g), note), noise
}

// traditional reports whether the line is to be simplified. In a text that is
// not traditional as a whole, a headline or a quoted document may be; one name
// in old script (张國强) is not.
func (c *cleaner) traditional(g []glyph) bool {
	if c.whole {
		return true
	}
	han, trad := c.r.survey.script(g)
	return trad >= 4 && trad*8 >= han
}

// plain takes away what has no room in a text, makes all blanks one, and
// figures and letters narrow.
func plain(g []glyph, note func(string)) []glyph {
	out := g[:0]
	for _, ch := range g {
		if id := dropped(ch.r); id != "" {
			note(id)
			continue
		}
		if isBlank(ch.r) {
			ch.r = ' '
		} else if r := narrow(ch.r); r != ch.r {
			note("width")
			ch.r = r
		}
		out = append(out, ch)
	}
	return out
}

// maxRounds bounds how often the repairs are gone through: one may call for
// another (二 ０ becomes 二0, and that 二〇), but not for long.
const maxRounds = 8

// repair makes the repairs that the line calls for.
func (c *cleaner) repair(g []glyph, note func(string)) []glyph {
	for range maxRounds {
		marks := c.r.survey.line(g)
		changed := false
		for i := range c.r.page.Noise.Repairs {
			if marks&(markRepair<<i) == 0 {
				continue
			}
			rep := &c.r.page.Noise.Repairs[i]
			s, at := textAt(g)
			if edits := rep.Edits(s); len(edits) > 0 {
				g = edit(g, at, edits, func() { note(rep.ID) })
				marks, changed = c.r.survey.line(g), true
			}
		}
		if !changed {
			break
		}
	}
	return g
}

// edit makes the edits of a text in its glyphs, which begin at the offsets at.
func edit(g []glyph, at []int, edits []rules.Edit, note func()) []glyph {
	out := g[:0]
	for k, ch := range g {
		if len(edits) > 0 && edits[0].Start == at[k] {
			to := edits[0].To
			edits = edits[1:]
			note()
			if to == "" {
				continue
			}
			ch.r = firstRune(to)
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
