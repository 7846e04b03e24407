package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/index"
	"tuogou/index/query"
	"tuogou/web"
)

// searchOut writes the answers of one command.
type searchOut struct {
	*app
	ctx    context.Context
	store  store.Reader
	asking asking

	csv  *csv.Writer
	last *corpus.Record // of the hit before: units of one document come together
	n    int            // hits written
}

// page writes one page of hits, with facets.
func (o *searchOut) page(ix index.Reader) error {
	res, err := ix.Search(o.ctx, o.asking.Query)
	if err != nil {
		return err
	}
	if err := o.head(res); err != nil {
		return err
	}
	o.n = o.asking.Offset
	for _, h := range res.Hits {
		if err := o.hit(h); err != nil {
			return err
		}
	}
	if o.asking.format == "text" {
		o.facets(res)
	}
	return o.end()
}

// every writes all hits; with keep only those that it has not seen.
func (o *searchOut) every(ix index.Reader, keep *keeper) error {
	q := o.asking.Query
	q.Limit = -1
	res, err := ix.Search(o.ctx, q)
	if err != nil {
		return err
	}
	if err := o.head(res); err != nil {
		return err
	}
	var bad error
	fresh := 0
	_, err = ix.Each(o.ctx, o.asking.Query, func(h index.Hit) bool {
		if keep != nil && !keep.fresh(h) && o.asking.since == "last" {
			return true
		}
		fresh++
		bad = o.hit(h)
		return bad == nil
	})
	if err == nil {
		err = bad
	}
	if err == nil {
		err = o.end()
	}
	if err == nil && o.asking.since == "last" {
		o.tell("%s", o.msg("search.new", fresh, res.Total))
	}
	return err
}

// batch answers one query a line. A line that cannot be read costs itself only.
func (o *searchOut) batch(ix index.Reader) (failed bool, err error) {
	in := o.Stdin
	if o.asking.batch != "-" {
		f, err := os.Open(o.asking.batch)
		if err != nil {
			return false, usage("--batch: %w", err)
		}
		defer f.Close()
		in = f
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		q := o.asking.Query
		q.Text = strings.TrimSpace(text + " " + q.Text)
		res, err := ix.Search(o.ctx, q)
		var bad *query.Error
		if errors.As(err, &bad) {
			failed = true
			o.tell("%s: %s", text, bad.In(string(o.lang())))
			continue
		}
		if err != nil {
			return failed, err
		}
		if err := o.answer(text, res); err != nil {
			return failed, err
		}
	}
	return failed, o.end()
}

// answer writes the answer to one query of a list.
func (o *searchOut) answer(text string, res index.Result) error {
	switch o.asking.format {
	case "json", "jsonl":
		if err := o.printJSON(map[string]any{"type": "query", "query": text, "total": res.Total, "documents": res.Docs}); err != nil {
			return err
		}
	case "text":
		o.print("%d\t%s\n", res.Total, text)
		return nil
	}
	o.n = 0
	for _, h := range res.Hits {
		if err := o.hit(h); err != nil {
			return err
		}
	}
	return nil
}

// head writes what stands above the hits.
func (o *searchOut) head(res index.Result) error {
	switch o.asking.format {
	case "csv":
		o.notes(res, o.Stderr)
		return nil
	case "json", "jsonl":
		v := map[string]any{"type": "total", "total": res.Total, "documents": res.Docs}
		if len(res.Notes) > 0 {
			v["notes"] = res.Notes
		}
		if o.asking.format == "json" {
			v["next"], v["facets"] = res.Next, res.Facets
		}
		if res.Coverage != nil {
			v["coverage"], v["places_without"] = res.Coverage, o.placesWithout(res.Coverage)
		}
		return o.printJSON(v)
	}
	if o.asking.Unit == index.Documents {
		o.say("search.total", res.Total)
	} else {
		o.say("search.units", res.Total, o.msg("unit."+string(o.asking.Unit)), res.Docs)
	}
	o.notes(res, o.Stdout)
	return nil
}

// notes tells what was made of the query, and what it was counted against.
func (o *searchOut) notes(res index.Result, w io.Writer) {
	for _, n := range res.Notes {
		fmt.Fprint(w, o.msg("note."+n.ID, n.Word, strings.Join(n.Also, "、")))
	}
	c := res.Coverage
	if c == nil {
		return
	}
	without := o.placesWithout(c)
	fmt.Fprint(w, o.msg("search.coverage", c.With, c.Documents, c.Without, c.Cut, len(without)))
	if len(without) > 0 {
		names := without[:min(len(without), 8)]
		more := ""
		if len(names) < len(without) {
			more = " …"
		}
		fmt.Fprintf(w, "  %s%s\n", strings.Join(names, "、"), more)
	}
}

// placesWithout are the places right below the one selected, or the provinces,
// in which nothing was selected, as code and name.
func (o *searchOut) placesWithout(c *index.Coverage) []string {
	k, err := o.knowledge()
	if err != nil {
		return nil
	}
	top := "000000"
	for _, code := range selectedPlaces(c.Selection) {
		top = code
	}
	has := map[string]bool{}
	for _, code := range c.Places {
		has[code] = true
	}
	out := []string{}
	for _, p := range k.places.Children(top, 0) {
		if !has[p.Code] {
			out = append(out, p.Code+" "+p.Name)
		}
	}
	return out
}

// selectedPlaces are the codes of a selection that stand alone in it.
func selectedPlaces(selection string) []string {
	n, err := query.Parse(selection)
	if err != nil {
		return nil
	}
	nodes := []query.Node{n}
	if and, ok := n.(query.And); ok {
		nodes = and.Nodes
	}
	var out []string
	for _, k := range nodes {
		if f, ok := k.(query.Filter); ok && f.Field == query.Place {
			out = append(out, f.Value)
		}
	}
	return out
}

// record is the record of a hit; nil where the index is ahead of the store.
func (o *searchOut) record(id corpus.DocID) *corpus.Record {
	if o.last == nil || o.last.ID != id {
		r, err := correct.Over(o.store).Record(o.ctx, id)
		if err != nil {
			return nil
		}
		o.last = r
	}
	return o.last
}

func (o *searchOut) hit(h index.Hit) error {
	o.n++
	switch o.asking.format {
	case "csv":
		return o.row(web.NewHit(h, o.record(h.Doc), o.quoted))
	case "json", "jsonl":
		return o.printJSON(hitLine{"hit", web.NewHit(h, o.record(h.Doc), o.quoted)})
	}
	o.print("\n%d. %s\n   %s\n", o.n, h.Title, strings.Join(nonEmpty(strings.Join(h.Place.Path, ""), h.Number, h.Date, string(h.Kind), string(h.Doc)), " · "))
	if u := h.Unit; u != nil {
		o.print("   %s\n", strings.Join(nonEmpty(o.msg("unit."+string(u.Kind)), u.Label, u.Section, strings.Join(u.Organs, ","), strings.Join(u.Due, ",")), " · "))
	}
	if r := o.record(h.Doc); r != nil {
		for _, n := range h.Snippets {
			if n.Span.End <= len(r.Text.Body) {
				o.print("   %s\n", o.marked(r, n))
			}
		}
	}
	if h.Why != nil {
		o.why(h)
	}
	return nil
}

func (o *searchOut) why(h index.Hit) {
	for _, w := range h.Why.Words {
		also := ""
		if w.SynonymOf != "" {
			also = " (= " + w.SynonymOf + ")"
		}
		o.say("search.why", w.Word+also, w.Title, w.Text)
	}
	var parts []string
	for _, p := range h.Why.Score {
		sign := "+"
		if p.Word == "" {
			sign = "×"
		}
		parts = append(parts, fmt.Sprintf("%s%.2f %s", sign, p.Value, strings.Join(nonEmpty(p.What, p.Word), " ")))
	}
	o.print("   %.2f = %s\n", h.Score, strings.Join(parts, " "))
}

func (o *searchOut) facets(res index.Result) {
	if res.Next != "" {
		o.tell("%s", o.msg("search.next", res.Next))
	}
	if res.Total < 2 {
		return
	}
	for _, f := range index.FacetFields() {
		if f == query.Place { // its provinces, cities and counties have lines of their own
			continue
		}
		var parts []string
		for k, v := range res.Facets[string(f)] {
			if k == 6 {
				parts = append(parts, "…")
				break
			}
			name := strings.Join(nonEmpty(v.Value, v.Name), " ")
			parts = append(parts, fmt.Sprintf("%s (%d)", name, v.Count))
		}
		if len(parts) > 0 {
			o.print("\n%s: %s", f, strings.Join(parts, ", "))
		}
	}
	o.print("\n")
}

func (o *searchOut) end() error {
	if o.csv == nil {
		return nil
	}
	o.csv.Flush()
	return o.csv.Error()
}

func (o *searchOut) row(h web.HitAnswer) error {
	if o.csv == nil {
		o.csv = csv.NewWriter(o.Stdout)
		if err := o.csv.Write(web.HitColumns); err != nil {
			return err
		}
	}
	row := h.Row(o.n)
	for i, s := range row {
		row[i] = render.Guard(s)
	}
	return o.csv.Write(row)
}

// quoted is the words at s, contacts masked unless asked for.
func (a *app) quoted(r *corpus.Record, s corpus.Span) string {
	switch {
	case s.Start < 0 || s.End > len(r.Text.Body):
		return ""
	case a.contacts:
		return s.In(r.Text.Body)
	}
	return compare.Quote(r, s)
}

// marked is a snippet with the words found in 【】, contacts masked.
func (a *app) marked(r *corpus.Record, n index.Snippet) string {
	var b strings.Builder
	at := n.Span.Start
	for _, m := range n.Spans {
		if m.Start < at || m.End > n.Span.End {
			continue
		}
		b.WriteString(a.quoted(r, corpus.Span{Start: at, End: m.Start}))
		b.WriteString("【" + a.quoted(r, m) + "】")
		at = m.End
	}
	b.WriteString(a.quoted(r, corpus.Span{Start: at, End: n.Span.End}))
	return strings.Join(strings.Fields(b.String()), " ")
}

// hitLine is a hit in a stream of objects of several types.
type hitLine struct {
	Type string `json:"type"`
	web.HitAnswer
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.Stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
