package reader

import "testing"

func TestSimplify(t *testing.T) {
	r := newReader(t)
	for in, want := range map[string]string{
		"脫鉤":                  "脱钩",
		"行業協會商會 place:330000": "行业协会商会 place:330000",
		"脱钩":                  "脱钩",
		"":                    "",
		"2018":                "2018",
	} {
		if got := r.Simplify(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
