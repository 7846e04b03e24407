package rules

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var patternSamples = []string{
	`(?:年底|月末)前`, `(?P<n>[0-9]{1,3})个?(?:月|日)`, `到[ ]*$`, `^完成`, `(?:^|将)完成`, `已?完成了`, `[^，]完成`,
	`(?:月|日)*`, `a|ab`, `(?:自|从)[^，。]{0,3}?起`, `月$`, `前.`, `(?i)ab`, `日\b`,
	`(?:^|，)(?P<n>自|从)(到)?`, `(自)(?:从|$)`, `(年|)(月?)`, `(?:月|)`, `(自+?)(从*)`, `(?m)^(自)`, `\b(a)`,
}

// A pattern that is tried only where it can begin finds what the standard
// library finds.
func TestPatternIsTheStandardOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expr := rapid.SampledFrom(patternSamples).Draw(t, "expr")
		s := rapid.StringOf(rapid.SampledFrom([]rune("自从到年月日底末前将已完成了起，。 12aAb个\xff"))).Draw(t, "s")
		want := regexp.MustCompile(expr)
		got, err := NewPattern(expr)
		if err != nil {
			t.Fatal(err)
		}
		if got.MatchString(s) != want.MatchString(s) {
			t.Fatalf("MatchString(%q) = %v", s, got.MatchString(s))
		}
		if diff := cmp.Diff(want.FindAllStringSubmatchIndex(s, -1), got.FindAllStringSubmatchIndex(s, -1)); diff != "" {
			t.Fatalf("%s in %q (-want +got):\n%s", expr, s, diff)
		}
		if diff := cmp.Diff(want.FindAllStringIndex(s, 2), got.FindAllStringIndex(s, 2)); diff != "" {
			t.Fatalf("%s in %q (-want +got):\n%s", expr, s, diff)
		}
		if want.FindString(s) != got.FindString(s) || got.SubexpIndex("n") != want.SubexpIndex("n") {
			t.Fatalf("%s in %q: FindString %q", expr, s, got.FindString(s))
		}
		if diff := cmp.Diff(want.FindStringSubmatch(s), got.FindStringSubmatch(s)); diff != "" {
			t.Fatalf("%s in %q (-want +got):\n%s", expr, s, diff)
		}
	})
}

func TestPatternBegins(t *testing.T) {
	for _, c := range []struct {
		why, expr string
		begins    bool
	}{
		{"words", `年底前|月末`, true},
		{"a blank more or less", `到[ ]?`, true},
		{"the end of the text counts", `到[ ]?$`, true},
		{"the start of the text counts", `(?:^|将)完成`, false},
		{"anything", `[^，]完成`, false},
		{"nothing", `(?:完成)?`, false},
	} {
		p, err := NewPattern(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		if p.begins != c.begins || c.begins && (!p.first.has([]rune(c.expr)[0]) || p.first.has('x')) {
			t.Errorf("%s: %q: its beginning is known: %v", c.why, c.expr, p.begins)
		}
	}
	if _, err := NewPattern("(?:年"); err == nil {
		t.Error("a broken pattern compiles")
	}
}

// What would take a backtracking engine for ever, or each place of a text once more for
// each other place, takes no longer than the text is long.
func TestPatternsTakeLinearTime(t *testing.T) {
	text := "起，" + strings.Repeat("自", 100_000) // the words that a match needs are there, before where it could begin
	for _, expr := range []string{`(?:自*)*起`, `(?:自+)+起`, `(?:自|自自)*起`, `自.*起`, `自[^，。]*起$`, `(?:自?){40}自{40}起`, `(自*)(自*)(自*)起`} {
		p, err := NewPattern(expr)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		for _, at := range append(p.FindAllStringIndex(text, -1), p.FindAllStringSubmatchIndex(text, -1)...) {
			if at[1] > len("起") {
				t.Errorf("%s matches at %v, where nothing is", expr, at)
			}
		}
		p.MatchString(text)
		// A place for each place would be ten thousand million steps.
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%s takes %s", expr, took)
		}
	}
}
