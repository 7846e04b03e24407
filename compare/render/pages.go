package render

import "tuogou/compare"

// ChangeWords is a typed change in words: 日期变动 2018-12-31 → 2019-12-31 [推迟365天].
func ChangeWords(c compare.Change, o Options) string { return o.change(c) }

// Bars is a drawing of dated deadlines as bars along the years (SVG with a title and a
// description). It is empty where none has a date.
func Bars(schedule *compare.Schedule, o Options) string {
	s := &Study{Report: &compare.Report{Schedule: schedule}}
	if c := s.bars(o); c != nil {
		return c.SVG()
	}
	return ""
}

// Tiles is a map of the provinces as tiles, coloured by what is known of each (SVG with a
// title and a description); provinces of samples stand below.
func Tiles(c *compare.Coverage, o Options) string {
	s := &Study{Report: &compare.Report{}}
	for _, p := range c.Places {
		s.Searches = append(s.Searches, compare.PlaceSearch{Place: p.Place, State: p.Search})
	}
	return s.tiles(o).SVG()
}
