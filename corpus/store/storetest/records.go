package storetest

import (
	"slices"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

func encoded(t *testing.T, r *corpus.Record) string {
	t.Helper()
	return string(must[[]byte](t)(corpus.Encode(r)))
}

func records(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	c := PutPage(t, s, 1, 1)
	r := Record(c, Rules(1))
	r.Source.SHA256 = c.SHA256
	wantEqual(t, "first put", must[corpus.Outcome](t)(s.PutRecord(ctx, r, At(1))), corpus.Done)
	wantEqual(t, "second put", must[corpus.Outcome](t)(s.PutRecord(ctx, r, At(2))), corpus.Same)
	got := must[*corpus.Record](t)(s.Record(ctx, c.Doc))
	wantEqual(t, "record", encoded(t, got), encoded(t, r))
	wantEqual(t, "its span in bytes", got.Deadlines[0].Span, r.Deadlines[0].Span)
	r.Title = "改过的题目"
	wantEqual(t, "changed put", must[corpus.Outcome](t)(s.PutRecord(ctx, r, At(3))), corpus.Done)
	wantEqual(t, "title", must[*corpus.Record](t)(s.Record(ctx, c.Doc)).Title, r.Title)
	_, err := s.Record(ctx, "unknown")
	wantError(t, "record of an unknown document", err, store.ErrNotFound)
}

func revised(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	c := PutPage(t, s, 1, 1)
	first := Record(c, Rules(1))
	first.Source.SHA256 = c.SHA256
	revise := func(what string, was corpus.Hash, r *corpus.Record, want corpus.Outcome) {
		t.Helper()
		wantEqual(t, what, must[corpus.Outcome](t)(s.ReviseRecord(ctx, was, r, At(1))), want)
	}
	wantEqual(t, "hash of none", must[corpus.Hash](t)(s.RecordHash(ctx, c.Doc)), corpus.Hash(""))
	revise("of one that is not there", Rules(5), first, corpus.Skipped)
	revise("where there is none", "", first, corpus.Done)
	before := must[corpus.Hash](t)(s.RecordHash(ctx, c.Doc))
	second := Record(c, Rules(2))
	second.Source.SHA256 = c.SHA256
	revise("as if there were none", "", second, corpus.Skipped)
	revise("the one that is there", before, second, corpus.Done)
	revise("the one that was there", before, first, corpus.Skipped)
	wantEqual(t, "rules", must[*corpus.Record](t)(s.Record(ctx, c.Doc)).Rules, Rules(2))
	revise("by itself", must[corpus.Hash](t)(s.RecordHash(ctx, c.Doc)), second, corpus.Same)
	if n := len(all(t, s.Changed(ctx, 0))); n != 1 || must[store.Revision](t)(s.Revision(ctx)) != 2 {
		t.Errorf("%d changes, the last is %d", n, must[store.Revision](t)(s.Revision(ctx)))
	}
}

func badRecords(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	c := PutPage(t, s, 1, 1)
	for name, test := range map[string]struct {
		spoil func(*corpus.Record)
		want  error
	}{
		"no document":        {func(r *corpus.Record) { r.ID = "" }, store.ErrInvalid},
		"no rules":           {func(r *corpus.Record) { r.Rules = "" }, store.ErrInvalid},
		"no bytes":           {func(r *corpus.Record) { r.Source.SHA256 = "" }, store.ErrInvalid},
		"quotes other words": {func(r *corpus.Record) { r.Deadlines[0].Quote = "2019年底前" }, store.ErrInvalid},
		"a correction laid over": {func(r *corpus.Record) {
			r.Deadlines[0].Reviews = []corpus.Review{{ID: "c1", Action: corpus.ReviewFix}}
		}, store.ErrInvalid},
		"unknown document":     {func(r *corpus.Record) { r.ID = "u0000000000000000" }, store.ErrNotFound},
		"bytes never captured": {func(r *corpus.Record) { r.Source.SHA256 = Rules(7) }, store.ErrNotFound},
	} {
		r := Record(c, Rules(1))
		r.Source.SHA256 = c.SHA256
		test.spoil(r)
		_, err := s.PutRecord(ctx, r, At(1))
		wantError(t, name, err, test.want)
	}
	_, err := s.PutRecord(ctx, nil, At(1))
	wantError(t, "no record", err, store.ErrInvalid)
	if got := all(t, s.Records(ctx, store.Filter{})); len(got) != 0 {
		t.Errorf("a refused record was kept: %v", got)
	}
}

func recordFilter(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	var ids, counties []corpus.DocID
	do(t, s.Batch(ctx, func(w store.Writer) error {
		for n := range 100 {
			c := PutPage(t, w, n, 1)
			r := Record(c, Rules(1))
			r.Source.SHA256 = c.SHA256
			if n%4 == 0 {
				r.Kind, r.Generation, r.OnTopic, r.Jurisdiction.Code = corpus.KindNews, corpus.NoGeneration, false, "980102"
				counties = append(counties, c.Doc)
			}
			ids = append(ids, c.Doc)
			must[corpus.Outcome](t)(w.PutRecord(ctx, r, At(1)))
		}
		PutPage(t, w, 1000, 1) // has no record
		return nil
	}))
	slices.Sort(ids)
	slices.Sort(counties)
	list := func(f store.Filter) (out []corpus.DocID) {
		for _, r := range all(t, s.Records(ctx, f)) {
			out = append(out, r.ID)
		}
		return out
	}
	wantEqual(t, "all", list(store.Filter{}), ids)
	wantEqual(t, "after and last", list(store.Filter{After: ids[9], Last: ids[20]}), ids[10:21])
	wantEqual(t, "limit and after", list(store.Filter{After: ids[9], Limit: 40}), ids[10:50])
	wantEqual(t, "a province by the beginning of the code", list(store.Filter{Jurisdiction: "98"}), counties)
	wantEqual(t, "kind", list(store.Filter{Kind: corpus.KindNews}), counties)
	wantEqual(t, "generation", list(store.Filter{Generation: corpus.NoGeneration}), counties)
	if got := len(list(store.Filter{OnTopic: true})); got != 75 {
		t.Errorf("%d on topic, want 75", got)
	}
	if got := len(list(store.Filter{Host: "www0.example.test", Kind: corpus.KindNews})); got != 9 {
		t.Errorf("%d news of one host, want 9", got)
	}
	wantEqual(t, "documents by what their records say", len(all(t, s.Documents(ctx, store.Filter{Jurisdiction: "98"}))), len(counties))
}

func staleIDs(t *testing.T, s store.Store, w store.Work) []corpus.DocID {
	t.Helper()
	var out []corpus.DocID
	for _, d := range all(t, s.Stale(t.Context(), w)) {
		out = append(out, d.ID)
	}
	return out
}

func stale(t *testing.T, f Folder) {
	s := open(t, f)
	a, b := PutPage(t, s, 1, 1), PutPage(t, s, 2, 1)
	both := []corpus.DocID{a.Doc, b.Doc}
	slices.Sort(both)
	work := store.Work{Rules: Rules(1)}
	wantEqual(t, "without records", staleIDs(t, s, work), both)
	PutRecord(t, s, a, Rules(1))
	PutRecord(t, s, b, Rules(1))
	wantEqual(t, "all done", staleIDs(t, s, work), []corpus.DocID(nil))
	wantEqual(t, "asked for all", staleIDs(t, s, store.Work{Rules: Rules(1), All: true}), both)
	wantEqual(t, "other rules", staleIDs(t, s, store.Work{Rules: Rules(2)}), both)
	wantEqual(t, "other rules, first only", staleIDs(t, s, store.Work{Rules: Rules(2), Filter: store.Filter{Limit: 1}}), both[:1])
	a2 := PutPage(t, s, 1, 2)
	wantEqual(t, "other bytes", staleIDs(t, s, work), []corpus.DocID{a.Doc})
	PutRecord(t, s, a, Rules(1)) // late, from the old bytes
	wantEqual(t, "a record of old bytes", staleIDs(t, s, work), []corpus.DocID{a.Doc})
	PutRecord(t, s, a2, Rules(1))
	wantEqual(t, "caught up", staleIDs(t, s, work), []corpus.DocID(nil))
}

// parts puts an attachment of a page, twice: it is no work of its own, and each
// new capture of it asks for the page again, also where the page had failed.
func parts(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	page := PutPage(t, s, 1, 1)
	PutRecord(t, s, page, Rules(1))
	work, one, none := store.Work{Rules: Rules(1)}, []corpus.DocID{page.Doc}, []corpus.DocID(nil)
	put := func(v int) {
		c, body := Page(2, v)
		c.Parent = page.URL
		must[corpus.Outcome](t)(s.PutCapture(ctx, c, body))
	}
	put(1)
	wantEqual(t, "an attachment came", staleIDs(t, s, work), one)
	PutRecord(t, s, page, Rules(1))
	wantEqual(t, "read again", staleIDs(t, s, work), none)
	put(1)
	wantEqual(t, "the same attachment once more", staleIDs(t, s, work), none)
	put(2)
	wantEqual(t, "another version", staleIDs(t, s, work), one)
	do(t, s.PutOutcome(ctx, store.StageOutcome{Stage: store.StageExtract, Doc: page.Doc, Outcome: corpus.Failed, Reason: "x", Bytes: page.SHA256, Rules: Rules(1), At: At(1)}))
	wantEqual(t, "failed with it", staleIDs(t, s, work), none)
	put(3)
	wantEqual(t, "a version after the failure", staleIDs(t, s, work), one)
	st := must[store.Status](t)(s.Status(ctx))
	wantEqual(t, "works", st.Documents, 1)
	wantEqual(t, "parts", st.Parts, 1)
	wantEqual(t, "works to do", st.Stale, 1)
}

func failures(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	c := PutPage(t, s, 1, 1)
	one := []corpus.DocID{c.Doc}
	work := store.Work{Rules: Rules(1)}
	fail := func(o corpus.Outcome, bytes, rules corpus.Hash) {
		do(t, s.PutOutcome(ctx, store.StageOutcome{Stage: store.StageExtract, Doc: c.Doc, Outcome: o, Reason: "unreadable", Bytes: bytes, Rules: rules, At: At(1)}))
	}
	for _, o := range []corpus.Outcome{corpus.Failed, corpus.Skipped} {
		fail(o, c.SHA256, Rules(1))
		wantEqual(t, string(o), staleIDs(t, s, work), []corpus.DocID(nil))
		wantEqual(t, string(o)+", asked for", staleIDs(t, s, store.Work{Rules: Rules(1), Retry: true}), one)
		wantEqual(t, string(o)+", all", staleIDs(t, s, store.Work{Rules: Rules(1), All: true}), one)
		wantEqual(t, string(o)+", other rules", staleIDs(t, s, store.Work{Rules: Rules(2)}), one)
	}
	fail(corpus.Failed, "", Rules(1))
	wantEqual(t, "a failure that names no bytes", staleIDs(t, s, work), one)
	fail(corpus.Failed, c.SHA256, Rules(1))
	c2 := PutPage(t, s, 1, 2)
	wantEqual(t, "other bytes", staleIDs(t, s, work), one)
	PutRecord(t, s, c2, Rules(1))
	got := all(t, s.Outcomes(ctx, store.OutcomeFilter{Outcome: corpus.Failed}))
	if len(got) != 0 {
		t.Errorf("a success leaves the failure: %+v", got)
	}
}

func changed(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	wantEqual(t, "revision of nothing", must[store.Revision](t)(s.Revision(ctx)), store.Revision(0))
	a, b := PutPage(t, s, 1, 1), PutPage(t, s, 2, 1)
	PutRecord(t, s, a, Rules(1))
	PutRecord(t, s, b, Rules(1))
	first := all(t, s.Changed(ctx, 0))
	if len(first) != 2 || first[0].Doc != a.Doc || first[1].Doc != b.Doc || first[0].Revision >= first[1].Revision {
		t.Fatalf("changes after two puts: %+v", first)
	}
	last := first[1].Revision
	PutRecord(t, s, a, Rules(1)) // the same again
	if got := all(t, s.Changed(ctx, last)); len(got) != 0 {
		t.Errorf("a put of the same is a change: %+v", got)
	}
	PutRecord(t, s, b, Rules(2)) // the newest one again: its revision rises still
	got := all(t, s.Changed(ctx, last))
	if len(got) != 1 || got[0].Doc != b.Doc {
		t.Errorf("changes after a new record: %+v", got)
	}
	wantEqual(t, "revision", must[store.Revision](t)(s.Revision(ctx)), got[0].Revision)
	wantEqual(t, "status", must[store.Status](t)(s.Status(ctx)).Revision, got[0].Revision)
	wantEqual(t, "each record once", len(all(t, s.Changed(ctx, 0))), 2)
	last = got[len(got)-1].Revision
	fix := store.Correction{Doc: got[0].Doc, Action: corpus.ReviewReject, Field: "/deadlines/*"}
	for range 2 {
		must[string](t)(s.PutCorrection(ctx, fix))
	}
	if got := all(t, s.Changed(ctx, last)); len(got) != 1 || got[0].Doc != fix.Doc || got[0].Revision != last+1 {
		t.Errorf("after a correction, put twice: %v, want one change of %s", got, fix.Doc)
	}
}

func outcomes(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	want := []store.StageOutcome{
		{Stage: store.StageExtract, Doc: "u1", Outcome: corpus.Failed, Reason: "encrypted pdf", Bytes: Rules(3), Rules: Rules(1), At: At(1)},
		{Stage: store.StageExtract, Doc: "u2", Outcome: corpus.Skipped, Reason: "no text", At: At(2)},
		{Stage: store.StageIndex, Doc: "u1", Outcome: corpus.Done, At: At(3)},
	}
	for _, i := range []int{2, 0, 1} {
		do(t, s.PutOutcome(ctx, want[i]))
	}
	same := want[0]
	same.Outcome, same.Reason = corpus.Same, ""
	do(t, s.PutOutcome(ctx, same)) // counts in a run, changes nothing
	wantEqual(t, "all", all(t, s.Outcomes(ctx, store.OutcomeFilter{})), want)
	wantEqual(t, "by stage", all(t, s.Outcomes(ctx, store.OutcomeFilter{Stage: store.StageExtract})), want[:2])
	wantEqual(t, "by outcome", all(t, s.Outcomes(ctx, store.OutcomeFilter{Outcome: corpus.Skipped})), want[1:2])
	want[0].Outcome, want[0].Reason = corpus.Done, ""
	do(t, s.PutOutcome(ctx, want[0]))
	wantEqual(t, "replaced", all(t, s.Outcomes(ctx, store.OutcomeFilter{})), want)
	for _, bad := range []store.StageOutcome{{Doc: "u1", Outcome: corpus.Done}, {Stage: "x", Outcome: corpus.Done}, {Stage: "x", Doc: "u1", Outcome: "maybe"}} {
		wantError(t, "a bad outcome", s.PutOutcome(ctx, bad), store.ErrInvalid)
	}
}
