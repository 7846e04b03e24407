package pdf

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// folio is the forms of a page number that stands alone: 3, — 3 —, 第3页 共9页,
// 3/9, Page 3 of 9.
var folio = regexp.MustCompile(`^(?i:[-—–－―─·•.~～《〈（(\[【]*(?:第)?(\d{1,4}|[０-９]{1,4}|[ivx]{1,6})(?:页)?[-—–－―─·•.~～》〉）)\]】]*(?:[,，/／]?(?:共|of|/)?\d{1,4}(?:页)?)?|page(\d{1,4})(?:of\d{1,4})?)$`)

// edgeRow is a row near the top or bottom of a page.
type edgeRow struct {
	row   *row
	page  *sheet
	top   bool
	key   string  // its text with numbers left out
	away  float64 // distance to the edge of the page
	alone bool    // parted from the text by more than a line
}

// running finds the heads, feet and numbers of pages: rows at the edge that
// come back on other pages at the same height, or have the form of a page
// number and stand apart.
func running(sheets []*sheet) {
	var edges []edgeRow
	for _, s := range sheets {
		edges = append(edges, s.edges()...)
	}
	for i, e := range edges {
		same, others := 0, map[int]bool{}
		for k, o := range edges {
			if i != k && o.page != e.page && o.top == e.top && o.key == e.key && abs(o.away-e.away) < 8 && !others[o.page.num] {
				others[o.page.num] = true
				same++
			}
		}
		if e.isRunning(same, len(sheets)) {
			e.page.running = append(e.page.running, e.row)
		}
	}
	for _, s := range sheets {
		s.dropRunning()
	}
}

func (e edgeRow) isRunning(same, pages int) bool {
	h := e.page.h
	number := isFolio(e.row)
	switch {
	case number && e.away < 0.13*h && (e.alone || same > 0):
		return true
	case number && e.alone && strings.ContainsAny(e.row.text(), "-—–－第"):
		return true
	case e.key == "" && !number:
		return false // only digits, in no form of a page number
	case same >= 2 && (same+1)*3 >= pages && e.away < 0.16*h:
		return true
	case same == 1 && pages <= 3 && e.away < 0.1*h && e.alone:
		return true
	}
	// What a browser prints above and below a page, one page or many.
	return e.away < 0.035*h && e.alone && e.row.size < 0.85*e.page.body
}

func isFolio(r *row) bool {
	if len(r.g) > 24 {
		return false
	}
	m := folio.FindStringSubmatch(r.text())
	if m == nil {
		return false
	}
	n, err := strconv.Atoi(m[1])
	return err != nil || n < 3000
}

// edges are the first and last rows of a page.
func (s *sheet) edges() []edgeRow {
	const most = 3
	var out []edgeRow
	n := len(s.rows)
	add := func(r, inner *row, top bool) bool {
		e := edgeRow{row: r, page: s, top: top, key: key(r), alone: true}
		if top {
			e.away = r.box.y0
		} else {
			e.away = s.h - r.box.y1
		}
		if inner != nil {
			e.alone = abs(inner.base-r.base) > 1.35*max(s.pitch, 1.2*min(inner.size, r.size))
		}
		// A table beside the row is as good as a row of text.
		for _, t := range s.tables {
			if top && t.box.y0 > r.base && t.box.y0-r.base < r.size*0.5 {
				e.alone = false
			}
		}
		out = append(out, e)
		return e.away < 0.2*s.h
	}
	at := func(i int) *row {
		if i < 0 || i >= n {
			return nil
		}
		return s.rows[i]
	}
	for i := 0; i < min(most, n); i++ {
		if !add(s.rows[i], at(i+1), true) {
			break
		}
	}
	for i := n - 1; i >= max(0, n-most); i-- {
		if !add(s.rows[i], at(i-1), false) {
			break
		}
	}
	return out
}

// key is the text of r with each number as one #, so that it is the same on all pages.
func key(r *row) string {
	var b strings.Builder
	for _, c := range r.text() {
		if !unicode.IsDigit(c) && !unicode.In(c, unicode.Pd) && c != '─' {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// dropRunning takes the running rows out of the text. Of the rows at one edge
// those outside a running one are running too only if they were found so.
func (s *sheet) dropRunning() {
	is := map[*row]bool{}
	uniq := s.running[:0]
	for _, r := range s.running {
		if !is[r] {
			is[r] = true
			uniq = append(uniq, r)
		}
	}
	s.running = uniq
	kept := s.rows[:0]
	for _, r := range s.rows {
		if !is[r] {
			kept = append(kept, r)
		}
	}
	s.rows = kept
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}
