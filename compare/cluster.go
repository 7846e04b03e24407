package compare

import (
	"cmp"
	"slices"
	"strings"

	"tuogou/compare/align"
	"tuogou/corpus"
)

// Cluster is documents of one text, published more than once.
type Cluster struct {
	// Copies are by date; the first is the earliest proof of the text.
	Copies []Copy `json:"copies"`
}

// Copy is one of them.
type Copy struct {
	Document Document `json:"document"`
	Place    Place    `json:"place"`
	// Likeness is the share of shingles that it has in common with the earliest (the
	// Jaccard coefficient); 1 for the earliest itself.
	Likeness float64 `json:"likeness"`
	// Lost and Gained are sentences of the earliest that it lacks and that only it
	// has, at most ten each; More is how many there are beyond these.
	Lost   []Cite `json:"lost"`
	Gained []Cite `json:"gained"`
	More   int    `json:"more"`
}

// clusterShare is the Jaccard coefficient from which two texts are one text published
// twice. A district's plan that copies the city's stays below it: it has other dates,
// departments and names.
const clusterShare = 0.8

const mostDifferences = 10

// Clusters finds texts that were published more than once, and how the copies differ.
func Clusters(records []*corpus.Record) []Cluster {
	out := []Cluster{}
	for _, group := range Published(records) {
		out = append(out, newCluster(group))
	}
	return out
}

// Published is the groups of records, each from the earliest on, that are one text
// published more than once. Documents of two places are put together only where their
// whole wording is the same but for names; so are those whose place is not known.
func Published(records []*corpus.Record) [][]*corpus.Record {
	var list []*corpus.Record
	for _, r := range records {
		if r != nil && !unread(r) {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, byDate)
	parent := make([]int, len(list))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	x := align.NewIndex(wordings(list))
	for _, p := range x.Pairs(clusterShare) {
		if !samePlace(list[p.A], list[p.B]) && p.Jaccard < copiedShare {
			continue
		}
		a, b := root(p.A), root(p.B)
		parent[max(a, b)] = min(a, b)
	}
	groups := map[int][]*corpus.Record{}
	for i, r := range list {
		groups[root(i)] = append(groups[root(i)], r)
	}
	var out [][]*corpus.Record
	for i := range list {
		if g := groups[i]; len(g) > 1 {
			out = append(out, g)
		}
	}
	return out
}

// samePlace reports whether two records are of one place, and which is known.
func samePlace(a, b *corpus.Record) bool {
	return a.Jurisdiction.Code != "" && a.Jurisdiction.Code == b.Jurisdiction.Code
}

// Sketch stands for the wording by which [Published] judges: see [align.Sketch]. Two
// records of different places that it puts together are [SketchAlike], but for one pair
// in some hundred thousand.
func Sketch(r *corpus.Record) []uint32 {
	if unread(r) {
		return nil
	}
	return align.Sketch(wordings([]*corpus.Record{r})[0])
}

// SketchAlike reports whether two sketches may be of one text, published at two places.
func SketchAlike(a, b []uint32) bool { return align.Alike(a, b) >= copiedShare-0.14 }

func newCluster(group []*corpus.Record) Cluster {
	first := newText(group[0])
	all := wordings(group)
	c := Cluster{}
	for i, r := range group {
		k := Copy{Document: DocumentOf(r), Place: PlaceOf(r), Likeness: 1, Lost: []Cite{}, Gained: []Cite{}}
		if i > 0 {
			if pairs := align.NewIndex([][]rune{all[0], all[i]}).Pairs(1e-9); len(pairs) > 0 {
				k.Likeness = pairs[0].Jaccard
			}
			k.differences(first, newText(r))
		}
		c.Copies = append(c.Copies, k)
	}
	return c
}

func (k *Copy) differences(first, other *text) {
	r := align.Align(first.units, other.units)
	gather := func(t *text, cover []int) []Cite {
		var units []int
		for i := range t.units {
			if cover[i] < t.units[i].Chars() {
				units = append(units, i)
			}
		}
		k.More += max(0, len(units)-mostDifferences)
		return t.cites(units[:min(len(units), mostDifferences)])
	}
	k.Lost, k.Gained = gather(first, r.CoverA), gather(other, r.CoverB)
}

// Wanted is a document that is cited and not here.
type Wanted struct {
	Number string `json:"number"` // normal form; empty where only a title is given
	Title  string `json:"title"`
	// Basis is how many documents rest on it, By those that cite it at all.
	Basis int        `json:"basis"`
	By    []Document `json:"by"`
	Cite  Cite       `json:"cite"` // the first mention
}

// Gap is numbers of one issuer and year of which there is no document and no mention
// (缺号) though higher ones exist.
type Gap struct {
	Agency string `json:"agency"`
	Year   int    `json:"year"`
	Known  []int  `json:"known"`
	// Missing are ranges below the highest known number, both ends inclusive.
	Missing [][2]int `json:"missing"`
	Count   int      `json:"count"`
}

// WantedList ranks the documents that are cited and not here: by how many rest on
// them, then by how many cite them.
func WantedList(records []*corpus.Record) []Wanted {
	at := map[string]int{}
	out := []Wanted{}
	for _, r := range records {
		if r == nil || !r.OnTopic {
			continue
		}
		src := newSource(r)
		mine := map[string]bool{}
		for _, ref := range r.References {
			key := wantedKey(ref)
			if ref.Target != "" || key == "" || mine[key] {
				continue
			}
			mine[key] = true
			i, ok := at[key]
			if !ok {
				i = len(out)
				at[key] = i
				w := Wanted{Title: hideWords(ref.Title, contactWords(r.Contacts)), By: []Document{}, Cite: src.cite(ref.Span)}
				if ref.DocNumber != nil {
					w.Number = ref.DocNumber.Normal
				}
				out = append(out, w)
			}
			out[i].By = append(out[i].By, DocumentOf(r))
			if ref.Relation != corpus.Cites && ref.Relation != corpus.Repeals {
				out[i].Basis++
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Wanted) int {
		return cmp.Or(b.Basis-a.Basis, len(b.By)-len(a.By), strings.Compare(a.Number, b.Number), strings.Compare(a.Title, b.Title))
	})
	return out
}

func wantedKey(ref corpus.Reference) string {
	if ref.DocNumber != nil && ref.DocNumber.Normal != "" {
		return ref.DocNumber.Normal
	}
	return string(align.Normal(ref.Title, nil))
}

// Gaps are the missing numbers of issuers of whom documents are here. A number that
// another document cites is known, not missing.
func Gaps(records []*corpus.Record) []Gap {
	type series struct {
		agency string
		year   int
	}
	known := map[series][]int{}
	own := map[series]bool{}
	for _, r := range records {
		if r == nil {
			continue
		}
		if n := r.DocNumber; n != nil && n.Serial > 0 && n.Year > 0 {
			known[series{n.Agency, n.Year}] = append(known[series{n.Agency, n.Year}], n.Serial)
			own[series{n.Agency, n.Year}] = true
		}
		for _, ref := range r.References {
			if n := ref.DocNumber; n != nil && n.Serial > 0 && n.Year > 0 {
				known[series{n.Agency, n.Year}] = append(known[series{n.Agency, n.Year}], n.Serial)
			}
		}
	}
	out := []Gap{}
	for s := range own {
		g := Gap{Agency: s.agency, Year: s.year, Known: known[s], Missing: [][2]int{}}
		slices.Sort(g.Known)
		g.Known = slices.Compact(g.Known)
		last := 0
		for _, n := range g.Known {
			if n > last+1 {
				g.Missing = append(g.Missing, [2]int{last + 1, n - 1})
				g.Count += n - 1 - last
			}
			last = n
		}
		if g.Count > 0 {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(strings.Compare(a.Agency, b.Agency), a.Year-b.Year) })
	return out
}
