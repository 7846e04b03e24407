package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
)

// Desk takes what people say of facts, and takes it back. Package correct makes it.
type Desk interface {
	Make(ctx context.Context, ch correct.Change) (store.Correction, corpus.Review, error)
	Undo(ctx context.Context, id, by, note string) (store.Correction, error)
	List(ctx context.Context, id corpus.DocID) ([]correct.Listed, error)
}

// reviewView is the queue of uncertain facts, or all facts of one document.
type reviewView struct {
	Allowed, ReadOnly bool
	Doc               string // id; empty for the queue
	Title, DocHref    string
	Total             int // in the queue
	Items             []reviewItem
	History           []historyView
	By                string
}

type reviewItem struct {
	ID                  int
	Doc                 corpus.DocID
	Title, Href         string // of the document, at the words
	Field, Value, Quote string
	Why                 string
	Rule                string
	Reviews             []string
	Undo                string // id of the last review
	CanFix              bool
}

type historyView struct {
	ID, Words, State string
	Undone           bool
}

// doubt is a fact that a person should look at before others.
type doubt struct {
	Doc   corpus.DocID
	Title string
	Fact  correct.Fact
	Why   string // a label
	Chars corpus.Span
}

// queueLength is how many doubts a page shows.
const queueLength = 40

// doubts are the uncertain facts of the corpus that nobody has looked at: those without
// a date, of an organ or a place that may be several, in principle or about.
func (s *server) doubts(ctx context.Context) ([]doubt, error) {
	return derive(ctx, s.lib, "doubts", func(_ context.Context, rs []*corpus.Record) ([]doubt, error) {
		slices.SortFunc(rs, func(a, b *corpus.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
		var out []doubt
		for _, r := range rs {
			if !r.OnTopic {
				continue
			}
			m := compare.Mask(r)
			facts, err := correct.Facts(m)
			if err != nil {
				return nil, err
			}
			why := reasons(m)
			for _, f := range facts {
				if w, ok := why[f.Field]; ok && len(f.Reviews) == 0 {
					out = append(out, doubt{m.ID, compare.DocumentOf(m).Title, f, w.why, chars(m, w.span)})
				}
			}
		}
		return out, nil
	})
}

type reason struct {
	why  string
	span corpus.Span
}

// reasons are the fields of a record that are uncertain, and why.
func reasons(r *corpus.Record) map[string]reason {
	out := map[string]reason{}
	for i, d := range r.Deadlines {
		at := reason{"", d.Span}
		switch {
		case !d.Resolved && d.RRule == "":
			at.why = "nodate"
		case d.StrictEnd != nil:
			at.why = "strict"
		case d.Approximate:
			at.why = "about"
		}
		if at.why != "" {
			out[fmt.Sprintf("/deadlines/%d", i)] = at
		}
	}
	for i, d := range r.Duties {
		switch {
		case len(d.Organ.Candidates) > 1:
			out[fmt.Sprintf("/duties/%d", i)] = reason{"organs", d.Organ.Span}
		case d.Organ.Kind == "":
			out[fmt.Sprintf("/duties/%d", i)] = reason{"organ", d.Organ.Span}
		}
	}
	if r.Jurisdiction.State == corpus.Unresolved {
		out["/jurisdiction"] = reason{"place", r.Jurisdiction.Span}
	}
	for name, f := range r.Facts {
		if f.State == corpus.Unresolved {
			out["/"+strings.ReplaceAll(name, ".", "/")] = reason{"open", f.Span}
		}
	}
	return out
}

func chars(r *corpus.Record, s corpus.Span) corpus.Span {
	at := counter(r.Text.Body)
	return corpus.Span{Start: at(s.Start), End: at(s.End)}
}

func (s *server) review(req *request) error {
	v := reviewView{ReadOnly: s.writing == nil || s.opt.Desk == nil, Allowed: s.allowed(req.r), Doc: req.query.Get("doc")}
	if len(v.Doc) > 80 {
		return badParameter("doc")
	}
	var err error
	if v.Doc != "" {
		err = req.reviewDocument(&v)
	} else {
		err = req.reviewQueue(&v)
	}
	if err != nil {
		return err
	}
	req.w.Header().Set("Cache-Control", "no-store")
	p := req.page(req.label("nav.review"))
	p.Body = v
	return req.render("review", p)
}

func (req *request) reviewQueue(v *reviewView) error {
	list, err := req.s.doubts(req.r.Context())
	if err != nil {
		return err
	}
	v.Total = len(list)
	for i, d := range list[:min(len(list), queueLength)] {
		v.Items = append(v.Items, reviewItem{ID: i, Doc: d.Doc, Title: d.Title, Href: req.wordsHref(d.Doc, d.Chars), Field: d.Fact.Field, Value: d.Fact.Value,
			Quote: d.Fact.Quote, Rule: d.Fact.Rule, Why: req.label("doubt." + d.Why), CanFix: fixable(d.Fact.Field)})
	}
	return nil
}

func (req *request) reviewDocument(v *reviewView) error {
	r, err := req.s.lib.record(req.r.Context(), corpus.DocID(v.Doc))
	if err != nil {
		return err
	}
	m := compare.Mask(r)
	v.Title, v.DocHref = nonEmpty(m.Title, req.label("doc.unknown")), req.docHref(m.ID)
	facts, err := correct.Facts(m)
	if err != nil {
		return err
	}
	why := reasons(m)
	for i, f := range facts {
		if f.Value == "" && len(f.Reviews) == 0 {
			continue
		}
		item := reviewItem{ID: i, Doc: m.ID, Href: v.DocHref, Field: f.Field, Value: f.Value, Quote: f.Quote, Rule: f.Rule, CanFix: fixable(f.Field)}
		if w, ok := why[f.Field]; ok {
			item.Why, item.Href = req.label("doubt."+w.why), req.wordsHref(m.ID, chars(m, w.span))
		}
		for _, w := range f.Reviews {
			item.Reviews, item.Undo = append(item.Reviews, req.reviewWords(w)), w.ID
		}
		v.Items = append(v.Items, item)
	}
	if req.s.opt.Desk == nil {
		return nil
	}
	all, err := req.s.opt.Desk.List(req.r.Context(), m.ID)
	for _, l := range all {
		v.History = append(v.History, historyView{ID: l.ID, Words: req.reviewWords(l.Shown), State: string(l.State), Undone: l.State == ""})
	}
	return err
}

// fixable are the fields that take one value; an item of a list is fixed by its parts.
func fixable(field string) bool {
	return strings.Count(field, "/") == 1 || strings.HasPrefix(field, "/dates/")
}

func (req *request) reviewWords(v corpus.Review) string {
	words := v.By + " " + v.At[:min(len(v.At), len("2006-01-02"))] + " " + req.label("review."+string(v.Action))
	if v.Want != "" {
		words += " " + v.Was + " → " + v.Want
	}
	if v.Note != "" {
		words += " · " + v.Note
	}
	return words
}

// decide keeps what a form says of a fact, and gives the page to go back to.
func (s *server) decide(r *http.Request) (string, error) {
	desk := s.opt.Desk
	if desk == nil {
		return "", badParameter("review")
	}
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	by, doc := get("by"), get("doc")
	switch {
	case by == "" || len(by) > 80:
		return "", badParameter("by")
	case doc == "" || len(doc) > 80 || len(get("note")) > 2000 || len(get("value")) > 2000:
		return "", badParameter("doc")
	}
	back := "/review"
	if get("back") == "doc" {
		back += "?doc=" + url.QueryEscape(doc)
	}
	var err error
	switch action := corpus.ReviewAction(get("do")); action {
	case corpus.ReviewAccept, corpus.ReviewReject, corpus.ReviewFix:
		field := get("field")
		if part := get("part"); action == corpus.ReviewFix && part != "" {
			field += "/" + part
		}
		_, _, err = desk.Make(r.Context(), correct.Change{Doc: corpus.DocID(doc), Action: action, Field: field, Value: get("value"), By: by, Note: get("note")})
	case "undo":
		_, err = desk.Undo(r.Context(), get("id"), by, get("note"))
	default:
		err = badParameter("do")
	}
	if errors.Is(err, store.ErrNotFound) {
		err = badParameter("id")
	}
	return back, err
}
