package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/width"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/index"
	"tuogou/index/query"
)

// asking is one search as it was asked for.
type asking struct {
	index.Query
	sort, unit, format string
	all                bool
	batch              string
	save, saved, since string
	list               bool
}

func (a *app) searchCmd() *cobra.Command {
	var q asking
	c := &cobra.Command{
		Use:   "search WORDS…",
		Short: "Find documents, clauses, provisions, deadlines, duties",
		Long: `search finds documents that hold all the words. "…" is a phrase, -word leaves out,
OR and brackets combine; fields narrow: place:330000 (and all below), year:2018,
kind:plan, clause:asset, organ:财政局, lead:民政局, has:date, missing:lead,
due:2018-01-01..2018-12-31. With --unit it finds the parts of documents instead.
docs/query.md has the whole language.

--all writes every hit, --format csv or jsonl for other programs. --save keeps a
search under a name; --saved NAME --since last shows what is new in it.

Exit codes: 0 ok, 1 error, 2 usage or a query that cannot be read, 3 some queries of
a list cannot be read, 4 the index is behind the records (run "tuogou run").`,
		Example: `  tuogou search 办公用房 place:220000 year:2018
  tuogou search --unit duty lead:财政局
  tuogou search --coverage kind:plan missing:party`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Text = strings.Join(args, " ")
			if err := q.check(); err != nil {
				return err
			}
			if a.json && !cmd.Flags().Changed("format") {
				q.format = "json"
			}
			return a.search(cmd.Context(), q)
		},
	}
	f := c.Flags()
	f.IntVar(&q.Limit, "limit", 10, "hits to show (at most 1000)")
	f.IntVar(&q.Offset, "offset", 0, "hits to skip")
	f.StringVar(&q.After, "after", "", "go on after a page: its \"next\"")
	f.BoolVar(&q.all, "all", false, "every hit")
	f.StringVar(&q.sort, "sort", "score", "score, date or place")
	f.StringVar(&q.unit, "unit", "document", "what to find: document, clause, provision, deadline or duty")
	f.StringVar(&q.format, "format", "text", "text, json, jsonl or csv")
	f.BoolVar(&q.Explain, "explain", false, "say why each hit was found, and how its score came about")
	f.BoolVar(&q.Coverage, "coverage", false, "say what the query was counted against, and which places have no document")
	f.StringVar(&q.batch, "batch", "", "file with one query a line (- is standard input)")
	f.StringVar(&q.save, "save", "", "keep this search under a name")
	f.StringVar(&q.saved, "saved", "", "run a kept search")
	f.StringVar(&q.since, "since", "", "only what is new: since a day (YYYY-MM-DD), or for a kept search \"last\"")
	f.BoolVar(&q.list, "list", false, "list the kept searches")
	return c
}

func (q *asking) check() error {
	var err error
	if q.Sort, err = index.ParseSort(q.sort); err != nil {
		return usage("%w", err)
	}
	if q.Unit, err = index.ParseUnit(q.unit); err != nil {
		return usage("%w", err)
	}
	switch q.format {
	case "text", "json", "jsonl", "csv":
	default:
		return usage("--format %q is not one of text, json, jsonl, csv", q.format)
	}
	if q.since == "last" && q.saved == "" {
		return usage("--since last needs --saved NAME; else give a day")
	}
	return nil
}

// openIndex opens the index as it is, and says how it relates to
// the records. It is nil only with an error.
func (a *app) openIndex(ctx context.Context) (index.Reader, index.State, error) {
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, "", err
	}
	want, err := a.fingerprint(ctx, s)
	if err != nil {
		return nil, "", err
	}
	home, err := a.indexHome()
	if err != nil {
		return nil, "", err
	}
	k, err := a.knowledge()
	if err != nil {
		return nil, "", err
	}
	ix, state, err := home.Open(want, index.Options{Language: k.language(), Weights: &k.search.Rank})
	if state == index.Unreachable {
		return nil, state, fmt.Errorf("%s: %w", a.msg("index.unreachable"), err)
	}
	if err != nil {
		return nil, state, fmt.Errorf("the index is %s: %w", state, err)
	}
	if ix == nil {
		return nil, state, fmt.Errorf("the index is %s (%s): run tuogou run", state, a.msg("index."+string(state)))
	}
	return ix, state, nil
}

func (a *app) search(ctx context.Context, q asking) error {
	if q.list {
		return a.listSaved()
	}
	keep, err := a.keeping(&q)
	if err != nil {
		return err
	}
	ix, state, err := a.openIndex(ctx)
	if err != nil {
		return err
	}
	defer ix.Close()
	s, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	out := &searchOut{app: a, ctx: ctx, store: s, asking: q}
	failed := false
	switch {
	case q.batch != "":
		failed, err = out.batch(ix)
	case q.all || q.since == "last":
		err = out.every(ix, keep)
	default:
		err = out.page(ix)
	}
	if err == nil && keep != nil {
		err = keep.write()
	}
	switch {
	case err != nil:
		return a.badQuery(err, q.Text)
	case failed:
		return errFailures
	case state != index.Current:
		a.tell("%s", a.msg("index.stale"))
		return errStale
	}
	return nil
}

// badQuery shows the place of an error in a query.
func (a *app) badQuery(err error, text string) error {
	var bad *query.Error
	if !errors.As(err, &bad) {
		if errors.Is(err, index.ErrCursor) {
			return usage("%w", index.ErrCursor)
		}
		return err
	}
	short := *bad
	short.Fix = ""
	s := fmt.Sprintf("%s\n  %s\n  %s^", short.In(string(a.lang())), text, strings.Repeat(" ", columns(text, bad.Pos)))
	if bad.Fix != "" {
		s += "\n  " + a.msg("query.try", bad.Fix)
	}
	return usage("%s", s)
}

// columns is how many columns of a terminal the first n characters take.
func columns(s string, n int) int {
	w := 0
	for i, r := range []rune(s) {
		if i >= n {
			break
		}
		w++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			w++
		}
	}
	return w
}

// language is what rules and places let a query say.
func (k *knowledge) language() query.Language {
	return query.Language{Simplify: k.reader.Simplify, Organs: k.organKinds, Provisions: k.provisions, Places: k.placeCodes, Synonyms: k.search.Also}
}

// organKinds gives the kinds that the name of an organ may mean: its id, what all
// of the kind are called, or any name that the texts may use.
func (k *knowledge) organKinds(name string) ([]string, string) {
	known := k.set.Organs.Words()
	for _, kind := range k.set.Organs.Kinds() {
		if kind.ID == strings.ToLower(name) || kind.Name == name {
			return []string{kind.ID}, ""
		}
		known = append(known, kind.ID, kind.Name)
	}
	// A base alone (财政) is a name only with a head.
	for _, head := range [...]string{"", "部门"} {
		full := name + head
		found := k.set.Organs.Find(full, nil)
		if n := len(found); n > 0 && found[n-1].Span.End == len(full) && len(found[n-1].Kinds) > 0 {
			return found[n-1].Kinds, ""
		}
	}
	return nil, query.Nearest(name, known)
}

// provisions gives the provisions of the codebook by id or by words of their
// names.
func (k *knowledge) provisions(name string) ([]string, string) {
	var ids, known []string
	low := strings.ToLower(name)
	for _, p := range k.set.Codebook.Provisions {
		if strings.EqualFold(p.ID, name) {
			return []string{p.ID}, ""
		}
		if strings.Contains(p.Name, name) || strings.Contains(strings.ToLower(p.NameEn), low) {
			ids = append(ids, p.ID)
		}
		known = append(known, strings.ToLower(p.ID), p.Name)
	}
	if len(ids) > 0 {
		return ids, ""
	}
	return nil, query.Nearest(name, known)
}

// placeCodes gives the codes of the places of a name, alone (绿园区) or with those
// above it (吉林省长春市绿园区), whenever it was valid.
func (k *knowledge) placeCodes(name string) []string {
	found := k.places.Named(name, 0)
	if len(found) == 0 {
		if m := k.places.Find(name, 0); len(m) == 1 && m[0].Span == (corpus.Span{End: len(name)}) {
			found = m[0].Places
		}
	}
	return codesOf(found)
}

func codesOf(list []places.Place) []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range list {
		if !seen[p.Code] {
			seen[p.Code] = true
			out = append(out, p.Code)
		}
	}
	return out
}
