package opensearch

import (
	"strings"
	"unicode/utf8"

	"tuogou/index"
	"tuogou/index/query"
)

// compiler turns the tree of a query into the query language of OpenSearch.
type compiler struct {
	// units says that documents are looked for which may hold a unit for which the
	// query holds: what filters on units exclude is not excluded.
	units bool
}

var everything, nothing = obj{"match_all": obj{}}, obj{"match_none": obj{}}

func (c compiler) query(n query.Node) obj {
	switch n := n.(type) {
	case query.And:
		return all(c.list(n.Nodes)...)
	case query.Or:
		return obj{"bool": obj{"should": c.list(n.Nodes), "minimum_should_match": 1}}
	case query.Not:
		if c.units && !index.OfDocument(n.Node) {
			return everything
		}
		return not(c.query(n.Node))
	case query.Text:
		return text(n)
	case query.Filter:
		if c.units && n.Field == query.Has && !index.OfDocument(n) {
			return everything
		}
		return filter(n)
	case query.Range:
		return ranged(n)
	}
	return everything
}

func (c compiler) list(nodes []query.Node) []obj {
	out := make([]obj, len(nodes))
	for i, n := range nodes {
		out[i] = c.query(n)
	}
	return out
}

func all(list ...obj) obj {
	if len(list) == 0 {
		return everything
	}
	return obj{"bool": obj{"filter": list}}
}

func not(q obj) obj { return obj{"bool": obj{"must_not": []obj{q}}} }

func term(field, v string) obj { return obj{"term": obj{field: v}} }

// text is the documents that hold a text, exactly: pairs one after the other make
// up the text and nothing else.
func text(t query.Text) obj {
	pairField, charField := "g", "c"
	if t.Title {
		pairField, charField = "gt", "ct"
	}
	folded := index.Fold(t.Value)
	switch utf8.RuneCountInString(folded) {
	case 0:
		return everything // only white space: asks for nothing
	case 1:
		return term(charField, token(folded))
	case 2:
		return term(pairField, token(folded))
	}
	return obj{"match_phrase": obj{pairField: pairs(folded)}}
}

// filter is the documents with one value of a key field.
func filter(n query.Filter) obj {
	field := "k." + string(n.Field)
	switch n.Field {
	case query.Place:
		f, terms := index.PlaceTerm(n.Value)
		return obj{"terms": obj{"k." + f: terms}}
	case query.Provision:
		return term(field, index.Fold(n.Value))
	case query.Issuer, query.Source:
		v := index.Fold(n.Value)
		if begin, star := strings.CutSuffix(v, "*"); star {
			return obj{"prefix": obj{field: begin}}
		}
		return obj{"wildcard": obj{field: "*" + wildcards.Replace(v) + "*"}}
	case query.Number:
		return number(n.Value)
	}
	return term(field, n.Value)
}

var wildcards = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`)

// number is the documents whose number holds s; see [index.NumberKey].
func number(s string) obj {
	key, begin, end := index.NumberKey(s)
	if key == "" {
		return nothing
	}
	if begin {
		return obj{"prefix": obj{"k.number": key}}
	}
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	before, after := ".*", ".*"
	if digit(key[0]) {
		before = "(.*[^0-9])?"
	}
	switch {
	case end:
		after = ""
	case digit(key[len(key)-1]):
		after = "([^0-9].*)?"
	}
	return obj{"regexp": obj{"k.number": obj{"value": before + escaped(key) + after, "flags": "NONE"}}}
}

// escaped is s as a part of a regular expression of Lucene.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`.?+*|{}[]()"\#@&<>~^$-`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ranged is the documents with a value in a range. A date of which only the month
// is known belongs to every range that has a day of it.
func ranged(n query.Range) obj {
	field := "k." + string(n.Field)
	bounds := obj{}
	if n.From != "" {
		bounds["gte"] = n.From
	}
	if n.To != "" {
		bounds["lte"] = n.To
	}
	if len(bounds) == 0 {
		return obj{"exists": obj{"field": field}}
	}
	q := obj{"range": obj{field: bounds}}
	if n.Field == query.Date && len(n.From) > len("2018-06") {
		month := term(field, n.From[:len("2018-06")])
		return obj{"bool": obj{"should": []obj{q, month}, "minimum_should_match": 1}}
	}
	return q
}
