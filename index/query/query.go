// Package query is the search language, apart from any index: text in, tree or
// an error with its position out.
//
//	脱钩 公示期            both, anywhere in title or text, exactly as written
//	"资产 财务" “职能分离”  a phrase, also one with spaces
//	脱钩 -新闻  NOT 新闻    without
//	民政 OR 财政           either; also |; AND binds tighter than OR
//	(民政 OR 财政) 脱钩     parentheses
//	kind:plan 文种:方案     a filter; fields and closed values have Chinese names
//	kind:(plan OR notice)  one field for all in the brackets
//	year:2015..2018  due:..2018-12-31  due:2018-06   ranges, either end open
//	has:date missing:lead  what the record has, or has not
//	number:吉政办发*        the beginning of a number, issuer or source
//
// Fields are listed in fields.tsv, closed lists of values in values.tsv.
// Operators are upper case. Full-width brackets, colons and quotes work too.
// What only the caller can know (names of organs and places, synonyms, the
// traditional script) comes in a [Language].
package query

import (
	"strings"
)

// Field is what a filter looks at.
type Field string

// The fields, with their other names in fields.tsv.
const (
	Title      Field = "title" // not a filter: restricts a text to the title
	Place      Field = "place" // code, or name as in documents; it and all below
	Year       Field = "year"
	Kind       Field = "kind"
	Level      Field = "level"
	Generation Field = "generation"
	Clause     Field = "clause"
	Organ      Field = "organ"
	Provision  Field = "provision"
	Due        Field = "due"
	OnTopic    Field = "on_topic"
	Issuer     Field = "issuer"  // words of the name of one that issued it
	Number     Field = "number"  // a document number or part of one
	Source     Field = "source"  // words of the host or file
	Role       Field = "role"    // of a duty
	Lead       Field = "lead"    // kind of an organ that leads
	Date       Field = "date"    // day of the document
	Fetched    Field = "fetched" // day on which it was read from its source
	Has        Field = "has"
	Missing    Field = "missing" // only written: becomes a Not of Has
)

// Node is a part of a query: [All], [And], [Or], [Not], [Text], [Filter] or
// [Range]. String is a form that parses to the same tree.
type Node interface {
	String() string
	node()
}

// All matches every document: the empty query.
type All struct{}

// And matches where all of its nodes do. It has at least two.
type And struct{ Nodes []Node }

// Or matches where one of its nodes does. It has at least two.
type Or struct{ Nodes []Node }

// Not matches where its node does not.
type Not struct{ Node Node }

// Text matches where Value stands in the title or the body, or with Title in
// the title. Value is as it was written, never empty.
type Text struct {
	Value string
	Title bool
}

// Filter matches by a fact of the document. Values of closed lists are those of
// package corpus, whatever name was written.
type Filter struct {
	Field Field
	Value string
}

// Range matches where a fact lies between From and To, both inclusive, either
// of them empty for open. Years are YYYY, days YYYY-MM-DD. Only for [Year],
// [Due], [Date] and [Fetched].
type Range struct {
	Field    Field
	From, To string
}

func (All) node()    {}
func (And) node()    {}
func (Or) node()     {}
func (Not) node()    {}
func (Text) node()   {}
func (Filter) node() {}
func (Range) node()  {}

func (All) String() string   { return "" }
func (n And) String() string { return join(n.Nodes, " ") }
func (n Or) String() string  { return join(n.Nodes, " OR ") }
func (n Not) String() string { return "-" + group(n.Node) }

func (n Text) String() string {
	v := quote(n.Value)
	if n.Title {
		return string(Title) + ":" + v
	}
	return v
}

func (n Filter) String() string { return string(n.Field) + ":" + quote(n.Value) }

func (n Range) String() string {
	if n.From == n.To {
		return string(n.Field) + ":" + n.From
	}
	return string(n.Field) + ":" + n.From + ".." + n.To
}

// quote uses the pair of quotation marks that v does not hold; the parser
// makes no value that holds both.
func quote(v string) string {
	if strings.ContainsAny(v, `"＂`) {
		return "“" + v + "”"
	}
	return `"` + v + `"`
}

func join(nodes []Node, sep string) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = group(n)
	}
	return strings.Join(parts, sep)
}

func group(n Node) string {
	switch n.(type) {
	case And, Or:
		return "(" + n.String() + ")"
	}
	return n.String()
}

// Texts are the texts that a match of n may hold, in order: all that do not
// stand under a Not.
func Texts(n Node) []Text {
	switch n := n.(type) {
	case Text:
		return []Text{n}
	case And:
		return textsOf(n.Nodes)
	case Or:
		return textsOf(n.Nodes)
	}
	return nil
}

func textsOf(nodes []Node) []Text {
	var out []Text
	for _, n := range nodes {
		out = append(out, Texts(n)...)
	}
	return out
}
