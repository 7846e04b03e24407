package compare

import (
	"slices"
	"strings"
)

// Difference says in what the places of a row agree and differ. Lists hold codes
// of places in the order of the columns; kinds and days are sorted.
type Difference struct {
	Stated   []string `json:"stated"`
	Absent   []string `json:"absent"`
	NotFound []string `json:"not_found"` // cut or open
	Unknown  []string `json:"unknown"`   // not in the corpus or failed
	// CommonKinds are the kinds of organs that every place with a known organ
	// names here; empty where fewer than two places have one. OtherKinds are
	// those that only some name.
	CommonKinds []string      `json:"common_kinds"`
	OtherKinds  []PlaceValues `json:"other_kinds"`
	// OpenOrgans are organs whose kind is unknown or ambiguous, as written: they
	// could not be compared.
	OpenOrgans []PlaceValues `json:"open_organs"`
	// CommonDays and OtherDays are the same for the last days of deadlines that
	// still stand (2018-12-31, or 2018-01-01/ for an open end).
	CommonDays []string      `json:"common_days"`
	OtherDays  []PlaceValues `json:"other_days"`
	// OpenDays are deadlines without a date, as written.
	OpenDays []PlaceValues `json:"open_days"`
}

// PlaceValues are values that one place has and not all others.
type PlaceValues struct {
	Place  string   `json:"place"` // code
	Values []string `json:"values"`
}

func differ(cells []Cell) Difference {
	d := Difference{Stated: []string{}, Absent: []string{}, NotFound: []string{}, Unknown: []string{}}
	kinds := make([][]string, len(cells))
	openOrgans := make([][]string, len(cells))
	days := make([][]string, len(cells))
	openDays := make([][]string, len(cells))
	for i, c := range cells {
		switch c.State {
		case CellStated:
			d.Stated = append(d.Stated, c.Place)
		case CellAbsent:
			d.Absent = append(d.Absent, c.Place)
		case CellNotFound, CellUnresolved:
			d.NotFound = append(d.NotFound, c.Place)
		default:
			d.Unknown = append(d.Unknown, c.Place)
		}
		for _, item := range c.Items {
			for _, o := range item.Organs {
				if o.Kind == "" || len(o.Candidates) > 1 {
					openOrgans[i] = append(openOrgans[i], o.Text)
					continue
				}
				kinds[i] = append(kinds[i], o.Kind)
			}
			for _, due := range item.Due {
				if due.SupersededBy != "" {
					continue
				}
				if day := due.key(); day != "" {
					days[i] = append(days[i], day)
					continue
				}
				openDays[i] = append(openDays[i], due.Words)
			}
		}
	}
	d.CommonKinds, d.OtherKinds = split(cells, kinds)
	d.CommonDays, d.OtherDays = split(cells, days)
	d.OpenOrgans = perPlace(cells, openOrgans)
	d.OpenDays = perPlace(cells, openDays)
	return d
}

// key is what two deadlines are compared by: the last day, the first day where
// there is no last, the rule of a recurring one; empty where unresolved.
func (d Due) key() string {
	switch {
	case !d.Resolved:
		return ""
	case d.RRule != "":
		return d.RRule
	case d.End != "":
		return d.End
	case d.Start != "":
		return d.Start + "/"
	}
	return ""
}

// split tells the values that all places with values share from the others.
func split(cells []Cell, values [][]string) ([]string, []PlaceValues) {
	common := []string{}
	having := 0
	for i := range values {
		values[i] = sortedSet(values[i])
		if len(values[i]) == 0 {
			continue
		}
		having++
		if having == 1 {
			common = append(common, values[i]...)
			continue
		}
		common = slices.DeleteFunc(common, func(v string) bool { return !slices.Contains(values[i], v) })
	}
	if having < 2 {
		common = []string{}
	}
	for i := range values {
		values[i] = slices.DeleteFunc(values[i], func(v string) bool { return slices.Contains(common, v) })
	}
	return common, perPlace(cells, values)
}

func perPlace(cells []Cell, values [][]string) []PlaceValues {
	out := []PlaceValues{}
	for i, c := range cells {
		if v := sortedSet(values[i]); len(v) > 0 {
			out = append(out, PlaceValues{Place: c.Place, Values: v})
		}
	}
	return out
}

func sortedSet(in []string) []string {
	out := slices.Clone(in)
	slices.SortFunc(out, strings.Compare)
	return slices.Compact(out)
}
