package format

import (
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"tuogou/compare"
	"tuogou/timeline"
)

//go:embed chart.html
var chartPage string

// ChartStyle is the style sheet of [Chart]; it needs the colours of the reports.
//
//go:embed chart.css
var ChartStyle string

// mostBars bounds the chart: beyond it nobody sees anything, and the list has all.
const mostBars = 400

// chart is the drawing. All positions are in pixels.
type chart struct {
	W, H, Left, Top, Bottom int
	Title, Desc             string
	Cut                     string // set where not all is drawn
	States                  []legend
	Ticks                   []tick
	Today                   *tick
	Bars                    []bar
}

type tick struct {
	X    int
	Text string
	Year bool
}

type bar struct {
	Y, X, W     int
	Class, Kind string // span, day, open
	Label, Tip  string
	Href        string
	Place       string // set where a new place begins
	Other       []otherDay
}

// otherDay is the date of another document for the same task.
type otherDay struct {
	X   int
	Tip string
}

type legend struct{ Class, Label string }

const (
	chartLeft  = 330
	chartWidth = 700
	rowHeight  = 22
	chartTop   = 34
)

// Chart draws what has a date as bars by place, with today's line, and the dates of
// other documents for the same task as diamonds. href leads from a bar to what it stands
// for; nil: to the element with its uid. Nothing is drawn where nothing has a date.
func Chart(list []timeline.Item, o Options, href func(x *timeline.Item) string) (template.HTML, error) {
	t, err := template.New("chart").Parse(chartPage)
	if err != nil {
		return "", fmt.Errorf("chart: %w", err)
	}
	if href == nil {
		href = func(x *timeline.Item) string { return "#" + x.UID }
	}
	c := o.chart(byPlace(list), href)
	if c == nil {
		return "", nil
	}
	var b strings.Builder
	err = t.Execute(&b, c)
	return template.HTML(b.String()), err // the template has escaped the words
}

// scale leads days to pixels, over whole years.
type scale struct{ from, to time.Time }

func (s scale) at(day string) (int, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil || t.Before(s.from) || t.After(s.to) {
		return 0, false
	}
	return chartLeft + int(float64(chartWidth)*float64(t.Sub(s.from))/float64(s.to.Sub(s.from))), true
}

func newScale(days []string) (scale, bool) {
	days = slices.DeleteFunc(slices.Clone(days), func(d string) bool {
		t, err := time.Parse(time.DateOnly, d)
		return err != nil || t.Year() < 1978 || t.Year() > 2100
	})
	if len(days) == 0 {
		return scale{}, false
	}
	first, last := slices.Min(days), slices.Max(days)
	year := func(d string) int { t, _ := time.Parse(time.DateOnly, d); return t.Year() }
	return scale{time.Date(year(first), 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year(last)+1, 1, 1, 0, 0, 0, 0, time.UTC)}, true
}

// chart is nil where nothing has a date.
func (o Options) chart(list []*timeline.Item, href func(*timeline.Item) string) *chart {
	var shown []*timeline.Item
	var days []string
	c := &chart{W: chartLeft + chartWidth + 20, Left: chartLeft, Top: chartTop, Title: o.title("tl.gantt", false)}
	for _, x := range list {
		if _, _, ok := span(&x.Obligation); !ok && x.Day == "" {
			continue
		}
		if len(shown) == mostBars {
			c.Cut = fmt.Sprintf(o.label("tl.cut"), mostBars)
			break
		}
		shown = append(shown, x)
		days = append(days, x.When.Start, x.When.End, x.Day)
		for _, s := range x.Shifts {
			days = append(days, strings.TrimSuffix(s.Day, "/"))
		}
	}
	sc, ok := newScale(days)
	if !ok {
		return nil
	}
	c.Desc = fmt.Sprintf("%d / %d", len(shown), len(list))
	for _, s := range timeline.States() {
		if slices.ContainsFunc(shown, func(x *timeline.Item) bool { return x.State == s }) {
			c.States = append(c.States, legend{string(s), o.state(s)})
		}
	}
	y, place := chartTop+6, ""
	for _, x := range shown {
		b := o.bar(x, sc)
		b.Href = href(x)
		if p := o.place(x.Place); p != place {
			place, b.Place = p, p
			y += rowHeight
		}
		b.Y = y
		y += rowHeight
		c.Bars = append(c.Bars, b)
	}
	c.Bottom, c.H = y+4, y+10
	c.Ticks = ticks(sc)
	if x, ok := sc.at(o.AsOf); ok {
		c.Today = &tick{X: x, Text: o.label("tl.today")}
	}
	return c
}

// ticks are the years, and the quarters where there is room for them.
func ticks(sc scale) []tick {
	var out []tick
	years := sc.to.Year() - sc.from.Year()
	step := max(1, years/14)
	for y := sc.from.Year(); y <= sc.to.Year(); y++ {
		x, _ := sc.at(fmt.Sprintf("%04d-01-01", y))
		if (y-sc.from.Year())%step == 0 {
			out = append(out, tick{X: x, Text: itoa(y), Year: true})
		}
		for q := 4; q <= 10 && years <= 6; q += 3 {
			if x, ok := sc.at(fmt.Sprintf("%04d-%02d-01", y, q)); ok {
				out = append(out, tick{X: x})
			}
		}
	}
	return out
}

func (o Options) bar(x *timeline.Item, sc scale) bar {
	b := bar{Class: string(x.State), Label: short(oneLine(x.Task), 22),
		Tip: o.due(&x.Obligation) + " · " + o.state(x.State) + " · " + oneLine(x.Task)}
	if b.Label == "" {
		b.Label = short(oneLine(x.Words), 22)
	}
	from, begins := sc.at(x.When.Start)
	to, ends := sc.at(x.When.End)
	day, _ := sc.at(x.Day)
	switch {
	case x.When.RRule != "":
		b.Kind, b.X = "day", day
	case begins && ends:
		b.Kind, b.X, b.W = "span", from, max(4, to-from)
	case ends:
		b.Kind, b.X = "day", to
	default:
		b.Kind, b.X, b.W = "open", from, chartLeft+chartWidth-from
	}
	for _, s := range x.Shifts {
		if at, ok := sc.at(strings.TrimSuffix(s.Day, "/")); ok {
			tip := o.label("shift."+string(s.Kind)) + o.colon() + s.Day
			if s.Kind == compare.DriftLevel {
				tip = s.Place.Name + " " + tip
			}
			b.Other = append(b.Other, otherDay{at, tip})
		}
	}
	return b
}
