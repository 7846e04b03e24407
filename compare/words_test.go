package compare

import (
	"slices"
	"testing"
)

// TestWordsAreProved: every cue finds its examples and not its counter-examples.
func TestWordsAreProved(t *testing.T) {
	w, err := parseWords(wordFile)
	if err != nil || len(w.Cues) == 0 {
		t.Fatal(err)
	}
	for _, c := range w.Cues {
		if len(c.Examples) == 0 || len(c.Nonexamples) == 0 {
			t.Errorf("%s has no examples", c.ID)
		}
		for _, s := range c.Examples {
			if !c.re.MatchString(s) {
				t.Errorf("%s does not find %q", c.ID, s)
			}
		}
		for _, s := range c.Nonexamples {
			if c.re.MatchString(s) {
				t.Errorf("%s finds %q", c.ID, s)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"退休三年内不得任职", []string{"3年"}}, // 三年 and 3年 are one quantity
		{"连任不超过两届，年龄不超过70周岁", []string{"2届", "70周岁"}},
		{"租金不低于市场价的50%", []string{"50%"}},
		{"三百二十五家协会分十五个月完成", []string{"325家", "15个月"}},
		{"第一批试点", nil}, // 批 is no quantity
	} {
		if got := builtin().numbers(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.text, got)
		}
	}
}
