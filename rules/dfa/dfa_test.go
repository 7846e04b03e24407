package dfa

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var samples = []string{
	`(?:年底|月末)前`, `[0-9]{1,3}个?(?:月|日)`, `到[ ]*$`, `^完成`, `(?:^|将)完成`, `已?完成了`, `[^，]完成`,
	`(?:月|日)*`, `a|ab`, `ab|a`, `(?:自|从)[^，。]{0,3}?起`, `月$`, `前.`, `(?i)aB`, `日\b`, `\Bb`, `(?m)^年`, `(?m)日$`, `(?s)年.*?日`,
	`年.*日`, `^$`, ``, `(?:年月)+|年`, `[^a-z]{2}`, `\S+?。`, `(?:自|自从)(?:从|)(?:到|到年)?`, `[🌐年]+`,
}

// grown is an expression put together by chance.
func grown(t *rapid.T, depth int) string {
	kinds := 3
	if depth > 0 {
		kinds = 9
	}
	sub := func() string { return grown(t, depth-1) }
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0, 1:
		return rapid.StringOfN(rapid.SampledFrom([]rune("自年月a1")), 1, 3, -1).Draw(t, "word")
	case 2:
		return rapid.SampledFrom([]string{"[自年]", "[^，]", ".", `\s`, `\d`, "[a-z]"}).Draw(t, "class")
	case 3:
		return rapid.SampledFrom([]string{"^", "$", "", `\b`, `(?m:^)`, `(?m:$)`}).Draw(t, "edge")
	case 4, 5:
		return sub() + sub()
	case 6, 7:
		return "(?:" + sub() + "|" + sub() + ")"
	}
	return "(?:" + sub() + ")" + rapid.SampledFrom([]string{"?", "*", "+", "??", "*?", "{1,2}", "{0,3}?"}).Draw(t, "times")
}

var letters = rapid.SampledFrom([]rune("自从到年月日底末前将已完成了起，。 12aAb个\n🌐\xff"))

// Every search gives what package regexp gives, on expressions made by chance too.
func TestFindIsTheStandardOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expr := rapid.SampledFrom(samples).Draw(t, "expr")
		if rapid.Bool().Draw(t, "grow") {
			expr = grown(t, 3)
		}
		want, err := regexp.Compile(expr)
		if err != nil {
			t.Skip("nested too often")
		}
		m, err := New(expr)
		if err != nil {
			t.Fatal(err)
		}
		s := rapid.StringOf(letters).Draw(t, "s")
		if got, ok := m.Match(s); !ok || got != want.MatchString(s) {
			t.Fatalf("%q: Match(%q) = %v, %v", expr, s, got, ok)
		}
		start, end, ok := m.Find(s, 0)
		if w := want.FindStringIndex(s); !ok || (w == nil) != (start < 0) || w != nil && (w[0] != start || w[1] != end) {
			t.Fatalf("%q: Find(%q) = %d, %d, %v, want %v", expr, s, start, end, ok, w)
		}
		all := want.FindAllStringIndex(s, -1)
		for i, w := range all { // each match, searched for behind the one before it
			if i == 0 || w[0] == w[1] || all[i-1][0] == all[i-1][1] {
				continue
			}
			start, end, ok = m.Find(s, all[i-1][1])
			if !ok || start > w[0] {
				t.Fatalf("%q: Find(%q, %d) = %d, %d, %v, want %v", expr, s, all[i-1][1], start, end, ok, w)
			}
		}
	})
}

// The match at a place is that of the anchored expression.
func TestAtIsTheStandardOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expr := rapid.SampledFrom(samples).Draw(t, "expr")
		if strings.ContainsAny(expr, "^") || strings.Contains(expr, `\`) {
			t.Skip("asks for what stands before it")
		}
		m, err := New(expr)
		if err != nil {
			t.Fatal(err)
		}
		s := rapid.StringOf(letters).Draw(t, "s")
		here := regexp.MustCompile("^(?:" + expr + ")")
		for i := range s {
			want := -1
			if w := here.FindStringIndex(s[i:]); w != nil {
				want = i + w[1]
			}
			if got, ok := m.At(s, i); !ok || got != want {
				t.Fatalf("%q: At(%q, %d) = %d, %v, want %d", expr, s, i, got, ok, want)
			}
		}
	})
}

// An expression with more states than may be kept gives up and does not go wrong.
func TestGivesUp(t *testing.T) {
	m, err := New(`[ab]*a[ab]{18}c`)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	x := uint32(1)
	for range 400_000 {
		x = x*1664525 + 1013904223
		b.WriteByte("ab"[x>>31])
	}
	if matched, ok := m.Match(b.String()); ok || matched {
		t.Errorf("Match = %v, %v, want it to give up", matched, ok)
	}
	if matched, ok := m.Match("aabbaabbaabbaabbaabbaabc"); !ok || !matched {
		t.Error("a text that matches does not, after giving up")
	}
}

// A set tells what each of its expressions by itself would.
func TestSetIsEachByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exprs := rapid.SliceOfN(rapid.SampledFrom(samples), 1, 70).Draw(t, "exprs")
		set, err := NewSet(exprs)
		if err != nil {
			t.Fatal(err)
		}
		s := rapid.StringOf(letters).Draw(t, "s")
		got, here := set.Match(s), set.At(s, 0)
		for i, expr := range exprs {
			if want := regexp.MustCompile(expr).MatchString(s); got.Has(i) != want {
				t.Fatalf("Match(%q): %q is %v", s, expr, !want)
			}
			if want := regexp.MustCompile("^(?:" + expr + ")").MatchString(s); here.Has(i) != want {
				t.Fatalf("At(%q, 0): %q is %v", s, expr, !want)
			}
		}
		n := 0
		for i := range got.All() {
			if !got.Has(i) {
				t.Fatalf("%d is no member", i)
			}
			n++
		}
		if got.Any() != (n > 0) {
			t.Fatalf("Any = %v of %d", got.Any(), n)
		}
	})
}

// The lists found are those with a word in the text.
func TestWordsInText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("自年月a1")), 1, 4, -1)
		lists := rapid.SliceOfN(rapid.SliceOfN(word, 0, 5), 1, 70).Draw(t, "lists")
		s := rapid.StringOf(rapid.SampledFrom([]rune("自年月日a1，"))).Draw(t, "s")
		words, err := NewWords(lists)
		if err != nil {
			t.Fatal(err)
		}
		got := words.In(s)
		for i, list := range lists {
			want := len(list) == 0
			for _, w := range list {
				want = want || strings.Contains(s, w)
			}
			if got.Has(i) != want {
				t.Fatalf("In(%q): %q is %v", s, list, !want)
			}
		}
	})
}

func TestSetBounds(t *testing.T) {
	if _, err := NewSet(make([]string, maxSet+1)); err == nil {
		t.Error("a set of too many expressions compiles")
	}
	if _, err := NewWords(make([][]string, maxSet+1)); err == nil {
		t.Error("too many lists of words are taken")
	}
	if _, err := NewSet([]string{"年", "(?:月"}); err == nil {
		t.Error("a set with a broken expression compiles")
	}
}

func TestBrokenExpression(t *testing.T) {
	if _, err := New("(?:年"); err == nil {
		t.Error("a broken expression compiles")
	}
}

func BenchmarkMatch(b *testing.B) {
	expr := `(?:由|会同|商)[^，。]{0,12}(?:负责|牵头|配合|落实|承担)|按职责分工|分别负责`
	s := strings.Repeat("各有关部门要高度重视行业协会商会脱钩工作，加强组织领导，明确任务分工。", 100)
	b.Run("dfa", func(b *testing.B) {
		m, _ := New(expr)
		b.SetBytes(int64(len(s)))
		for b.Loop() {
			m.Match(s)
		}
	})
	b.Run("regexp", func(b *testing.B) {
		re := regexp.MustCompile(expr)
		b.SetBytes(int64(len(s)))
		for b.Loop() {
			re.MatchString(s)
		}
	})
}
