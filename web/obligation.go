package web

import (
	"strings"

	"tuogou/timeline"
	"tuogou/timeline/format"
)

// obligationView is one obligation: its words, the copies that state it, and what happened.
type obligationView struct {
	obligationRow
	Clause, Section string
	Derivation      []string // how the day was found
	Sources         []sourceRow
	Shifts          []shiftRow
	MetQuote        string
	MetHref         string
	MetBy           string
	ReplacedHref    string
	History         []changeRow
}

// sourceRow is one document that states it.
type sourceRow struct {
	Title, Number, Date, Href, Day string
	Gone                           bool
}

// shiftRow is another date for the same task.
type shiftRow struct{ Kind, Place, Day, Quote, Href string }

func (s *server) obligationPage(req *request) error {
	uid, _ := strings.CutSuffix(req.r.PathValue("uid"), ".json")
	answer, err := s.obligation(req.r.Context(), uid)
	if err != nil {
		return err
	}
	if req.json {
		return req.writeJSON(answer)
	}
	x := &answer.Obligation
	o := format.Options{Lang: req.lang, AsOf: s.today()}
	v := obligationView{obligationRow: req.row(x, o), Section: x.Section, History: req.changeRows(answer.History)}
	if x.Clause != "" {
		v.Clause = req.label("clause." + string(x.Clause))
	}
	if w := x.When; w.Formula != "" || w.Workdays > 0 {
		v.Derivation = append(v.Derivation, timeline.FormulaWords(w))
	}
	if a := x.When.Anchor; a != nil {
		v.Derivation = append(v.Derivation, strings.TrimSpace(a.Text+" "+a.Date))
	}
	for _, c := range x.Sources {
		v.Sources = append(v.Sources, sourceRow{Title: c.Document.Title, Number: c.Document.Number, Date: c.Document.Date, Href: req.wordsHref(c.Document.ID, c.Chars), Day: c.Day, Gone: c.Gone})
	}
	for _, d := range x.Shifts {
		v.Shifts = append(v.Shifts, shiftRow{Kind: format.Label("shift."+string(d.Kind), req.lang), Place: d.Place.Name, Day: d.Day, Quote: d.Quote, Href: req.docHref(d.Document)})
	}
	if x.Met != nil {
		v.MetQuote, v.MetHref, v.MetBy = x.Met.Quote, req.wordsHref(x.Met.Document.ID, x.Met.Chars), strings.TrimSpace(x.Met.By+" "+x.Met.At)
	}
	if x.SupersededBy != "" {
		v.ReplacedHref = req.obligationHref(x.SupersededBy)
	}
	p := req.page(v.Due + " · " + v.Task)
	p.JSONHref, p.Sample = req.here("/obligation/"+uid+".json"), x.Place.Sample
	p.Here = "timeline"
	p.Body = v
	return req.render("obligation", p)
}
