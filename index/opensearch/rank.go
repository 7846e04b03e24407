package opensearch

import (
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/query"
)

// ranked makes match score as k says, near enough to sort by. The clauses of the
// addends are named, so that a hit tells which it has.
func ranked(match obj, k *index.Ranking, w index.Weights) obj {
	var texts []query.Text
	byText := map[query.Text][]obj{}
	for i, a := range k.Addends {
		clause := addend(a, w)
		if clause == nil {
			continue
		}
		for _, v := range clause {
			v.(obj)["_name"] = nameOf(i)
		}
		if byText[a.Text] == nil {
			texts = append(texts, a.Text)
		}
		byText[a.Text] = append(byText[a.Text], clause)
	}
	should := []obj{}
	for _, t := range texts {
		should = append(should, obj{"bool": obj{"filter": []obj{text(t)}, "should": byText[t], "_name": nameOfText(t)}})
	}
	functions := []obj{}
	multiply := func(field query.Field, value string, factor float64) {
		functions = append(functions, obj{"filter": term("k."+string(field), value), "weight": factor})
	}
	multiply(query.OnTopic, "true", w.OnTopic)
	for kind, factor := range w.Kinds {
		multiply(query.Kind, string(kind), factor)
	}
	return obj{"function_score": obj{"query": obj{"bool": obj{"filter": []obj{match}, "should": should}},
		"functions": functions, "score_mode": "multiply", "boost_mode": "multiply"}}
}

func nameOf(i int) string { return fmt.Sprintf("a%d", i) }

// A clause is named alone: its name says nothing of the text around it, which has a
// name too.
func nameOfText(t query.Text) string { return t.String() }

// addend is the clause of one addend, given that the text of it stands in the
// document; nil where no document has it.
func addend(a index.Addend, w index.Weights) obj {
	if a.What == "words" {
		return obj{"script_score": obj{
			"query": term("w", token(a.Word)),
			"script": obj{
				"source": "params.v * _score * (params.k + 1) / (_score + params.k * (1 - params.b + params.b * doc['n'].value / params.a))",
				"params": obj{"v": a.Value, "k": w.K1, "b": w.B, "a": w.Average},
			}}}
	}
	var where []obj
	begins := "ba"
	switch a.What {
	case "number":
		where = append(where, number(index.Fold(a.Text.Value)))
	case "title":
		where, begins = standing("pt", a.Text), "bt"
	case "heading":
		where = standing("ph", a.Text)
	case "clause":
		where = standing("pc", a.Text)
	}
	if a.What != "present" && len(where) == 0 {
		return nil
	}
	switch a.Begins {
	case 1:
		where = append(where, term(begins, a.Pair))
	case -1:
		where = append(where, not(term(begins, a.Pair)))
	}
	return obj{"constant_score": obj{"filter": all(where...), "boost": a.Value}}
}

// standing is the documents with all pairs of a text in a field; empty where the
// text has none.
func standing(field string, t query.Text) []obj {
	n := index.NewNeedle(t.Value)
	if n.Prefix != "" {
		return []obj{{"prefix": obj{field: n.Prefix}}}
	}
	var out []obj
	for _, p := range n.Pairs {
		out = append(out, term(field, p))
	}
	return out
}

// scored is the score of a hit, as package index counts it, and what it is made of.
func scored(k *index.Ranking, h *hit) (float64, []index.Part) {
	return k.Score(index.Scored{
		Has: func(i int) bool {
			return slices.Contains(h.Matched, nameOf(i)) && slices.Contains(h.Matched, nameOfText(k.Addends[i].Text))
		},
		Often:  h.Source.often,
		Length: h.Source.Length,
		Entry:  &h.Source.Entry,
	})
}

// source is what is read back of a document.
type source struct {
	index.Entry
	Words   string `json:"w"`
	Length  int    `json:"n"`
	ByDate  string `json:"sd"`
	ByPlace string `json:"sp"`
}

func (s *source) often(word string) (n int) {
	word = token(word)
	for w := range strings.FieldsFuncSeq(s.Words, func(r rune) bool { return r == ' ' }) {
		if w == word {
			n++
		}
	}
	return n
}

// key is what s is sorted by.
func (s *source) key(by index.Sort) string {
	switch by {
	case index.ByDate:
		return s.ByDate
	case index.ByPlace:
		return s.ByPlace
	}
	return ""
}

// hit is one document of an answer.
type hit struct {
	ID      corpus.DocID `json:"_id"`
	Source  source       `json:"_source"`
	Sort    []any        `json:"sort"`
	Matched []string     `json:"matched_queries"`
}
