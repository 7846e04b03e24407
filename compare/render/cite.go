package render

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"tuogou/compare"
)

// GBT7714 is the reference by GB/T 7714—2015: an electronic document (EB/OL), or a
// file at hand (Z) where it has no address.
func GBT7714(r compare.Reference) string {
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
		b.WriteString(". " + oneLine(r.Where))
	}
	if r.URL != "" {
		b.WriteString(". " + r.URL)
	}
	return b.String() + "."
}

// WriteGBT7714 writes a numbered list.
func WriteGBT7714(w io.Writer, list []compare.Reference) error {
	for i, r := range list {
		if _, err := fmt.Fprintf(w, "[%d] %s\n", i+1, GBT7714(r)); err != nil {
			return err
		}
	}
	return nil
}

// citeKey is unique in a list: the document's id, and the place in the list for a clause.
func citeKey(r compare.Reference, i int) string {
	if r.Where != "" {
		return fmt.Sprintf("%s-%d", r.ID, i+1)
	}
	return string(r.ID)
}

// WriteBibTeX writes entries of kind misc, in UTF-8.
func WriteBibTeX(w io.Writer, list []compare.Reference) error {
	escape := strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "#", `\#`, "_", `\_`, "$", `\$`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)
	for i, r := range list {
		var b strings.Builder
		fmt.Fprintf(&b, "@misc{%s,\n", citeKey(r, i))
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
		field("note", escape.Replace(oneLine(r.Where)))
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
func WriteCSL(w io.Writer, list []compare.Reference) error {
	items := []cslItem{}
	for i, r := range list {
		c := cslItem{ID: citeKey(r, i), Type: "regulation", Title: oneLine(r.Title), Number: r.Number, URL: LinkURL(r.URL), Section: oneLine(r.Where),
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
