package rules

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSearch(t *testing.T) {
	s, err := LoadSearch(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ reason, word, want string }{
		{"short for long", "编办", "机构编制委员会办公室"},
		{"long for short", "机构编制委员会办公室", "编办"},
		{"no word that holds it: it is found with it", "发展改革委", "发展和改革委员会"},
		{"a word of no group", "脱钩", ""},
	} {
		if got := s.Also(c.word); c.want == "" && got != nil || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s: %s also %v", c.reason, c.word, got)
		}
	}
	if got := s.Also("发展改革委"); slices.Contains(got, "发展改革委员会") {
		t.Errorf("发展改革委 also %v", got)
	}
}

func TestSearchErrors(t *testing.T) {
	const rank = "[rank]\npresent = 1.0\nsynonym = 1.0\nbody = 1.0\non_topic = 1.0\nk1 = 1.0\naverage = 1.0\naverage_unit = 1.0\n"
	for _, c := range []struct{ file, says string }{
		{"[rank]\n", "must be above 0"},
		{rank + "[rank.kinds]\nplan = -1.0\n", "factor of plan"},
		{rank + "[[synonym]]\nwords = ['编办']\nexamples = ['编办']\n", "two words"},
		{rank + "[[synonym]]\nwords = ['编办', '编']\nexamples = ['编办']\n", "one character"},
		{rank + "[[synonym]]\nwords = ['编办', '编办']\nexamples = ['编办']\n", "stands twice"},
		{rank + "[[synonym]]\nwords = ['编办', '编委办']\nexamples = ['财政局']\n", "holds none"},
	} {
		_, err := LoadSearch(fstest.MapFS{searchFile: {Data: []byte(c.file)}})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want %q", err, c.says)
		}
	}
}
