package rules

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// Focus says how much a page has to do with the decoupling of associations:
// search words with weights, and counter-words with negative ones. The zero
// Focus has no words and finds everything on topic. It is safe for concurrent
// use.
type Focus struct {
	// Fetch is the score a title needs for its page to be fetched, Keep the
	// score that title and text together need for the page to be kept.
	Fetch, Keep int
	// Search are the words to ask a search interface for.
	Search []string
	words  []focusWord
	hints  []focusWord
}

type focusWord struct {
	ID       string   `toml:"id"`
	Pattern  string   `toml:"pattern"`
	Weight   int      `toml:"weight"`
	Examples []string `toml:"examples"`
	Non      []string `toml:"nonexamples"`
	Note     string   `toml:"note"`

	re *regexp.Regexp
}

// FocusHit is one word that counted.
type FocusHit struct {
	ID, Quote string
	InTitle   bool
	Points    int
}

// FocusScore is a sum and how it came about.
type FocusScore struct {
	Total int
	Hits  []FocusHit
}

// String is the score in words: "7: 脱钩 in title +10, 挂车 in text -3".
func (s FocusScore) String() string {
	if len(s.Hits) == 0 {
		return fmt.Sprintf("%d: no search word", s.Total)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d: ", s.Total)
	for i, h := range s.Hits {
		where := "text"
		if h.InTitle {
			where = "title"
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s in %s %+d", h.Quote, where, h.Points)
	}
	return b.String()
}

// Empty says whether there are no words at all.
func (f *Focus) Empty() bool { return f == nil || len(f.words) == 0 }

// Fetches says whether a page with this title is worth fetching: it reaches the
// score, or shows a hint, as titles that do not say what they are about do
// (关于印发实施方案的通知).
func (f *Focus) Fetches(title string) bool {
	if f.Empty() || f.Score(title, "").Total >= f.Fetch {
		return true
	}
	for _, h := range f.hints {
		if h.re.MatchString(title) {
			return true
		}
	}
	return false
}

// Score weighs title and text. Each word counts once in each of them, and
// double in the title: a page about decoupling says so in its first line.
func (f *Focus) Score(title, text string) FocusScore {
	var s FocusScore
	if f == nil {
		return s
	}
	for _, w := range f.words {
		for _, in := range []struct {
			where string
			title bool
			times int
		}{{title, true, 2}, {text, false, 1}} {
			if quote := w.quote(in.where); quote != "" {
				h := FocusHit{w.ID, quote, in.title, w.Weight * in.times}
				s.Hits = append(s.Hits, h)
				s.Total += h.Points
			}
		}
	}
	return s
}

// quote is what the word found in text: its first filled group, else all of it.
func (w *focusWord) quote(text string) string {
	m := w.re.FindStringSubmatch(text)
	for _, group := range m[min(1, len(m)):] {
		if group != "" {
			return group
		}
	}
	if m == nil {
		return ""
	}
	return m[0]
}

// LoadFocus reads focus.toml of the rules folder and proves its examples.
func LoadFocus(fsys fs.FS) (*Focus, error) {
	const name = "focus.toml"
	var file struct {
		Fetch int `toml:"fetch"`
		Keep  int `toml:"keep"`
		// Search and Hint as in Focus.
		Search []string    `toml:"search"`
		Hint   []focusWord `toml:"hint"`
		Word   []focusWord `toml:"word"`
		Case   []struct {
			Title string `toml:"title"`
			Text  string `toml:"text"`
			Keep  bool   `toml:"keep"`
		} `toml:"case"`
	}
	err := decode(fsys, name, &file)
	if err != nil {
		return nil, err
	}
	f := &Focus{Fetch: file.Fetch, Keep: file.Keep, Search: file.Search}
	seen := map[string]bool{}
	for _, w := range file.Word {
		re, err := provePattern(w.Pattern, w.Examples, w.Non)
		if err != nil {
			return nil, fmt.Errorf("rules: %s: word %q: %w", name, w.ID, err)
		}
		if w.ID == "" || seen[w.ID] || w.Weight == 0 {
			return nil, fmt.Errorf("rules: %s: word %q has no id of its own or no weight", name, w.ID)
		}
		seen[w.ID] = true
		w.re = re
		f.words = append(f.words, w)
	}
	for _, h := range file.Hint {
		if h.re, err = provePattern(h.Pattern, h.Examples, h.Non); err != nil {
			return nil, fmt.Errorf("rules: %s: hint %q: %w", name, h.ID, err)
		}
		f.hints = append(f.hints, h)
	}
	for _, c := range file.Case {
		if s := f.Score(c.Title, c.Text); (s.Total >= f.Keep) != c.Keep {
			return nil, fmt.Errorf("rules: %s: case %q: keep is %v at score %s (needs %d)", name, c.Title, !c.Keep, s, f.Keep)
		}
	}
	return f, nil
}

// provePattern compiles a pattern and tries its examples and counter-examples.
func provePattern(pattern string, yes, no []string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	if re.MatchString("") {
		return nil, fmt.Errorf("pattern %q matches the empty text", pattern)
	}
	if len(yes) == 0 {
		return nil, fmt.Errorf("pattern %q has no example", pattern)
	}
	for _, e := range yes {
		if !re.MatchString(e) {
			return nil, fmt.Errorf("pattern %q does not match its example %q", pattern, e)
		}
	}
	for _, e := range no {
		if re.MatchString(e) {
			return nil, fmt.Errorf("pattern %q matches its counter-example %q", pattern, e)
		}
	}
	return re, nil
}
