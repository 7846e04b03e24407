package main

import (
	"strings"
	"testing"

	"tuogou/crawler"
)

// The rest of an interrupted crawl lists nothing, and has new documents all the
// same.
func TestSourceWords(t *testing.T) {
	h := crawler.Health{Site: "990000-a", Before: -1, Kept: 5}
	if got := sourceWords(h, true); !strings.Contains(got, "5 documents new") || strings.Contains(got, "first visit") {
		t.Errorf("resumed: %s", got)
	}
	h.Rows, h.New, h.Lists = 9, 9, 2
	if got := sourceWords(h, false); got != "9 rows in 2 list pages (first visit), 9 new" {
		t.Errorf("a whole visit: %s", got)
	}
}
