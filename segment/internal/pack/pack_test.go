package pack

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPackRoundTrip(t *testing.T) {
	words, numbers, err := Pack([]byte("脱钩 30 v\n行业 7 n\n行业协会 900000 n\nAT&T 3 nz\n\n脱钩 9 n\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Unpack(words, numbers)
	if err != nil {
		t.Fatal(err)
	}
	want := "AT&T 3 n\n脱钩 30 n\n行业 7 n\n行业协会 900000 n\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("after a round trip (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(words), "\n协会\n") {
		t.Errorf("行业协会 after 行业 is not front-coded: %q", words)
	}
}

func TestPackRefuses(t *testing.T) {
	for name, dict := range map[string]string{
		"a word without tag":         "脱钩 3\n",
		"a frequency of zero":        "脱钩 0 n\n",
		"a frequency that is a word": "脱钩 n 3\n",
		"a word that is not UTF-8":   "\xff\xfe 3 n\n",
	} {
		if _, _, err := Pack([]byte(dict)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPackAnyWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.MapOf(
			rapid.StringOfN(rapid.SampledFrom([]rune("协会商脱钩a𠮷")), 1, 6, -1),
			rapid.Uint32Range(1, 1<<31),
		).Draw(t, "words")
		var lines []string
		for w, f := range set {
			lines = append(lines, fmt.Sprintf("%s %d n\n", w, f))
		}
		words, numbers, err := Pack([]byte(strings.Join(lines, "")))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unpack(words, numbers)
		if err != nil {
			t.Fatal(err)
		}
		back := strings.SplitAfter(string(got), "\n")
		back = back[:len(back)-1]
		sort.Strings(lines)
		sort.Strings(back)
		if diff := cmp.Diff(lines, back); diff != "" && len(lines)+len(back) > 0 {
			t.Fatalf("-want +got:\n%s", diff)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	words, numbers, err := Pack([]byte("行业 7 n\n行业协会 900000 n\n"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(words, numbers)
	f.Add([]byte("\n\n"), []byte{255, 1})
	f.Fuzz(func(t *testing.T, words, numbers []byte) {
		out, err := Unpack(words, numbers)
		if err == nil && strings.Count(string(out), "\n") != strings.Count(string(words), "\n") {
			t.Errorf("%d words became %d lines", strings.Count(string(words), "\n"), strings.Count(string(out), "\n"))
		}
	})
}
