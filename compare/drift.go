package compare

import (
	"cmp"
	"slices"
	"strings"

	"tuogou/corpus"
)

// Drift is one task's date in a document beside that in the document it follows,
// or in an older document of the same place, or beside an older date that the text
// itself gives up.
type Drift struct {
	Topic  string            `json:"topic"` // id of the provision
	Clause corpus.ClauseType `json:"clause"`
	Kind   DriftKind         `json:"kind"`
	Place  Place             `json:"place"`
	// From and To are days; Days is how much later To is, below 0 earlier.
	From string `json:"from"`
	To   string `json:"to"`
	Days int    `json:"days"`
	// FromCite and ToCite are the words; FromPlace is whose date From is.
	FromPlace Place `json:"from_place"`
	FromCite  Cite  `json:"from_cite"`
	ToCite    Cite  `json:"to_cite"`
	// Later says that a lower level is later than the one it follows.
	Later bool `json:"later"`
}

// DriftKind says what moved a date.
type DriftKind string

// The kinds of drift.
const (
	DriftLevel    DriftKind = "level"    // between a document and its parent
	DriftRevision DriftKind = "revision" // between two documents of one place
	DriftInside   DriftKind = "inside"   // inside one text: 由原定…提前至…
)

// DriftLedger is where dates moved.
type DriftLedger struct {
	Entries []Drift `json:"entries"`
	// Compared is how many pairs of documents were looked at, Same how many tasks had
	// the same date in both.
	Compared int `json:"compared"`
	Same     int `json:"same"`
}

// NewDrift follows the dates of provisions along the lineage. Only provisions that
// both documents date in the same manner (by, from) are compared.
func NewDrift(records []*corpus.Record, lineage *Lineage) *DriftLedger {
	l := &DriftLedger{Entries: []Drift{}}
	byID := map[corpus.DocID]*corpus.Record{}
	for _, r := range records {
		if r != nil {
			byID[r.ID] = r
		}
	}
	for _, e := range lineage.Edges {
		kind := DriftLevel
		if e.ChildPlace.Code == e.ParentPlace.Code && e.ChildPlace.Code != "" {
			kind = DriftRevision
		}
		l.pair(byID[e.Parent.ID], byID[e.Child.ID], kind)
	}
	for _, r := range records {
		if binding(r) {
			l.inside(r)
		}
	}
	slices.SortStableFunc(l.Entries, func(a, b Drift) int {
		return cmp.Or(strings.Compare(a.Topic, b.Topic), strings.Compare(a.Place.Code, b.Place.Code),
			strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.To, b.To))
	})
	return l
}

// dated is a provision's date of one kind.
type dated struct {
	id     string
	clause corpus.ClauseType
	due    Due
}

func datesOf(r *corpus.Record) []dated {
	src := newSource(r)
	var out []dated
	for _, p := range r.Provisions {
		for _, d := range src.dues(p.Deadlines) {
			if d.Resolved && d.SupersededBy == "" && (d.Kind == corpus.KindBy || d.Kind == corpus.KindFrom) {
				out = append(out, dated{p.ID, p.Clause, d})
			}
		}
	}
	return out
}

// pair compares provisions that each of the two dates exactly once in one manner: of
// several nobody can say which became which.
func (l *DriftLedger) pair(parent, child *corpus.Record, kind DriftKind) {
	l.Compared++
	a, b := datesOf(parent), datesOf(child)
	for _, x := range b {
		same := func(y dated) bool { return y.id == x.id && y.due.Kind == x.due.Kind }
		if countOf(b, same) != 1 || countOf(a, same) != 1 {
			continue
		}
		y := a[slices.IndexFunc(a, same)]
		from, to := y.due.key(), x.due.key()
		if from == to {
			l.Same++
			continue
		}
		days := daysBetween(from, to)
		l.Entries = append(l.Entries, Drift{
			Topic: x.id, Clause: x.clause, Kind: kind, Place: PlaceOf(child), FromPlace: PlaceOf(parent), From: from, To: to,
			Days: days, FromCite: y.due.Cite, ToCite: x.due.Cite, Later: kind == DriftLevel && days > 0,
		})
	}
}

func countOf(list []dated, same func(dated) bool) int {
	n := 0
	for _, d := range list {
		if same(d) {
			n++
		}
	}
	return n
}

// inside are the dates that a text gives up for others.
func (l *DriftLedger) inside(r *corpus.Record) {
	src := newSource(r)
	for _, old := range r.Deadlines {
		i := slices.IndexFunc(r.Deadlines, func(d corpus.Deadline) bool { return old.SupersededBy != "" && d.UID == old.SupersededBy })
		if i < 0 {
			continue
		}
		from, to := src.due(old), src.due(r.Deadlines[i])
		topic := ""
		for _, p := range r.Provisions {
			if slices.Contains(p.Deadlines, old.UID) {
				topic = p.ID
			}
		}
		l.Entries = append(l.Entries, Drift{
			Topic: topic, Clause: old.Clause, Kind: DriftInside, Place: PlaceOf(r), FromPlace: PlaceOf(r),
			From: from.key(), To: to.key(), Days: daysBetween(from.key(), to.key()), FromCite: from.Cite, ToCite: to.Cite,
		})
	}
}

// Responsibility is who does what on one topic.
type Responsibility struct {
	Topic string `json:"topic"` // clause or provision
	// Kinds are the kinds of organs, each with the places that name it.
	Kinds []KindPlaces `json:"kinds"`
	// Silent are places that state the topic and name no department for it; Never
	// are kinds that the central plan puts in charge and no place here names.
	Silent []string `json:"silent"`
	Never  []string `json:"never"`
	// Stated is how many places state the topic: the denominator.
	Stated int `json:"stated"`
}

// KindPlaces is a kind of organ, and where it has which role.
type KindPlaces struct {
	Kind   string      `json:"kind"`
	Places []RolePlace `json:"places"`
}

// RolePlace is a place and the role that its text gives; "" where it names the
// department without a role.
type RolePlace struct {
	Place string          `json:"place"`
	Role  corpus.DutyRole `json:"role,omitempty"`
	Cite  Cite            `json:"cite"`
}

// NewResponsibility reads who is in charge from a matrix whose rows are clauses and
// provisions; the provisions say whom the central plan puts in charge.
func NewResponsibility(m *Matrix, provisions []Provision) []Responsibility {
	out := []Responsibility{}
	for _, row := range m.Rows {
		r := Responsibility{Topic: row.Topic.ID, Kinds: []KindPlaces{}, Silent: []string{}, Never: []string{}}
		for _, c := range row.Cells {
			r.add(c)
		}
		slices.SortStableFunc(r.Kinds, func(a, b KindPlaces) int {
			return cmp.Or(len(b.Places)-len(a.Places), strings.Compare(a.Kind, b.Kind))
		})
		for _, p := range provisions {
			if p.ID != row.Topic.ID || r.Stated == 0 {
				continue
			}
			for _, k := range p.Defaults[""].Kinds {
				if !slices.ContainsFunc(r.Kinds, func(x KindPlaces) bool { return x.Kind == k }) {
					r.Never = append(r.Never, k)
				}
			}
		}
		out = append(out, r)
	}
	return out
}

func (r *Responsibility) add(c Cell) {
	if c.State != CellStated {
		return
	}
	r.Stated++
	named := false
	for _, item := range c.Items {
		for _, o := range item.Organs {
			if o.Kind == "" || len(o.Candidates) > 1 {
				continue
			}
			named = true
			i := slices.IndexFunc(r.Kinds, func(x KindPlaces) bool { return x.Kind == o.Kind })
			if i < 0 {
				i = len(r.Kinds)
				r.Kinds = append(r.Kinds, KindPlaces{Kind: o.Kind})
			}
			k := &r.Kinds[i]
			if !slices.ContainsFunc(k.Places, func(x RolePlace) bool { return x.Place == c.Place && x.Role == o.Role }) {
				k.Places = append(k.Places, RolePlace{Place: c.Place, Role: o.Role, Cite: o.Cite})
			}
		}
	}
	if !named {
		r.Silent = append(r.Silent, c.Place)
	}
}
