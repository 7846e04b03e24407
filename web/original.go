package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// fragmentRunes is how many characters of the words a link to the live page carries.
const fragmentRunes = 40

// original leads from words of a document to where they were read: to the page of the
// archived PDF, to the words on the live page, else to the archived bytes.
func (s *server) original(req *request) error {
	r, err := s.lib.record(req.r.Context(), corpus.DocID(req.r.PathValue("id")))
	if err != nil {
		return err
	}
	at, ok := spanOf(req.query.Get("at"))
	t := newMarkedText(r)
	b := corpus.Span{Start: t.byteAt(at.Start), End: t.byteAt(at.End)}
	if !ok || b.Empty() {
		return badParameter("at")
	}
	o, err := s.b.Origin(req.r.Context(), r.ID, b)
	if err != nil {
		return err
	}
	to := "/capture/" + string(o.SHA256)
	switch link := render.LinkURL(o.URL); {
	case o.Page > 0:
		to += fmt.Sprintf("#page=%d", o.Page)
	case link != "":
		to = withoutFragment(link) + "#:~:text=" + fragment(compare.Quote(r, b))
	}
	req.w.Header().Set("Location", to)
	req.w.WriteHeader(http.StatusFound)
	return nil
}

func withoutFragment(link string) string {
	link, _, _ = strings.Cut(link, "#")
	return link
}

// fragment is the beginning of words as a text fragment of an address, in which dash,
// comma and ampersand have a meaning.
func fragment(words string) string {
	words, _, _ = strings.Cut(strings.TrimSpace(words), "\n")
	if r := []rune(words); len(r) > fragmentRunes {
		words = string(r[:fragmentRunes])
	}
	return strings.NewReplacer("+", "%20", "-", "%2D").Replace(url.QueryEscape(words))
}
