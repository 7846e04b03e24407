package compare

import (
	"fmt"
	"slices"
	"strconv"

	"tuogou/corpus"
)

// Event is a place in one year of one generation, as survival analysis reads it: a
// line for each year in which the place could still take the reform up.
type Event struct {
	Code       string
	Name       string
	Level      corpus.Level
	Generation corpus.Generation
	Year       int
	// T counts the years at risk from 1.
	T int
	// Adopted is true in the year of the place's first document, its last line.
	Adopted bool
	// Date is the day of adoption, "" where it is not known or has not come.
	Date string
	// Censored says that the place had not adopted by the end of the last year: no
	// document is here, which is not to say that there is none.
	Censored bool
}

// Events lays out adoption by place and year, from the first adoption of each
// generation to the year last (0: the last one with an adoption of any). Places
// without a dated document of a generation are censored. Codes are the places at
// risk.
func Events(l *Lineage, places []Place, last int) []Event {
	year := func(a Adoption) int {
		if len(a.Date) < 4 {
			return 0
		}
		n, err := strconv.Atoi(a.Date[:4])
		if err != nil {
			return 0
		}
		return n
	}
	first := map[corpus.Generation]int{}
	var order []corpus.Generation
	when := map[string]Adoption{}
	for _, a := range l.Adoption {
		y := year(a)
		if y == 0 {
			continue
		}
		if first[a.Generation] == 0 {
			order = append(order, a.Generation)
		}
		if first[a.Generation] == 0 || y < first[a.Generation] {
			first[a.Generation] = y
		}
		last = max(last, y)
		when[fmt.Sprint(a.Place.Code, a.Generation)] = a
	}
	slices.Sort(order)
	out := []Event{}
	for _, g := range order {
		for _, p := range places {
			a, ok := when[fmt.Sprint(p.Code, g)]
			for y := first[g]; y <= last; y++ {
				e := Event{Code: p.Code, Name: p.Name, Level: p.Level, Generation: g, Year: y, T: y - first[g] + 1, Censored: !ok}
				if ok && y == year(a) {
					e.Adopted, e.Date = true, a.Date
				}
				out = append(out, e)
				if e.Adopted {
					break
				}
			}
		}
	}
	return out
}
