package storetest

import (
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

const (
	listURL  = "http://a.example.test/list.html"
	firstURL = "http://a.example.test/1.html"
	lateURL  = "http://a.example.test/late.html"
	otherURL = "http://B.example.test:8080/1.html"
)

// fill adds four targets: two pages, a list before them and one not due yet.
func fill(t *testing.T, s store.Store) []store.Target {
	t.Helper()
	ts := []store.Target{
		{URL: firstURL, Source: "示例市", Kind: "page", Depth: 1, Parent: listURL, Title: "题目", Number: "示政发〔2016〕1号", Listed: "2016-05-01"},
		{URL: listURL, Source: "示例市", Kind: "list", Priority: 5},
		{URL: lateURL, Source: "示例市", Kind: "page", Due: At(30)},
		{URL: otherURL, Source: "另一市", Kind: "page"},
	}
	wantEqual(t, "added", must[int](t)(s.AddTargets(t.Context(), At(0), ts)), 4)
	return ts
}

func claim(t *testing.T, s store.Store, q store.Claim) (urls []string) {
	t.Helper()
	for _, c := range must[[]store.Queued](t)(s.Claim(t.Context(), q)) {
		if c.State != store.Claimed {
			t.Errorf("%s is handed out as %s", c.URL, c.State)
		}
		urls = append(urls, c.URL)
	}
	return urls
}

func claims(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	ts := fill(t, s)
	wantEqual(t, "known ones", must[int](t)(s.AddTargets(ctx, At(1), []store.Target{{URL: listURL, Kind: "other"}, {URL: "http://c.example.test/"}})), 1)
	wantEqual(t, "a known one is left alone", must[store.Queued](t)(s.Target(ctx, listURL)).Kind, "list")
	wantEqual(t, "hosts", must[[]store.HostQueue](t)(s.Hosts(ctx)), []store.HostQueue{
		{Host: "a.example.test", Source: "示例市", Pending: 3}, {Host: "b.example.test:8080", Source: "另一市", Pending: 1}, {Host: "c.example.test", Pending: 1},
	})
	wantEqual(t, "another source", claim(t, s, store.Claim{Limit: 9, Now: At(1), Sources: []string{"第三市"}}), []string(nil))
	const host = "a.example.test"
	got := must[[]store.Queued](t)(s.Claim(ctx, store.Claim{Host: host, Now: At(1)}))
	if len(got) != 1 || got[0].URL != listURL || got[0].Attempts != 1 {
		t.Fatalf("first claim: %+v, want the list page", got)
	}
	got = must[[]store.Queued](t)(s.Claim(ctx, store.Claim{Host: host, Limit: 10, Now: At(1)}))
	if len(got) != 1 {
		t.Fatalf("second claim: %+v, want the one page that is due", got)
	}
	want := ts[0]
	want.Host = host
	wantEqual(t, "target", got[0].Target, want)
	wantEqual(t, "hosts after claims", must[[]store.HostQueue](t)(s.Hosts(ctx))[0], store.HostQueue{Host: host, Source: "示例市", Pending: 1, Claimed: 2, Due: At(30)})
	wantEqual(t, "nothing due", claim(t, s, store.Claim{Host: host, Now: At(29)}), []string(nil))
	wantEqual(t, "due now", claim(t, s, store.Claim{Host: host, Now: At(30)}), []string{lateURL})
	wantEqual(t, "any host", claim(t, s, store.Claim{Limit: 9, Now: At(30)}), []string{otherURL, "http://c.example.test/"})
	_, err := s.AddTargets(ctx, At(1), []store.Target{{URL: "http://d.example.test/"}, {URL: "no address"}})
	wantError(t, "an address without host", err, store.ErrInvalid)
	_, err = s.Target(ctx, "http://d.example.test/")
	wantError(t, "a target beside a refused one", err, store.ErrNotFound)
}

func recovery(t *testing.T, f Folder) {
	s, ctx := f.Open(t, store.Options{}), t.Context()
	fill(t, s)
	first := claim(t, s, store.Claim{Limit: 10, Now: At(5)})
	wantEqual(t, "claimed", len(first), 3)
	do(t, s.Finish(ctx, store.Visit{URL: listURL, Outcome: corpus.Done, At: At(6)}))
	do(t, s.Close())
	s = open(t, f)
	wantEqual(t, "claimed before and not finished", claim(t, s, store.Claim{Limit: 10, Now: At(7)}), []string{firstURL, otherURL})
	wantEqual(t, "attempts", must[store.Queued](t)(s.Target(ctx, firstURL)).Attempts, 2)
}

func release(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	fill(t, s)
	wantEqual(t, "claimed", len(claim(t, s, store.Claim{Limit: 10, Now: At(5)})), 3)
	do(t, s.Finish(ctx, store.Visit{URL: listURL, Outcome: corpus.Done, At: At(6)}))
	wantEqual(t, "released", must[int](t)(s.Release(ctx, "示例市", "第三市")), 1)
	wantEqual(t, "claimed again", claim(t, s, store.Claim{Limit: 10, Now: At(7)}), []string{firstURL})
	wantEqual(t, "outcome", must[store.Queued](t)(s.Target(ctx, firstURL)).Last.Outcome, corpus.Outcome(""))
}

func visits(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	fill(t, s)
	visit := func(v store.Visit) store.Queued {
		t.Helper()
		v.URL = firstURL
		do(t, s.Finish(ctx, v))
		return must[store.Queued](t)(s.Target(ctx, firstURL))
	}
	claim(t, s, store.Claim{Limit: 2, Now: At(1)})
	v := store.Visit{URL: firstURL, Outcome: corpus.Done, At: At(2), ETag: `"x"`, LastModified: "Mon, 02 May 2016 08:00:00 GMT"}
	q := visit(v)
	wantEqual(t, "last visit", q.Last, v)
	wantEqual(t, "state", q.State, store.Finished)
	q = visit(store.Visit{Outcome: corpus.Same, At: At(3)})
	wantEqual(t, "a 304 keeps the validators", q.Last.ETag+q.Last.LastModified, v.ETag+v.LastModified)
	q = visit(store.Visit{Outcome: corpus.Failed, Reason: "status 503", At: At(4), Again: At(20)})
	wantEqual(t, "a failure keeps them too", q.Last.ETag, v.ETag)
	wantEqual(t, "to be tried again", []any{q.State, q.Due, q.Last.Reason}, []any{store.Pending, At(20), "status 503"})
	wantEqual(t, "not before its time", claim(t, s, store.Claim{Host: "a.example.test", Now: At(19)}), []string(nil))
	again := must[[]store.Queued](t)(s.Claim(ctx, store.Claim{Host: "a.example.test", Now: At(20)}))
	wantEqual(t, "validators come with the claim", again[0].Last.ETag, v.ETag)
	q = visit(store.Visit{Outcome: corpus.Done, At: At(21)})
	wantEqual(t, "new bytes without validators", q.Last.ETag+q.Last.LastModified, "")
	wantEqual(t, "attempts after a success", q.Attempts, 0)
	wantError(t, "an address never added", s.Finish(ctx, store.Visit{URL: "http://x.example.test/", Outcome: corpus.Done}), store.ErrNotFound)
	wantError(t, "an outcome unknown", s.Finish(ctx, store.Visit{URL: firstURL, Outcome: "maybe"}), store.ErrInvalid)
}

func requeue(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	fill(t, s)
	finish := func(url string, o corpus.Outcome, minute int) {
		do(t, s.Finish(ctx, store.Visit{URL: url, Outcome: o, At: At(minute)}))
	}
	for name, c := range map[string]struct {
		q    store.Requeue
		want int
	}{
		"all":             {store.Requeue{}, 3},
		"one":             {store.Requeue{URL: firstURL}, 1},
		"one source":      {store.Requeue{Source: "示例市"}, 2},
		"lists":           {store.Requeue{Kind: "list"}, 1},
		"failed":          {store.Requeue{Outcome: corpus.Failed}, 1},
		"visited before":  {store.Requeue{Before: At(3)}, 2},
		"earlier rounds":  {store.Requeue{Kind: "list", Round: 1}, 1},
		"nothing matches": {store.Requeue{Source: "示例市", Outcome: corpus.Skipped}, 0},
	} {
		finish(listURL, corpus.Done, 1)
		finish(firstURL, corpus.Failed, 2)
		finish(otherURL, corpus.Done, 3)
		wantEqual(t, name, must[int](t)(s.Requeue(ctx, c.q)), c.want)
		wantEqual(t, name+": pending", must[store.Status](t)(s.Status(ctx)).Frontier[store.Pending], c.want+1)
	}
}

func sourceStates(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	_, err := s.SourceState(ctx, "示例市")
	wantError(t, "no state yet", err, store.ErrNotFound)
	for _, state := range []string{`{"page":3}`, `{"page":4}`, ""} {
		do(t, s.PutSourceState(ctx, "示例市", []byte(state)))
		wantEqual(t, "state", string(must[[]byte](t)(s.SourceState(ctx, "示例市"))), state)
	}
	do(t, s.PutSourceState(ctx, "空", nil))
	wantEqual(t, "nil", len(must[[]byte](t)(s.SourceState(ctx, "空"))), 0)
}

func notes(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	a := store.Correction{Doc: "u1", Action: corpus.ReviewFix, Field: "/deadlines/*/end", Anchor: store.Anchor{Exact: "6月底前", Prefix: "2018年", Section: "一、"}, Was: `"2018-12-31"`, Want: `"2018-06-30"`, Note: "原文为6月底", By: "reviewer", Bytes: Rules(1), At: At(2)}
	b := store.Correction{Doc: "u2", Action: corpus.ReviewFix, Field: "/kind", Was: `"plan"`, Want: `"notice"`, By: "reviewer", At: At(1)}
	a.ID = must[string](t)(s.PutCorrection(ctx, a))
	b.ID = must[string](t)(s.PutCorrection(ctx, b))
	wantEqual(t, "the same twice", must[string](t)(s.PutCorrection(ctx, a)), a.ID)
	wantEqual(t, "how many", must[int](t)(s.Corrected(ctx)), 2)
	wantEqual(t, "all corrections, by time", must[[]store.Correction](t)(s.Corrections(ctx, "")), []store.Correction{b, a})
	wantEqual(t, "of one document", must[[]store.Correction](t)(s.Corrections(ctx, "u1")), []store.Correction{a})
	_, err := s.PutCorrection(ctx, store.Correction{Doc: "u1", Field: "/kind", Action: "mend"})
	wantError(t, "an unknown action", err, store.ErrInvalid)
	_, err = s.PutCorrection(ctx, store.Correction{Doc: "u1", Action: corpus.ReviewFix})
	wantError(t, "a correction of nothing", err, store.ErrInvalid)

	r := store.RuleSet{Hash: Rules(1), Name: "embedded", At: At(1)}
	do(t, s.PutRules(ctx, r))
	do(t, s.PutRules(ctx, store.RuleSet{Hash: Rules(1), Name: "later", At: At(9)}))
	do(t, s.PutRules(ctx, store.RuleSet{Hash: Rules(2), Data: Rules(3), At: time.Time{}}))
	wantEqual(t, "rule sets, first use", must[[]store.RuleSet](t)(s.RuleSets(ctx)), []store.RuleSet{{Hash: Rules(2), Data: Rules(3)}, r})
	wantError(t, "rules without hash", s.PutRules(ctx, store.RuleSet{}), store.ErrInvalid)

	_, err = s.Meta(ctx, "index")
	wantError(t, "no value yet", err, store.ErrNotFound)
	do(t, s.PutMeta(ctx, "index", "7"))
	do(t, s.PutMeta(ctx, "index", "8"))
	wantEqual(t, "meta", must[string](t)(s.Meta(ctx, "index")), "8")
	wantError(t, "no key", s.PutMeta(ctx, "", "1"), store.ErrInvalid)
}
