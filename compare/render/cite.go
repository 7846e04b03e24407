package render

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

// Reference is a document as a bibliography names it.
type Reference struct {
	compare.Document
	Issuers []string
	// Where is the clause that is cited (资产财务分离), Section its heading. Empty: the
	// whole document.
	Where string
}

// References are those of the records, in their order.
func References(records []*corpus.Record) []Reference {
	var out []Reference
	for _, r := range records {
		ref := Reference{Document: compare.DocumentOf(r)}
		for _, i := range r.Issuers {
			ref.Issuers = append(ref.Issuers, i.Name)
		}
		out = append(out, ref)
	}
	return out
}

// ClauseReferences are the records' clauses that have a section of their own, each
// cited by its heading.
func ClauseReferences(records []*corpus.Record) []Reference {
	var out []Reference
	for i, whole := range References(records) {
		for _, c := range records[i].Clauses {
			if c.Form == corpus.FormSection && !c.HeadingSpan.Empty() {
				ref := whole
				ref.Where = oneLine(compare.Quote(records[i], c.HeadingSpan))
				out = append(out, ref)
			}
		}
	}
	return out
}

// GBT7714 is the reference by GB/T 7714—2015: an electronic document (EB/OL), or a
// file at hand (Z) where it has no address.
func (r Reference) GBT7714() string {
	var b strings.Builder
	if len(r.Issuers) > 0 {
		names := r.Issuers
		if len(names) > 3 { // more than three: the first three and 等
			names = append(append([]string{}, names[:3]...), "等")
		}
		b.WriteString(strings.Join(names, ",") + ". ")
	}
	b.WriteString(r.Title)
	if r.Number != "" {
		b.WriteString(": " + r.Number)
	}
	if r.URL == "" {
		b.WriteString("[Z]")
	} else {
		b.WriteString("[EB/OL]")
	}
	if r.Date != "" {
		b.WriteString(". (" + r.Date + ")")
	}
	if len(r.Fetched) >= 10 {
		b.WriteString("[" + r.Fetched[:10] + "]")
	}
	if r.Where != "" {
		b.WriteString(". " + r.Where)
	}
	if r.URL != "" {
		b.WriteString(". " + r.URL)
	}
	return b.String() + "."
}

// WriteGBT7714 writes a numbered list.
func WriteGBT7714(w io.Writer, list []Reference) error {
	for i, r := range list {
		if _, err := fmt.Fprintf(w, "[%d] %s\n", i+1, r.GBT7714()); err != nil {
			return err
		}
	}
	return nil
}

// key is unique in a list: the document's id, and the place in the list for a clause.
func (r Reference) key(i int) string {
	if r.Where != "" {
		return fmt.Sprintf("%s-%d", r.ID, i+1)
	}
	return string(r.ID)
}

// WriteBibTeX writes entries of kind misc, in UTF-8.
func WriteBibTeX(w io.Writer, list []Reference) error {
	escape := strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "#", `\#`, "_", `\_`, "$", `\$`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)
	for i, r := range list {
		var b strings.Builder
		fmt.Fprintf(&b, "@misc{%s,\n", r.key(i))
		field := func(name, value string) {
			if value != "" {
				fmt.Fprintf(&b, "  %s = {%s},\n", name, value)
			}
		}
		var authors []string
		for _, a := range r.Issuers {
			authors = append(authors, "{"+escape.Replace(a)+"}")
		}
		field("author", strings.Join(authors, " and "))
		field("title", "{"+escape.Replace(oneLine(r.Title))+"}")
		field("number", escape.Replace(r.Number))
		field("date", r.Date)
		if len(r.Date) >= 4 {
			field("year", r.Date[:4])
		}
		field("note", escape.Replace(r.Where))
		if u := LinkURL(r.URL); u != "" {
			field("url", strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C").Replace(u))
		}
		if len(r.Fetched) >= 10 {
			field("urldate", r.Fetched[:10])
		}
		b.WriteString("}\n\n")
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}

type cslDate struct {
	Parts [][]int `json:"date-parts"`
}

type cslItem struct {
	ID       string              `json:"id"`
	Type     string              `json:"type"`
	Title    string              `json:"title"`
	Author   []map[string]string `json:"author,omitempty"`
	Number   string              `json:"number,omitempty"`
	Issued   *cslDate            `json:"issued,omitempty"`
	Accessed *cslDate            `json:"accessed,omitempty"`
	URL      string              `json:"URL,omitempty"`
	Section  string              `json:"section,omitempty"`
	Language string              `json:"language"`
}

// WriteCSL writes CSL-JSON, as Zotero and pandoc read it.
func WriteCSL(w io.Writer, list []Reference) error {
	items := []cslItem{}
	for i, r := range list {
		c := cslItem{ID: r.key(i), Type: "regulation", Title: oneLine(r.Title), Number: r.Number, URL: LinkURL(r.URL), Section: r.Where,
			Issued: cslDay(r.Date), Language: "zh-CN"}
		if len(r.Fetched) >= 10 {
			c.Accessed = cslDay(r.Fetched[:10])
		}
		for _, a := range r.Issuers {
			c.Author = append(c.Author, map[string]string{"literal": a})
		}
		items = append(items, c)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(items)
}

func cslDay(s string) *cslDate {
	var parts []int
	for p := range strings.SplitSeq(s, "-") {
		n := 0
		if _, err := fmt.Sscanf(p, "%d", &n); err != nil {
			return nil
		}
		parts = append(parts, n)
	}
	return &cslDate{Parts: [][]int{parts}}
}
