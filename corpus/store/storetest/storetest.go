// Package storetest proves that a store keeps the contract of package store.
// Every implementation runs it from its own tests:
//
//	storetest.Run(t, func(t *testing.T) storetest.Folder { … })
package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Folder is where one store lives, empty at first. Open opens what it holds;
// the suite closes what it opened before it opens it for writing again.
type Folder interface {
	Open(t *testing.T, opts store.Options) store.Store
}

// Run runs the suite. Each case gets a folder of its own from fresh.
func Run(t *testing.T, fresh func(t *testing.T) Folder) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Folder)
	}{
		{"blobs are kept whole", blobs},
		{"captures are kept in a row", captures},
		{"captures that do not fit are refused", badCaptures},
		{"documents come in order and by filter", documents},
		{"strings are cleaned", cleaning},
		{"times keep their nanoseconds", times},
		{"records come back as they were put", records},
		{"records that lie are refused", badRecords},
		{"a record is revised where it stands as it was", revised},
		{"records come in order and by filter", recordFilter},
		{"stale is what has to be extracted", stale},
		{"an attachment makes its page stale", parts},
		{"a failure waits for other bytes or rules", failures},
		{"changed tells what is new to the index", changed},
		{"outcomes by stage and document", outcomes},
		{"frontier hands out by host, priority and time", claims},
		{"frontier gives back what was not finished", recovery},
		{"frontier releases by source", release},
		{"frontier keeps visits and validators", visits},
		{"frontier requeues", requeue},
		{"source states", sourceStates},
		{"corrections, rules and meta", notes},
		{"the ledger only grows", ledger},
		{"hooks", hooks},
		{"a batch is all or nothing", batch},
		{"a batch outlives a refused put", batchRefusal},
		{"an iteration may be written under", iteration},
		{"readers see the last commit", readers},
		{"reading only", readOnly},
		{"one writer", oneWriter},
		{"a closed store says so", closed},
		{"a cancelled call says so and changes nothing", cancelled},
		{"status counts", status},
		{"digest is of the content alone", digest},
		{"all is well", verify},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, fresh(t)) })
	}
}

// At is the n-th minute of an invented day. The suite has no clock.
func At(n int) time.Time {
	return time.Date(2026, 3, 1, 8, n, 0, 0, time.UTC)
}

// Page is the n-th invented page, in its v-th version.
func Page(n, v int) (corpus.Capture, []byte) {
	url := fmt.Sprintf("http://www%d.example.test/art/%d.html", n%3, n)
	body := fmt.Sprintf("<html><title>示例市行业协会商会脱钩方案%d</title><p>第%d版。%s</p></html>",
		n, v, strings.Repeat("行业协会商会与行政机关脱钩。", 20))
	return corpus.Capture{
		Doc: corpus.IDOf(url, ""), URL: url, Fetched: At(n), Status: 200, Type: "text/html; charset=utf-8",
		Title: "示例市脱钩方案", Number: "示政办发〔2016〕9号", Listed: "2016-05-01", Parent: "http://www.example.test/",
	}, []byte(body)
}

// Record is a record of the page that c captured, as rules would have made it.
func Record(c corpus.Capture, rules corpus.Hash) *corpus.Record {
	body := "示例市行业协会商会与行政机关脱钩实施方案\n2018年底前完成脱钩。"
	at := strings.Index(body, "2018年底前")
	end := "2018-12-31"
	return &corpus.Record{
		ID: c.Doc, Schema: corpus.SchemaVersion, Rules: rules,
		Source: corpus.Source{URL: c.URL, Fetched: c.Fetched.Format(time.RFC3339), SHA256: corpus.HashBytes(nil)},
		Title:  "示例市行业协会商会与行政机关脱钩实施方案", Kind: corpus.KindPlan, Generation: corpus.Decoupling2015, OnTopic: true,
		Jurisdiction: corpus.Jurisdiction{Code: "990100", Name: "示例市", Level: corpus.Prefecture, State: corpus.Stated},
		Text:         corpus.TextInfo{Body: body, SHA256: corpus.HashBytes([]byte(body)), Chars: len([]rune(body))},
		Deadlines: []corpus.Deadline{{
			UID: "d1", Kind: corpus.KindBy, EDTF: "../2018-12-31", End: &end, Precision: corpus.ByYear, Resolved: true,
			Evidence: corpus.Cite(body, corpus.Span{Start: at, End: at + len("2018年底前")}, "by_year_end"),
		}},
	}
}

// Rules names an invented rule set.
func Rules(n int) corpus.Hash { return corpus.HashBytes(fmt.Appendf(nil, "rules %d", n)) }

// PutPage puts a page and returns its capture as it is kept.
func PutPage(t *testing.T, w store.Writer, n, v int) corpus.Capture {
	t.Helper()
	c, body := Page(n, v)
	if _, err := w.PutCapture(t.Context(), c, body); err != nil {
		t.Fatal(err)
	}
	c, err := store.FillCapture(c, body)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// PutRecord puts the record of a page that was put.
func PutRecord(t *testing.T, w store.Writer, c corpus.Capture, rules corpus.Hash) *corpus.Record {
	t.Helper()
	r := Record(c, rules)
	r.Source.SHA256 = c.SHA256
	if _, err := w.PutRecord(t.Context(), r, At(0)); err != nil {
		t.Fatal(err)
	}
	return r
}

func open(t *testing.T, f Folder) store.Store {
	t.Helper()
	s := f.Open(t, store.Options{})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		do(t, err)
		return v
	}
}
