package places

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// Place is a division under one name, for the years in which it bore it.
type Place struct {
	Code  string // GB/T 2260; other codes only come from overlays
	Name  string // in full, with its suffix
	Level corpus.Level
	// Parent is the code of the next place above: 000000 for a province, the
	// province for the districts of a municipality and for 济源市.
	Parent string
	// From and To are years, inclusive: the year of a change belongs to the old
	// and to the new. From 0 is unknown (1980 or before), To 0 is still valid.
	From, To int
}

// Valid reports whether p was in force in some part of year. Year 0 is today.
func (p Place) Valid(year int) bool {
	if year == 0 {
		return p.To == 0
	}
	return p.From <= year && (p.To == 0 || year <= p.To)
}

// Short is the name without its suffix and without the names of peoples
// (延边朝鲜族自治州 → 延边), or the full name where one character or none would
// be left (和县).
func (p Place) Short() string { return knowledge().short(p.Name) }

// distance is how many years lie between year and the validity of p.
func (p Place) distance(year int) int {
	switch {
	case p.Valid(year):
		return 0
	case year == 0 || p.To != 0 && year > p.To:
		if year == 0 {
			return 9999 - p.To
		}
		return year - p.To
	}
	return p.From - year
}

// rank orders the levels, highest first.
func rank(l corpus.Level) int {
	switch l {
	case corpus.Nation:
		return 0
	case corpus.Province:
		return 1
	case corpus.Prefecture:
		return 2
	case corpus.County:
		return 3
	case corpus.Town:
		return 4
	case corpus.Zone:
		return 5
	}
	return -1
}

// levelOf is the level that a code of six or nine digits says.
func levelOf(code string) corpus.Level {
	switch {
	case len(code) == 9 && !strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }):
		return corpus.Town
	case len(code) != 6:
		return ""
	case code == NationCode:
		return corpus.Nation
	case strings.HasSuffix(code, "0000"):
		return corpus.Province
	case strings.HasSuffix(code, "00"):
		return corpus.Prefecture
	}
	return corpus.County
}

func (w *words) short(name string) string {
	rest := name
	for _, s := range w.suffixes {
		if r, ok := strings.CutSuffix(name, s); ok && utf8.RuneCountInString(r) > 1 {
			rest = r
			break
		}
	}
	for again := true; again; {
		again = false
		for _, people := range w.peoples {
			bare := strings.TrimSuffix(people, "族")
			if rest == people && utf8.RuneCountInString(bare) > 1 {
				return bare // 东乡族自治县 → 东乡
			}
			r, ok := strings.CutSuffix(rest, people)
			if !ok && utf8.RuneCountInString(bare) > 1 {
				r, ok = strings.CutSuffix(rest, bare)
			}
			if ok && utf8.RuneCountInString(r) > 1 {
				rest, again = r, true
				break
			}
		}
	}
	return rest
}

// names are the forms under which p is found: full, short, and the usual short
// forms of autonomous units (延边州, 门源县, 鄂温克旗).
func (w *words) names(p Place) (full, short, middle string) {
	full, short = p.Name, w.short(p.Name)
	if i := strings.LastIndex(full, "自治"); i > 0 && p.Level != corpus.Province {
		middle = short + full[i+len("自治"):]
	}
	return full, short, middle
}
