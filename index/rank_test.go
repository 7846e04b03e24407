package index

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/segment"
)

// The files of testdata/rank are, but for records.txt: lines with # that give
// the reason, one line "query …", then the ids wanted, in order. records.txt
// holds records: a line "== id key=value… flag…", the title, the body, in which
// a line "# …" is a heading.
func TestRank(t *testing.T) {
	j := segment.New(segment.Options{CacheDir: t.TempDir()})
	if err := j.Load(); err != nil {
		t.Fatal(err)
	}
	ix, _ := built(t, Build{Segmenter: j}, rankRecords(t))
	files, err := filepath.Glob("testdata/rank/*.txt")
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		if name == "records" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var q, want string
			for line := range strings.Lines(string(data)) {
				line = strings.TrimSpace(line)
				if v, ok := strings.CutPrefix(line, "query "); ok {
					q = v
				} else if line != "" && !strings.HasPrefix(line, "#") {
					want += line + " "
				}
			}
			r := find(t, ix, Query{Text: q})
			if diff := cmp.Diff(strings.TrimSpace(want), docs(r)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", q, diff)
				for _, h := range r.Hits {
					t.Logf("%.3f %s", h.Score, h.Doc)
				}
			}
		})
	}
}

func rankRecords(t *testing.T) []*corpus.Record {
	data, err := os.ReadFile("testdata/rank/records.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []*corpus.Record
	for _, part := range strings.Split("\n"+string(data), "\n== ")[1:] {
		head, rest, _ := strings.Cut(part, "\n")
		title, body, _ := strings.Cut(rest, "\n")
		f := strings.Fields(head)
		r := &corpus.Record{ID: corpus.DocID(f[0]), Title: title, Text: corpus.TextInfo{Body: body}}
		for _, kv := range f[1:] {
			k, v, _ := strings.Cut(kv, "=")
			switch k {
			case "kind":
				r.Kind = corpus.Kind(v)
			case "on_topic":
				r.OnTopic = true
			case "date":
				r.Dates.Signed = &corpus.Date{Date: v}
			}
		}
		for line := range strings.Lines(body) {
			if h, ok := strings.CutPrefix(strings.TrimSpace(line), "# "); ok {
				r.Outline = append(r.Outline, corpus.Section{Heading: h})
			}
		}
		out = append(out, r)
	}
	return out
}
