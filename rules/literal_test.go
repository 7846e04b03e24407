package rules

import (
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
		for i := range book.Provisions {
			p := &book.Provisions[i]
			_, got := p.Match(s)
			want := false
			for _, re := range p.Patterns {
				want = want || re.MatchString(s)
			}
			if got != want {
				t.Fatalf("%s on %q: %v, want %v", p.ID, s, got, want)
			}
		}
	})
}
