package correct

import (
	"strings"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct/agree"
)

// Machine is the name of the machine among the coders.
const Machine = "machine"

// none is the value of a coder who says that there is no such fact.
const none = "∅"

// Coding is what coders said of the same facts.
type Coding struct {
	Coders []string // people in the order of their names, then the machine
	// Units have one value a coder: what the fact says by them, ∅ where there is
	// none. Days are the units whose values are days.
	Units, Days []agree.Unit
}

// Code gathers, from corrections that were not taken back, what each person and
// the machine say of each fact that somebody looked at. Acceptances of whole
// lists and records name no facts and are left out.
func Code(all []store.Correction) Coding {
	units := map[string]*seat{}
	items := map[string]object{} // by unit and coder, as corrected so far
	var order []string
	people := map[string]string{}
	for _, c := range Effective(all) {
		list, rest, deep := strings.Cut(strings.TrimPrefix(c.Field, "/"), "/")
		form, isList := lists[list]
		if c.Field == "/" || isList && !deep {
			continue
		}
		key := strings.Join([]string{string(c.Doc), c.Field, c.Anchor.Exact, c.Anchor.Prefix, c.Anchor.Item}, "\x00")
		if isList {
			key = strings.Join([]string{string(c.Doc), list, c.Anchor.Exact, c.Anchor.Prefix}, "\x00")
		}
		u := units[key]
		if u == nil {
			u = &seat{map[string]string{}, map[string]string{}}
			units[key] = u
			order = append(order, key)
		}
		people[c.By] = ""
		if !isList {
			u.set(Machine, orNone(jsonWords(c.Was)))
			u.set(c.By, scalarBy(c))
			continue
		}
		was := items[key+"\x00"+c.By]
		if was == nil {
			_ = parse([]byte(c.Was), &was) // an added item was nothing
			if _, coded := u.values[Machine]; !coded || was != nil {
				u.setItem(Machine, form, was)
			}
		}
		was = itemBy(c, was, strings.TrimPrefix(strings.TrimPrefix(rest, "*"), "/"))
		items[key+"\x00"+c.By] = was
		u.setItem(c.By, form, was)
	}
	out := Coding{Coders: append(sortedNames(people), Machine)}
	for _, key := range order {
		out.Units = append(out.Units, units[key].values)
		if len(units[key].days) > 1 {
			out.Days = append(out.Days, units[key].days)
		}
	}
	return out
}

func orNone(s string) string {
	if s == "" {
		return none
	}
	return s
}

func scalarBy(c store.Correction) string {
	switch c.Action {
	case corpus.ReviewReject:
		return none
	case corpus.ReviewAccept:
		if c.Want == "" {
			return orNone(jsonWords(c.Was))
		}
	}
	return orNone(jsonWords(c.Want))
}

// itemBy is an item as one person has it after one more correction.
func itemBy(c store.Correction, was object, field string) object {
	switch c.Action {
	case corpus.ReviewReject:
		return nil
	case corpus.ReviewAccept:
		if c.Want == "" {
			return was
		}
		fallthrough
	case corpus.ReviewAdd:
		var want object
		_ = parse([]byte(c.Want), &want) // what cannot be read says nothing
		return want
	case corpus.ReviewFix:
		if was != nil {
			setField(was, field, c.Want)
		}
	}
	return was
}

// seat is one fact with the values that coders gave it.
type seat struct{ values, days map[string]string }

func (u *seat) set(coder, value string) {
	u.values[coder] = value
	if isDay(value) {
		u.days[coder] = value
	} else {
		delete(u.days, coder)
	}
}

func (u *seat) setItem(coder string, form listForm, item object) {
	if item == nil {
		u.set(coder, none)
		return
	}
	u.set(coder, orNone(form.said(item)))
	for _, name := range []string{"end", "start"} {
		if d := words(item[name]); isDay(d) {
			u.days[coder] = d
			return
		}
	}
}

func dayNumber(s string) float64 {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0
	}
	return float64(t.Unix() / 86400)
}

// DayDifference is the squared distance of two days.
func DayDifference() agree.Difference { return agree.Interval(dayNumber) }
