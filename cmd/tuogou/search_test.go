package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSearch searches the sample sites, which are crawled and read once.
func TestSearch(t *testing.T) {
	data := t.TempDir()
	if code, out, errs := call(t, data, "demo", "--dir", data); code != exitOK {
		t.Fatalf("the demo ends with %d:\n%s%s", code, out, errs)
	}
	t.Run("cases", func(t *testing.T) { searchCases(t, data, golden) })
	t.Run("ranking", func(t *testing.T) { ranking(t, data) })
	t.Run("on OpenSearch", func(t *testing.T) { onOpenSearch(t, data) })
}

// onOpenSearch moves the index into a cluster by configuration alone: every answer is
// that of the index in the folder, to the byte.
func onOpenSearch(t *testing.T, data string) {
	addresses := os.Getenv("TUOGOU_TEST_OPENSEARCH")
	if addresses == "" || testing.Short() {
		t.Skip("no OpenSearch: TUOGOU_TEST_OPENSEARCH is not set; scripts/opensearch-for-tests starts one where java and mvn are")
	}
	first, _, _ := strings.Cut(addresses, ",")
	name := fmt.Sprintf("test-demo-%d", time.Now().UnixNano())
	list := `"` + strings.ReplaceAll(addresses, ",", `", "`) + `"`
	config := fmt.Sprintf("[index]\nopensearch = [%s]\nname = %q\nshards = 2\nreplicas = 1\n", list, name)
	if err := os.WriteFile(filepath.Join(data, configName), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		req, err := http.NewRequest(http.MethodDelete, first+"/"+name+"-*", nil)
		if err == nil {
			var resp *http.Response
			if resp, err = http.DefaultClient.Do(req); err == nil {
				resp.Body.Close()
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
	if code, _, errs := call(t, data, "search", "脱钩"); code != exitError || !strings.Contains(errs, "missing") {
		t.Errorf("before the index is made: %d, %s", code, errs)
	}
	if code, _, errs := call(t, data, "index"); code != exitOK {
		t.Fatalf("index: %d, %s", code, errs)
	}
	if code, out, errs := call(t, data, "status"); code != exitOK || !strings.Contains(out, "OpenSearch index "+name) {
		t.Errorf("status: %d, %s%s", code, out, errs)
	}
	// Where a page goes on is told in each engine's own words.
	cursor := regexp.MustCompile(`--after [\w-]+`)
	t.Run("cases", func(t *testing.T) {
		searchCases(t, data, func(t *testing.T, file, got string) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(cursor.ReplaceAllString(string(want), "--after PLACE"), cursor.ReplaceAllString(got, "--after PLACE")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	})
	t.Run("ranking", func(t *testing.T) { ranking(t, data) })
}

// golden compares got with a file, or writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// Each folder of testdata/search is a case: args (one a line, after the reasons
// with #), and stdout and stderr as they must be; "exit N" ends args where it is
// not 0.
func searchCases(t *testing.T, data string, compare func(t *testing.T, file, got string)) {
	folders, err := filepath.Glob("testdata/search/*")
	if err != nil || len(folders) < 10 {
		t.Fatalf("%d cases, %v", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join(folder, "args"))
			if err != nil {
				t.Fatal(err)
			}
			args, want := []string{"search"}, 0
			for line := range strings.Lines(string(file)) {
				line = strings.TrimSuffix(line, "\n")
				if _, err := fmt.Sscanf(line, "exit %d", &want); err == nil || strings.HasPrefix(line, "#") || line == "" {
					continue
				}
				args = append(args, strings.ReplaceAll(line, "$CASE", folder))
			}
			code, out, errs := call(t, data, append(args, "--lang", "en")...)
			if code != want {
				t.Errorf("ends with %d, want %d", code, want)
			}
			compare(t, filepath.Join(folder, "stdout"), out)
			compare(t, filepath.Join(folder, "stderr"), errs)
		})
	}
}

// asked is one line of testdata/ranking/queries.txt.
type asked struct {
	query  string
	wanted []string
	found  []string
}

func askedOf(t *testing.T) []asked {
	t.Helper()
	data, err := os.ReadFile("testdata/ranking/queries.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []asked
	for line := range strings.Lines(string(data)) {
		q, wanted, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && !strings.HasPrefix(line, "#") {
			out = append(out, asked{query: q, wanted: strings.Fields(wanted)})
		}
	}
	if len(out) < 60 {
		t.Fatalf("only %d queries", len(out))
	}
	return out
}

// ranking measures how high the pages stand that answer a question, and
// keeps the figures: a change of the ranking shows in score.golden.
func ranking(t *testing.T, data string) {
	list := askedOf(t)
	file := filepath.Join(t.TempDir(), "queries")
	var lines strings.Builder
	for _, q := range list {
		lines.WriteString(q.query + "\n")
	}
	if err := os.WriteFile(file, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := call(t, data, "search", "--batch", file, "--format", "jsonl", "--limit", "50")
	if code != exitOK {
		t.Fatalf("ends with %d: %s", code, errs)
	}
	at := -1
	for s := bufio.NewScanner(strings.NewReader(out)); s.Scan(); {
		var l struct{ Type, Query, URL string }
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if l.Type == "query" {
			if at++; list[at].query != l.Query {
				t.Fatalf("the answer to %q where that to %q was due", l.Query, list[at].query)
			}
			continue
		}
		name := path.Base(l.URL)
		list[at].found = append(list[at].found, strings.TrimSuffix(name, path.Ext(name)))
	}
	golden(t, "testdata/ranking/score.golden", score(list))
}

// score is recall@1, recall@5 and MRR over list, and every page that is wanted
// and not among the first five.
func score(list []asked) string {
	var recall1, recall5, reciprocal float64
	var misses strings.Builder
	for _, q := range list {
		first, in5 := 0, 0
		for _, w := range q.wanted {
			rank := slices.Index(q.found, w) + 1
			if rank > 0 && (first == 0 || rank < first) {
				first = rank
			}
			if rank > 0 && rank <= 5 {
				in5++
			}
		}
		possible := min(5, len(q.wanted))
		recall5 += float64(in5) / float64(possible)
		if first == 1 {
			recall1++
		}
		if first > 0 {
			reciprocal += 1 / float64(first)
		}
		if in5 == possible && first == 1 {
			continue
		}
		fmt.Fprintf(&misses, "%s: first at %d, %d of %d in the first five of %d\n", q.query, first, in5, possible, len(q.found))
		for _, w := range q.wanted {
			if rank := slices.Index(q.found, w) + 1; rank > 5 || rank == 0 {
				fmt.Fprintf(&misses, "  %s at %d\n", w, rank)
			}
		}
	}
	n := float64(len(list))
	return fmt.Sprintf("%d queries: recall@1 %.3f, recall@5 %.3f, MRR %.3f\n\nNot as wanted (0: not found):\n%s", len(list), recall1/n, recall5/n, reciprocal/n, misses.String())
}
