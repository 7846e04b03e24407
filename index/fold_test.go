package index

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"full width", "２０１８年Ａ类", "2018年a类"},
		{"brackets of document numbers", "示发【2018】50号［2018］", "示发(2018)50号(2018)"},
		{"space beside Chinese", "2018 年　底", "2018年底"},
		{"space between words", "go  to\u00a0it", "go to it"},
		{"paragraphs stay apart", "一 \n\n　　二", "一\n二"},
		{"zero written as a circle", "二○一八", "二〇一八"},
		{"space at the ends", " a \n", "a"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if diff := cmp.Diff(c.want, foldString(c.in)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestGrams(t *testing.T) {
	var got []string
	const text = "公示期，50号"
	grams(text, func(from, to int) { got = append(got, text[from:to]) })
	want := []string{"公示", "示期", "期", "50", "0号", "号"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNeedle(t *testing.T) {
	for _, c := range []struct {
		in, grams, prefix string
		exact             bool
	}{
		{"会", "", "会", true},
		{"脱钩", "脱钩", "", true},
		{"公示期", "公示 示期", "", false},
		{"局、财", "局", "", false}, // 局 stands before a mark, 财 before anything
		{"《", "", "", false},
		{"《会", "", "", false},
	} {
		n, ok := newNeedle(c.in)
		got := string(bytes.Join(n.grams, []byte(" ")))
		if !ok || got != c.grams || string(n.prefix) != c.prefix || n.exact != c.exact {
			t.Errorf("%s: grams %q prefix %q exact %v", c.in, got, n.prefix, n.exact)
		}
	}
	if _, ok := newNeedle("　 "); ok {
		t.Error("white space is a needle")
	}
}

func FuzzFold(f *testing.F) {
	f.Add("２０１８ 年\n《Ａ b》", "年《a")
	f.Fuzz(func(t *testing.T, s, sub string) {
		var at []int32
		out := fold(nil, []byte(s), &at)
		if len(at) != len(out)+1 {
			t.Fatalf("%d offsets for %d bytes", len(at), len(out))
		}
		for i := 1; i < len(at); i++ {
			if at[i] < at[i-1] {
				t.Fatalf("offsets run backwards at %d", i)
			}
		}
		if again := fold(nil, out, nil); utf8.ValidString(s) && !bytes.Equal(out, again) {
			t.Errorf("%q folds to %q, that to %q", s, out, again)
		}
		// Completeness: whatever is found in the folded text, its grams are.
		n, ok := newNeedle(sub)
		if !ok || !bytes.Contains(out, n.text) || !utf8.ValidString(s+sub) {
			return
		}
		have := map[string]bool{}
		grams(string(out), func(from, to int) { have[string(out[from:to])] = true })
		for _, g := range n.grams {
			if !have[string(g)] {
				t.Errorf("%q holds %q but not its gram %q", out, n.text, g)
			}
		}
		found := len(n.prefix) == 0
		for g := range have {
			found = found || strings.HasPrefix(g, string(n.prefix))
		}
		if !found {
			t.Errorf("no gram of %q begins with %q", out, n.prefix)
		}
	})
}
