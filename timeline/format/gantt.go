package format

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"tuogou/compare/render"
	"tuogou/timeline"
)

//go:embed gantt.html
var ganttPage string

// ganttView is the page.
type ganttView struct {
	HTMLLang, Title, AsOf, Sample, Empty, ListTitle, Comma string
	Style                                                  template.CSS
	Chart                                                  template.HTML
	Head                                                   []string
	Rows                                                   []Row
}

// WriteGantt writes one self-contained page: the drawing of [Chart], and all obligations
// in a table with their words. There is no script and no outside file.
func WriteGantt(w io.Writer, list []timeline.Item, o Options) error {
	t, err := template.New("gantt").Funcs(render.Funcs()).Parse(ganttPage)
	if err != nil {
		return fmt.Errorf("gantt page: %w", err)
	}
	v := ganttView{
		HTMLLang: render.HTMLLang(o.Lang), Title: o.title("tl.gantt", false), Style: template.CSS(render.Style() + ChartStyle), ListTitle: o.label("tl.list"), Comma: o.join([]string{"", ""}),
		Head: []string{o.label("col.state"), o.label("col.date"), o.label("col.place"), o.label("tl.task"), o.label("col.organs"), o.label("col.sentence"), o.label("col.document")},
	}
	if o.AsOf != "" {
		v.AsOf = o.label("asof") + " " + o.AsOf
	}
	if anySample(list) {
		v.Sample = o.label("sample")
	}
	if len(list) == 0 {
		v.Empty = o.label("tl.empty")
	}
	if v.Chart, err = Chart(list, o, nil); err != nil {
		return err
	}
	for _, x := range byPlace(list) {
		v.Rows = append(v.Rows, NewRow(x, o))
	}
	return t.Execute(w, v)
}

// byPlace is list by place, and as it was inside each.
func byPlace(list []timeline.Item) []*timeline.Item {
	out := make([]*timeline.Item, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	slices.SortStableFunc(out, func(a, b *timeline.Item) int { return strings.Compare(a.Place.Code, b.Place.Code) })
	return out
}
