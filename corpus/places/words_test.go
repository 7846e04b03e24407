package places

import (
	"strings"
	"testing"
)

// Words that no place bears do nothing and hide a slip of the pen.
func TestWordsAreNames(t *testing.T) {
	tab, w := Default(), knowledge()
	for kind, list := range map[string]map[string]bool{"chainonly": w.chainOnly, "wordy": w.wordy, "edge": w.edge} {
		for word := range list {
			if len(tab.Named(word, 0)) == 0 {
				t.Errorf("%s: no place is called %s", kind, word)
			}
		}
	}
	for word := range w.not {
		if len(tab.Named(word, 0)) == 0 {
			t.Errorf("not: no place is called %s", word)
		}
	}
	for word := range w.edge {
		if ps := tab.Named(word, 0); len(ps) > 0 && rank(ps[0].Level) > 2 {
			t.Errorf("edge: %s is no prefecture: found alone in no case", word)
		}
	}
}

// Each row of the kind not holds back its name, and without it the name would
// be found.
func TestNotRows(t *testing.T) {
	tab := Default()
	for word, list := range knowledge().not {
		if ms := tab.Find("，"+word+"，", 2018); len(ms) != 1 {
			t.Errorf("%s is not found by itself", word)
		}
		for _, c := range list {
			text := c.before + word + c.after
			for _, m := range tab.Find(text, 2018) {
				if m.Span.Start == len(c.before) && m.Span.End == len(c.before+word) {
					t.Errorf("%s: found %s", text, word)
				}
			}
		}
	}
}

func TestReadWords(t *testing.T) {
	for _, c := range []struct{ why, words, abbr, want string }{
		{"unknown kind", "kind\tword\tnote\nfoo\tbar\t\n", "", "words.tsv: line 2: unknown kind"},
		{"columns", "edge\t来宾\n", "", "line 1: want kind"},
		{"brackets", "not\t创新乡\t\n", "", "line 1: \"创新乡\""},
		{"nothing beside the brackets", "not\t[新乡]\t\n", "", "line 1"},
		{"abbreviation", "", "川\n", "abbr.tsv: line 1"},
	} {
		if _, err := readWords(c.words, c.abbr); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.why, err, c.want)
		}
	}
}
