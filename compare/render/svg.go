package render

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"tuogou/compare"
)

// svg is a drawing in the making. Sizes are in pixels; text is set in fonts with
// Chinese characters. It has a title and a description for those who do not see it;
// the table beside it tells the same.
type svg struct {
	b    strings.Builder
	w, h int
}

const fonts = `"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif`

func (s *svg) text(x, y float64, anchor, class, words string) {
	fmt.Fprintf(&s.b, `<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>`, x, y, anchor, attr("class", class), html.EscapeString(words))
}

func attr(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + html.EscapeString(value) + `"`
}

func (s *svg) box(x, y, w, h float64, fill, tip string) {
	fmt.Fprintf(&s.b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s</title></rect>`, x, y, w, h, fill, html.EscapeString(tip))
}

func (s *svg) line(x1, y1, x2, y2 float64, stroke string) {
	fmt.Fprintf(&s.b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>`, x1, y1, x2, y2, stroke)
}

func (s *svg) done(id, title, alt string) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%[1]s-t %[1]s-d" viewBox="0 0 %[2]d %[3]d" width="%[2]d" height="%[3]d" font-family='%[4]s' font-size="12" fill="#1d2329"><title id="%[1]s-t">%[5]s</title><desc id="%[1]s-d">%[6]s</desc>%[7]s</svg>`,
		id, s.w, s.h, fonts, html.EscapeString(title), html.EscapeString(alt), s.b.String())
}

// colour is that of a verdict or state. Each also has its word in the table and in
// the tip of its box: colour alone says nothing.
func colour(class string) string {
	switch class {
	case "copied", "kept", "found", "baseline":
		return "#2f6f9f"
	case "reworded":
		return "#8fb8d6"
	case "changed", "cited":
		return "#e0a030"
	case "added":
		return "#5f9e58"
	case "missing", "nothing":
		return "#b5403a"
	case "delegated":
		return "#9a78b5"
	case "source_down":
		return "#7a4b00"
	case "neither":
		return "#eceff2"
	}
	return "#c4cad1"
}

func (o Options) legend(s *svg, y float64, prefix string, classes []string) {
	x := 8.0
	for _, c := range classes {
		word := o.label(prefix + c)
		wide := 30 + 7.0*float64(Width(word))
		if x+wide > float64(s.w) {
			x, y = 8, y+18
		}
		s.box(x, y, 12, 12, colour(c), word)
		s.text(x+17, y+11, "start", "", word)
		x += wide
	}
	s.h = int(y) + 24
}

// heat is the matrix of verdicts as boxes.
func (s *Study) heat(o Options) string {
	const left, top, cell = 230.0, 110.0, 22.0
	d := &svg{w: int(left+cell*float64(len(s.Places))) + 20}
	d.w = max(d.w, 640)
	for i, p := range s.Places {
		x := left + cell*float64(i) + 15
		fmt.Fprintf(&d.b, `<text transform="translate(%.1f,%.1f) rotate(-55)" text-anchor="start">%s</text>`, x, top-6, html.EscapeString(short(o.place(p.Place), 10)))
	}
	var seen []string
	said := map[string]int{}
	for j, r := range s.Rows {
		y := top + cell*float64(j)
		d.text(left-8, y+15, "end", "", short(o.topic(r.Topic), 16))
		for i, c := range r.Cells {
			v := string(c.Verdict)
			if !slices.Contains(seen, v) {
				seen = append(seen, v)
			}
			said[v]++
			d.box(left+cell*float64(i), y, cell-2, cell-2, colour(v), o.place(s.Places[i].Place)+" · "+o.topic(r.Topic)+" · "+o.label("verdict."+v))
		}
	}
	o.legend(d, top+cell*float64(len(s.Rows))+10, "verdict.", seen)
	var alt []string
	for _, v := range seen {
		alt = append(alt, fmt.Sprintf("%s %d", o.label("verdict."+v), said[v]))
	}
	return d.done("heat", o.label("chart.heat"), s.count(o)+" "+o.join(alt))
}

// axis maps days to x.
type axis struct {
	from, to time.Time
	x, w     float64
}

func newAxis(days []string, x, w float64) (axis, bool) {
	var list []time.Time
	for _, d := range days {
		if t, err := time.Parse(time.DateOnly, d); err == nil {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		return axis{}, false
	}
	lo, hi := slices.MinFunc(list, time.Time.Compare), slices.MaxFunc(list, time.Time.Compare)
	return axis{
		from: time.Date(lo.Year(), 1, 1, 0, 0, 0, 0, time.UTC), to: time.Date(hi.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC), x: x, w: w,
	}, true
}

func (a axis) at(day string) (float64, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false
	}
	return a.x + a.w*float64(t.Sub(a.from))/float64(a.to.Sub(a.from)), true
}

func (a axis) draw(s *svg, top, bottom float64) {
	step := max(1, (a.to.Year()-a.from.Year())/12)
	for y := a.from.Year(); y <= a.to.Year(); y += step {
		x, _ := a.at(fmt.Sprintf("%04d-01-01", y))
		s.line(x, top, x, bottom, "#d8dde3")
		s.text(x, bottom+16, "middle", "", fmt.Sprint(y))
	}
}

var series = []string{"#2f6f9f", "#b35c00", "#5f9e58", "#9a78b5", "#b5403a", "#56606b"}

// curve is the number of places that have taken the reform up, by generation.
func (s *Study) curve(o Options) string {
	var days []string
	for _, a := range s.Lineage.Adoption {
		days = append(days, a.Date)
	}
	ax, ok := newAxis(days, 50, 560)
	if !ok {
		return ""
	}
	d := &svg{w: 640, h: 300}
	const top, bottom = 20.0, 230.0
	ax.draw(d, top, bottom)
	by := map[string][]string{}
	var order []string
	most := 1
	for _, a := range s.Lineage.Adoption {
		g := string(a.Generation)
		if _, ok := ax.at(a.Date); !ok {
			continue
		}
		if by[g] == nil {
			order = append(order, g)
		}
		by[g] = append(by[g], a.Date)
		most = max(most, len(by[g]))
	}
	for k := range 5 {
		n := most * k / 4
		y := bottom - (bottom-top)*float64(n)/float64(most)
		d.line(50, y, 610, y, "#eceff2")
		d.text(44, y+4, "end", "", fmt.Sprint(n))
	}
	var alt []string
	for i, g := range order {
		var path strings.Builder
		y := bottom
		x0, _ := ax.at(by[g][0])
		fmt.Fprintf(&path, "M%.1f %.1f", x0, y)
		for n, day := range by[g] {
			x, _ := ax.at(day)
			y = bottom - (bottom-top)*float64(n+1)/float64(most)
			fmt.Fprintf(&path, "H%.1fV%.1f", x, y)
		}
		col := series[i%len(series)]
		fmt.Fprintf(&d.b, `<path d="%sH610" fill="none" stroke="%s" stroke-width="2"/>`, path.String(), col)
		d.box(50+float64(i)*150, 262, 12, 12, col, g)
		d.text(67+float64(i)*150, 273, "start", "", o.label("generation."+g))
		alt = append(alt, fmt.Sprintf("%s %d（%s–%s）", o.label("generation."+g), len(by[g]), by[g][0], by[g][len(by[g])-1]))
	}
	d.w = max(d.w, 60+150*len(order))
	return d.done("curve", o.label("chart.curve"), o.join(alt))
}

// lags is a point for each place: the days after the first document.
func (s *Study) lags(o Options) string {
	most, rows := 1, 0
	for _, a := range s.Lineage.Adoption {
		if a.Lag != nil {
			most = max(most, *a.Lag)
			rows++
		}
	}
	if rows == 0 {
		return ""
	}
	d := &svg{w: 640, h: 40 + 20*rows + 30}
	bottom := float64(30 + 20*rows)
	for k := range 5 {
		x := 170 + 430*float64(k)/4
		d.line(x, 16, x, bottom, "#d8dde3")
		d.text(x, bottom+16, "middle", "", fmt.Sprint(most*k/4))
	}
	var gens []string
	var alt []string
	i := 0
	for _, a := range s.Lineage.Adoption {
		if a.Lag == nil {
			continue
		}
		g := string(a.Generation)
		if !slices.Contains(gens, g) {
			gens = append(gens, g)
		}
		y := 30 + 20*float64(i)
		i++
		name := o.place(a.Place)
		d.text(162, y+4, "end", "", short(name, 10))
		fmt.Fprintf(&d.b, `<circle cx="%.1f" cy="%.1f" r="5" fill="%s"><title>%s %s %d</title></circle>`, 170+430*float64(*a.Lag)/float64(most), y,
			series[slices.Index(gens, g)%len(series)], html.EscapeString(name), html.EscapeString(o.label("generation."+g)), *a.Lag)
		alt = append(alt, fmt.Sprintf("%s %d", name, *a.Lag))
	}
	return d.done("lag", o.label("chart.lag"), o.join(alt))
}

// provinceTiles lays the provinces out as squares, about as they lie.
var provinceTiles = []struct {
	code, name string
	col, row   int
}{
	{"230000", "黑", 9, 0}, {"650000", "新", 1, 1}, {"620000", "甘", 4, 2}, {"150000", "蒙", 6, 1}, {"220000", "吉", 9, 1}, {"210000", "辽", 9, 2},
	{"540000", "藏", 1, 3}, {"630000", "青", 3, 2}, {"640000", "宁", 5, 2}, {"140000", "晋", 6, 2}, {"110000", "京", 7, 2}, {"120000", "津", 8, 2},
	{"610000", "陕", 5, 3}, {"410000", "豫", 6, 3}, {"130000", "冀", 7, 3}, {"370000", "鲁", 8, 3}, {"510000", "川", 4, 4}, {"500000", "渝", 5, 4},
	{"420000", "鄂", 6, 4}, {"340000", "皖", 7, 4}, {"320000", "苏", 8, 4}, {"310000", "沪", 9, 4}, {"530000", "云", 3, 5}, {"520000", "贵", 5, 5},
	{"430000", "湘", 6, 5}, {"360000", "赣", 7, 5}, {"330000", "浙", 8, 5}, {"450000", "桂", 5, 6}, {"440000", "粤", 6, 6}, {"350000", "闽", 7, 6},
	{"710000", "台", 9, 6}, {"460000", "琼", 5, 7}, {"820000", "澳", 6, 7}, {"810000", "港", 7, 7},
}

// tiles is the state of the search by province. Invented places follow below.
func (s *Study) tiles(o Options) string {
	state := map[string]compare.SearchState{}
	var others []compare.PlaceSearch
	var seen []string
	for _, p := range s.Searches {
		state[p.Place.Code] = p.State
		if p.Place.Sample && strings.HasSuffix(p.Place.Code, "0000") || p.Place.Code == "999999" {
			others = append(others, p)
		}
	}
	d := &svg{w: 640, h: 400}
	tile := func(col, row int, name, tip string, st compare.SearchState) {
		if !slices.Contains(seen, string(st)) {
			seen = append(seen, string(st))
		}
		x, y := 20+44*float64(col), 10+44*float64(row)
		d.box(x, y, 42, 42, colour(string(st)), tip+" · "+o.label("search."+string(st)))
		fill := "#fff"
		if st == compare.SearchNever {
			fill = "#1d2329"
		}
		fmt.Fprintf(&d.b, `<text x="%.1f" y="%.1f" text-anchor="middle" fill="%s">%s</text>`, x+21, y+26, fill, html.EscapeString(name))
	}
	counts := map[compare.SearchState]int{}
	for _, p := range provinceTiles {
		st := state[p.code]
		if st == "" {
			st = compare.SearchNever
		}
		counts[st]++
		tile(p.col, p.row, p.name, p.name, st)
	}
	for i, p := range others {
		tile(i, 8, short(o.place(p.Place), 2), o.place(p.Place), p.State)
	}
	o.legend(d, 410, "search.", seen)
	var alt []string
	for _, st := range seen {
		alt = append(alt, fmt.Sprintf("%s %d", o.label("search."+st), counts[compare.SearchState(st)]))
	}
	return d.done("tiles", o.label("chart.tiles"), o.join(alt))
}

// mostBars bounds the chart of deadlines; the table has all.
const mostBars = 60

// bars are phases as bars and days as marks.
func (s *Study) bars(o Options) string {
	var days []string
	var list []compare.Entry
	for _, e := range s.Schedule.Entries {
		if e.Day != "" && e.RRule == "" && len(list) < mostBars {
			list = append(list, e)
			days = append(days, e.Start, e.End)
		}
	}
	ax, ok := newAxis(days, 290, 420)
	if !ok {
		return ""
	}
	bottom := float64(24 + 20*len(list))
	d := &svg{w: 730, h: int(bottom) + 30}
	ax.draw(d, 10, bottom)
	for i, e := range list {
		y := 16 + 20*float64(i)
		d.text(282, y+11, "end", "", short(o.place(e.Place), 6)+" "+short(oneLine(e.Action), 14))
		from, begins := ax.at(e.Start)
		to, ends := ax.at(e.End)
		tip := o.place(e.Place) + " " + Days(e.Due, o.Lang) + " " + oneLine(e.Action)
		switch {
		case begins && ends:
			d.box(from, y, max(3, to-from), 13, "#8fb8d6", tip)
		case ends:
			d.box(to-3, y, 6, 13, "#b5403a", tip)
		case begins:
			d.box(from, y+4, max(3, ax.x+ax.w-from), 5, "#c4cad1", tip)
		}
	}
	return d.done("bars", o.label("chart.bars"), fmt.Sprintf("%d / %d", len(list), len(s.Schedule.Entries)))
}
