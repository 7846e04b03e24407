package index

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tuogou/corpus"
)

// Fields of terms that filters, facets and orders use, beside those named as
// the query language names them.
const (
	keyPlace = "place" // codes of the place and of all above it
	keyName  = "name"  // names of the same
	keyLabel = "label" // code=name of the same
	keyOwn   = "own"   // code of the place itself
	keyDate  = "date"
)

// keys are the terms of each field.
func keys(r *corpus.Record, m meta, units []unit) map[string][]string {
	k := map[string][]string{
		"kind": {string(r.Kind)}, "generation": {string(r.Generation)}, "level": {string(m.Place.Level)},
		"on_topic": {strconv.FormatBool(r.OnTopic)},
		keyDate:    {m.Date}, keyOwn: {m.Place.Code},
		// A copy: what is made distinct is sorted, and a record is not changed.
		keyPlace: slices.Clone(codes(m.Place)), keyName: append([]string{m.Place.Name}, m.Place.Path...), keyLabel: labels(m.Place),
		"source": {source(r)}, "number": {numberKey(m.Number)},
	}
	for i, code := range codes(m.Place) {
		if f := placeField(m.Place, i); f != "" {
			k[f] = append(k[f], code)
		}
	}
	if m.Year > 0 {
		k["year"] = []string{fmt.Sprintf("%04d", m.Year)}
	}
	if len(r.Source.Fetched) >= 10 {
		k["fetched"] = []string{r.Source.Fetched[:10]}
	}
	for _, i := range r.Issuers {
		k["organ"] = append(k["organ"], i.Organ)
		k["issuer"] = append(k["issuer"], foldString(i.Name))
	}
	for i := range units {
		u := &units[i]
		k["organ"] = append(k["organ"], u.Organs...)
		k["role"] = append(k["role"], u.Roles...)
		k["lead"] = append(k["lead"], u.Leads...)
		k["clause"] = append(k["clause"], u.Clauses...)
		k["provision"] = append(k["provision"], u.Provisions...)
		k["due"] = append(k["due"], u.Due...)
	}
	k["has"] = has(r, m, k)
	for name, values := range k {
		k[name] = distinct(values)
	}
	return k
}

// distinct is values in order, without repeats and empty ones.
func distinct(values []string) []string {
	values = slices.DeleteFunc(values, func(s string) bool { return s == "" })
	slices.Sort(values)
	return slices.Compact(values)
}

// has is what the record has, by the names of values.tsv.
func has(r *corpus.Record, m meta, k map[string][]string) []string {
	out := slices.Clone(k["clause"])
	attached := slices.ContainsFunc(r.Parts, func(p corpus.Part) bool { return p.Role == corpus.PartAttachment })
	for _, h := range []struct {
		name string
		ok   bool
	}{
		{"clause", len(r.Clauses) > 0}, {"provision", len(r.Provisions) > 0}, {"deadline", len(r.Deadlines) > 0},
		{"duty", len(r.Duties) > 0}, {"lead", slices.Contains(k["role"], string(corpus.Lead))},
		{"organ", slices.ContainsFunc(k["organ"], func(s string) bool { return s != "" })},
		{"date", m.Date != ""}, {"number", m.Number != ""}, {"issuer", len(r.Issuers) > 0}, {"place", m.Place.Code != ""},
		{"attachment", attached}, {"carrier", r.Carrier != nil}, {"reference", len(r.References) > 0},
		{"url", m.URL != ""}, {"problem", len(r.Problems) > 0}, {"cut", r.Text.Truncated},
	} {
		if h.ok {
			out = append(out, h.name)
		}
	}
	return out
}

// source is the host of a page, or the name of a file.
func source(r *corpus.Record) string {
	if u, err := url.Parse(r.Source.URL); err == nil && u.Hostname() != "" {
		return strings.ToLower(u.Hostname())
	}
	return foldString(r.Source.Path)
}

// numberKey is a document number without what people write in many ways: the
// brackets, 第, 号 and blanks. 吉政办发〔2018〕50号 and 吉政办发[2018]第50号 are
// 吉政办发|2018|50.
func numberKey(s string) string {
	s = strings.NewReplacer("(", "|", ")", "|", "第", "", " ", "").Replace(foldString(s))
	return strings.TrimSuffix(s, "号")
}

// codes are the codes of p and of all places above it.
func codes(p Place) []string {
	if len(p.Codes) == 0 && p.Code != "" {
		return []string{p.Code}
	}
	return p.Codes
}

// placeField is the facet in which the i-th code of p stands. The codes run from
// the nation down; only the place's own level is told. The districts of 北京市 and
// cities such as 济源市 lie in no prefecture, so a town's third code may be a county.
func placeField(p Place, i int) string {
	level := corpus.Level("")
	list := codes(p)
	switch {
	case i == len(list)-1:
		level = p.Level
	case i == 1:
		level = corpus.Province
	case i == 2 && (len(list) > 4 || strings.HasSuffix(list[i], "00")):
		level = corpus.Prefecture
	case i > 1:
		level = corpus.County
	}
	switch level {
	case corpus.Province:
		return string(Province)
	case corpus.Prefecture:
		return string(City)
	case corpus.County:
		return string(County)
	}
	return ""
}

// labels are code=name for p and for the places above it. The path has no name
// for the nation.
func labels(p Place) []string {
	if p.Code == "" || p.Name == "" {
		return nil
	}
	out := []string{p.Code + "=" + p.Name}
	for i, name := range p.Path {
		if k := len(p.Codes) - len(p.Path) + i; k >= 0 && p.Codes[k] != p.Code {
			out = append(out, p.Codes[k]+"="+name)
		}
	}
	return out
}
