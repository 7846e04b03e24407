package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// cite gives the document as a bibliography wants it.
func (s *server) cite(req *request) error {
	format, err := req.choice("format", "gbt7714", "bibtex", "csl")
	if err != nil {
		return err
	}
	r, err := s.lib.record(req.r.Context(), corpus.DocID(req.r.PathValue("id")))
	if err != nil {
		return err
	}
	list := append(compare.References([]*corpus.Record{r}), compare.ClauseReferences([]*corpus.Record{r})...)
	var b bytes.Buffer
	kind := "text/plain; charset=utf-8"
	switch format {
	case "bibtex":
		err = render.WriteBibTeX(&b, list)
	case "csl":
		kind = "application/json; charset=utf-8"
		err = render.WriteCSL(&b, list)
	default:
		err = render.WriteGBT7714(&b, list)
	}
	if err != nil {
		return err
	}
	req.head(kind)
	_, _ = req.w.Write(b.Bytes())
	return nil
}

// capture gives the bytes as they were fetched. They are shown as plain text or offered to
// be kept: a page from elsewhere must not run here as if it were ours.
func (s *server) capture(req *request) error {
	h := corpus.Hash(req.r.PathValue("hash"))
	data, err := s.b.Blob(req.r.Context(), h)
	if err != nil {
		return err
	}
	kind := http.DetectContentType(data)
	head := req.w.Header()
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	base, _, _ := mime.ParseMediaType(kind)
	switch {
	case base == "application/pdf": // a browser shows none in a sandbox, and has one of its own for them
		head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	case strings.HasPrefix(base, "text/"):
		kind = "text/plain"
		if _, params, err := mime.ParseMediaType(http.DetectContentType(data)); err == nil && params["charset"] != "" {
			kind += "; charset=" + params["charset"]
		}
	default:
		kind = "application/octet-stream"
		head.Set("Content-Disposition", `attachment; filename="`+string(h[:min(len(h), 16)])+`"`)
	}
	head.Set("Content-Type", kind)
	http.ServeContent(req.w, req.r, "", time.Time{}, bytes.NewReader(data))
	return nil
}

// versionsView is the captures of a document, the newest first, and what changed.
type versionsView struct {
	DocHref  string
	Versions []versionView
	Diff     []diffLine
	From, To string
}

type versionView struct {
	Fetched, Hash, Href, Size, DiffHref string
	On                                  bool
}

func stampWords(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func (s *server) versions(req *request) error {
	id := corpus.DocID(req.r.PathValue("id"))
	r, err := s.lib.record(req.r.Context(), id)
	if err != nil {
		return err
	}
	captures, err := s.b.Captures(req.r.Context(), id)
	if err != nil {
		return err
	}
	chosen, err := req.number("version", len(captures)-1, 0, len(captures)-1)
	if err != nil {
		return err
	}
	v := versionsView{DocHref: req.docHref(id)}
	for i, c := range slices.Backward(captures) {
		v.Versions = append(v.Versions, versionView{Fetched: stampWords(c.Fetched), Hash: string(c.SHA256), On: i == chosen,
			Href: "/capture/" + string(c.SHA256), Size: fmt.Sprint(c.Size), DiffHref: req.here(req.r.URL.EscapedPath(), "version", fmt.Sprint(i))})
	}
	if chosen > 0 {
		v.From, v.To = stampWords(captures[chosen-1].Fetched), stampWords(captures[chosen].Fetched)
		var texts [2]string
		for i, c := range captures[chosen-1 : chosen+1] {
			if texts[i], err = s.b.Text(req.r.Context(), c); err != nil {
				return fmt.Errorf("version of %s: %w", v.From, err)
			}
			texts[i] = maskWords(r, texts[i])
		}
		v.Diff = diffLines(texts[0], texts[1])
	}
	p := req.page(nonEmpty(compare.DocumentOf(r).Title, req.label("doc.unknown")))
	p.Heading = req.label("versions.title") + "：" + p.Title
	p.Body = v
	return req.render("versions", p)
}
