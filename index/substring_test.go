package index

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/index/indextest"
)

// texts are what the test searches: generated ones, or, to try real ones, the
// *.txt files of the folder that TUOGOU_TEXTS names.
func texts(t *testing.T) []*corpus.Record {
	var out []*corpus.Record
	if dir := os.Getenv("TUOGOU_TEXTS"); dir != "" {
		files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no texts in %s: %v", dir, err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, &corpus.Record{ID: corpus.DocID(filepath.Base(f)), Text: corpus.TextInfo{Body: string(data)}})
		}
		return out
	}
	for i := range 60 {
		out = append(out, indextest.Record(i, 1500, 5))
	}
	return out
}

// Whatever stands in a text is found by it: stretches of one to twelve characters
// cut from the texts at random, words or not, with marks and glued neighbours.
func TestEverySubstringIsFound(t *testing.T) {
	records := texts(t)
	ix, _ := built(t, Build{}, records)
	rnd := rand.New(rand.NewPCG(9, 9))
	tried := 0
	for range 600 {
		body := []rune(records[rnd.IntN(len(records))].Text.Body)
		if len(body) == 0 {
			continue
		}
		at := rnd.IntN(len(body))
		s := string(body[at:min(len(body), at+1+rnd.IntN(12))])
		if strings.ContainsAny(s, "\"＂“”\n\r\x00\ufffd") || strings.TrimSpace(s) == "" || foldString(s) == "" {
			continue // quotation marks end a phrase, and nothing matches across lines
		}
		tried++
		if r := find(t, ix, Query{Text: `"` + s + `"`, Limit: -1, NoFacets: true}); r.Total != len(scan(records, s, false)) {
			t.Errorf("%q: %d documents, a scan finds %d", s, r.Total, len(scan(records, s, false)))
		}
	}
	if tried < 300 {
		t.Errorf("only %d stretches tried", tried)
	}
}
