package render

import (
	"fmt"
	"slices"
	"time"

	"tuogou/compare"
	"tuogou/corpus"
)

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

func (o Options) legend(s *Chart, y float64, prefix string, classes []string) {
	x := 8.0
	for _, c := range classes {
		word := o.label(prefix + c)
		wide := 30 + 7.0*float64(Width(word))
		if x+wide > float64(s.W) {
			x, y = 8, y+18
		}
		s.box(x, y, 12, 12, colour(c), word)
		s.text(x+17, y+11, "start", "", word)
		x += wide
	}
	s.H = int(y) + 24
}

// heat is the matrix of verdicts as boxes.
func (s *Study) heat(o Options) *Chart {
	const left, top, cell = 230.0, 110.0, 22.0
	d := &Chart{ID: "heat", Title: o.label("chart.heat"), W: max(640, int(left+cell*float64(len(s.Places)))+60)}
	for i, p := range s.Places {
		x := left + cell*float64(i) + 15
		d.turnedText(x, top-6, short(o.place(p.Place), 10))
	}
	var seen []string
	said := map[string]int{}
	for j, r := range s.Rows {
		y := top + cell*float64(j)
		d.text(left-8, y+15, "end", "", o.name(r.Topic))
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
	d.Alt = s.count(o) + " " + o.join(alt)
	return d
}

// name is that of a topic, short enough to stand beside a chart.
func (o Options) name(t compare.Topic) string {
	if o.Lang == EN {
		return short(o.topic(t), 32)
	}
	return short(o.topic(t), 16)
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

func (a axis) draw(s *Chart, top, bottom float64) {
	step := max(1, (a.to.Year()-a.from.Year())/12)
	for y := a.from.Year(); y <= a.to.Year(); y += step {
		x, _ := a.at(fmt.Sprintf("%04d-01-01", y))
		s.line(x, top, x, bottom, "#d8dde3")
		s.text(x, bottom+16, "middle", "", fmt.Sprint(y))
	}
}

var series = []string{"#2f6f9f", "#b35c00", "#5f9e58", "#9a78b5", "#b5403a", "#56606b"}

// curve is the number of places that have taken the reform up, by generation.
func (s *Study) curve(o Options) *Chart {
	var days []string
	for _, a := range s.Lineage.Adoption {
		days = append(days, a.Date)
	}
	ax, ok := newAxis(days, 50, 560)
	if !ok {
		return nil
	}
	d := &Chart{ID: "curve", Title: o.label("chart.curve"), W: 640, H: 300}
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
		y := bottom
		var path []float64
		for n, day := range by[g] {
			x, _ := ax.at(day)
			path = append(path, x, y)
			y = bottom - (bottom-top)*float64(n+1)/float64(most)
			path = append(path, x, y)
		}
		col := series[i%len(series)]
		d.steps(col, append(path, 610, y)...)
		d.box(50+float64(i)*150, 262, 12, 12, col, g)
		d.text(67+float64(i)*150, 273, "start", "", o.label("generation."+g))
		alt = append(alt, fmt.Sprintf("%s %d（%s–%s）", o.label("generation."+g), len(by[g]), by[g][0], by[g][len(by[g])-1]))
	}
	d.W = max(d.W, 60+150*len(order))
	d.Alt = o.join(alt)
	return d
}

// lags is a point for each place: the days after the first document.
func (s *Study) lags(o Options) *Chart {
	most, rows := 1, 0
	for _, a := range s.Lineage.Adoption {
		if a.Lag != nil {
			most = max(most, *a.Lag)
			rows++
		}
	}
	if rows == 0 {
		return nil
	}
	d := &Chart{ID: "lag", Title: o.label("chart.lag"), W: 640, H: 40 + 20*rows + 30}
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
		d.dot(170+430*float64(*a.Lag)/float64(most), y, series[slices.Index(gens, g)%len(series)], fmt.Sprintf("%s %s %d", name, o.label("generation."+g), *a.Lag))
		alt = append(alt, fmt.Sprintf("%s %d", name, *a.Lag))
	}
	d.Alt = o.join(alt)
	return d
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
func (s *Study) tiles(o Options) *Chart {
	state := map[string]compare.SearchState{}
	var others []compare.PlaceSearch
	var seen []string
	for _, p := range s.Searches {
		state[p.Place.Code] = p.State
		if l := p.Place.Level; p.Place.Sample && (l == corpus.Province || l == corpus.Nation) {
			others = append(others, p)
		}
	}
	d := &Chart{ID: "tiles", Title: o.label("chart.tiles"), W: 640}
	tile := func(col, row int, name, tip string, st compare.SearchState) {
		if !slices.Contains(seen, string(st)) {
			seen = append(seen, string(st))
		}
		x, y := 20+44*float64(col), 10+44*float64(row)
		d.box(x, y, 42, 42, colour(string(st)), tip+" · "+o.label("search."+string(st)))
		fill := "#fff"
		if st == compare.SearchNever {
			fill = ink
		}
		d.text(x+21, y+26, "middle", fill, name)
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
	d.Alt = o.join(alt)
	return d
}

// mostBars bounds the chart of deadlines; the table has all.
const mostBars = 60

// bars are phases as bars and days as marks.
func (s *Study) bars(o Options) *Chart {
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
		return nil
	}
	bottom := float64(24 + 20*len(list))
	d := &Chart{ID: "bars", Title: o.label("chart.bars"), W: 730, H: int(bottom) + 30}
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
	d.Alt = fmt.Sprintf("%d / %d", len(list), len(s.Schedule.Entries))
	return d
}
