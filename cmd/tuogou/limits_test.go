package main

import (
	"testing"
	"time"

	"tuogou/extract/reader/flow"
)

func TestLimits(t *testing.T) {
	def := flow.Limits{}.WithDefaults()
	pages := def
	pages.Pages, pages.Bytes, pages.Time = 500, 64<<20, 30*time.Second
	for _, c := range []struct {
		why    string
		values []string
		want   flow.Limits
		bad    bool
	}{
		{"none given", nil, def, false},
		{"several", []string{"pages=500", "bytes=64m", "time=30s"}, pages, false},
		{"no such name", []string{"rows=5"}, def, true},
		{"no value", []string{"pages"}, def, true},
		{"not a number", []string{"pages=many"}, def, true},
		{"not a length of time", []string{"time=30"}, def, true},
		{"below nothing", []string{"pages=-1"}, def, true},
		{"no number of bytes", []string{"bytes=64X"}, def, true},
	} {
		got, err := limitsOf(c.values)
		if (err != nil) != c.bad || !c.bad && got != c.want {
			t.Errorf("%s: %+v, %v", c.why, got, err)
		}
	}
}
