package rules

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNeeds(t *testing.T) {
	for _, c := range []struct {
		pattern string
		want    []string
	}{
		{`办公用房.{0,9}腾退`, []string{"办公用房"}},
		{`(?:腾退|清理)`, []string{"腾退", "清理"}},
		{`(?:腾退)?`, nil},
		{`(?:腾退|)`, nil},
		{`[。；]`, nil},
		{`(?i)ABC`, nil},
		{`(?:全面摸底)+`, []string{"全面摸底"}},
	} {
		if diff := cmp.Diff(c.want, needs(c.pattern)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.pattern, diff)
		}
	}
}

// No text that a pattern of the codebook matches lacks what the pattern needs.
func TestNeedsLoseNothing(t *testing.T) {
	book, err := loadCodebook(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range book.Provisions {
		all = append(all, p.Examples...)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(all).Draw(t, "a") + rapid.SampledFrom(all).Draw(t, "b")
		r := []rune(s)
		s = string(r[rapid.IntRange(0, len(r)/2).Draw(t, "cut"):])
		near, n := book.Near(s), 0
		for i := range book.Provisions {
			p := &book.Provisions[i]
			patterns := slices.Concat(p.Opposed, p.Patterns)
			for _, w := range p.Waves {
				patterns = append(patterns, w.Patterns...)
			}
			for _, re := range patterns {
				if re.MatchString(s) && !near.Has(n) {
					t.Fatalf("%s on %q: %s matches, and no word of it was found", p.ID, s, re)
				}
				n++
			}
		}
	})
}
