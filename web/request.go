package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// request is one request being answered.
type request struct {
	s      *server
	w      http.ResponseWriter
	r      *http.Request
	query  url.Values
	lang   render.Lang
	chosen bool // by ?lang=
	json   bool
	name   string // of the page, see known; "" where it has none
}

func (s *server) newRequest(w http.ResponseWriter, r *http.Request) *request {
	req := &request{s: s, w: w, r: r, query: r.URL.Query(), json: strings.HasSuffix(r.URL.Path, ".json")}
	switch l := render.Lang(req.query.Get("lang")); l {
	case render.ZH, render.EN:
		req.lang, req.chosen = l, true
	default:
		req.lang = preferred(r.Header.Get("Accept-Language"))
	}
	return req
}

// preferred is Chinese unless English is asked for first.
func preferred(accept string) render.Lang {
	if len(accept) > 1000 {
		return render.ZH
	}
	tags, weights, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return render.ZH
	}
	for i, t := range tags {
		base, _ := t.Base()
		if weights[i] == 0 {
			continue
		}
		switch base.String() {
		case "zh":
			return render.ZH
		case "en":
			return render.EN
		}
	}
	return render.ZH
}

// L is a label of the pages or of the reports.
func (req *request) label(key string) string { return req.s.words(key, req.lang) }

func (s *server) words(key string, lang render.Lang) string {
	if _, ok := s.labels[key]; ok {
		return s.labels.Get(key, lang)
	}
	return render.Label(key, lang)
}

func (req *request) options() render.Options {
	return render.Options{Lang: req.lang, OrganNames: req.s.opt.OrganNames}
}

// href is a path of the pages, with the chosen language kept. set and its values
// alternate.
func (req *request) href(path string, set ...string) string {
	path, fragment, _ := strings.Cut(path, "#")
	q := url.Values{}
	for i := 0; i+1 < len(set); i += 2 {
		if set[i+1] != "" {
			q.Set(set[i], set[i+1])
		}
	}
	if req.chosen {
		q.Set("lang", string(req.lang))
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	if fragment != "" {
		path += "#" + fragment
	}
	return path
}

// here is the page itself with some parameters changed; "" takes one away.
func (req *request) here(path string, set ...string) string {
	q := url.Values{}
	for k, v := range req.query {
		q[k] = v
	}
	for i := 0; i+1 < len(set); i += 2 {
		if q.Del(set[i]); set[i+1] != "" {
			q.Set(set[i], set[i+1])
		}
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func (req *request) docHref(id corpus.DocID) string {
	return req.href("/doc/" + url.PathEscape(string(id)))
}

// citeHref leads to the words of c in its document.
func (req *request) citeHref(c compare.Cite) string { return req.wordsHref(c.Doc, c.Chars) }

// wordsHref leads to any words of a document (in code points), marked there.
func (req *request) wordsHref(id corpus.DocID, s corpus.Span) string {
	path := "/doc/" + url.PathEscape(string(id))
	if s.Empty() {
		return req.href(path)
	}
	return req.href(path+"#"+anchor(s), "at", fmt.Sprintf("%d-%d", s.Start, s.End))
}

// anchor is the name of a stretch of text, in code points.
func anchor(s corpus.Span) string { return fmt.Sprintf("s%d-%d", s.Start, s.End) }

func (req *request) head(kind string) {
	h := req.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Vary", "Accept-Language")
	h.Set("Content-Language", render.HTMLLang(req.lang))
}

func (req *request) writeJSON(v any) error {
	var b bytes.Buffer
	if err := render.WriteJSON(&b, v); err != nil {
		return err
	}
	req.head("application/json; charset=utf-8")
	_, _ = req.w.Write(b.Bytes())
	return nil
}

// fail answers with a page, or JSON, that says what is wrong in plain words.
func (req *request) fail(status int, what string) {
	key := fmt.Sprintf("error.%d", status)
	text := req.label(key + ".text")
	if what != "" {
		text += what
	}
	var b bytes.Buffer
	if req.json {
		_ = json.NewEncoder(&b).Encode(map[string]any{"status": status, "error": text})
		req.head("application/json; charset=utf-8")
	} else {
		p := req.page(req.label(key))
		p.Body = text
		t := req.s.pages["error"]
		if t == nil || t.Execute(&b, p) != nil {
			http.Error(req.w, text, status)
			return
		}
		req.head("text/html; charset=utf-8")
	}
	req.w.WriteHeader(status)
	_, _ = req.w.Write(valid(b.Bytes()))
}

// valid is a page in UTF-8: an address or a name that it repeats may hold any bytes.
func valid(page []byte) []byte { return bytes.ToValidUTF8(page, []byte("\uFFFD")) }

// page is what the layout shows around every page.
type page struct {
	req                                                        *request
	HTMLLang, Title                                            string
	HomeHref, SearchHref, CompareHref                          string
	TimelineHref, CoverageHref, HelpHref, JobsHref, ReviewHref string
	Heading, Here                                              string // of the page; Here names the part of the site
	LangHref, OtherLang, JSONHref, ICSHref                     string
	Words, Lang                                                string // of the search form
	Sample                                                     bool
	Body                                                       any
}

// L is the label for key, for the templates.
func (p page) L(key string) string { return p.req.label(key) }

// listView is a table of obligations or of what happened to them.
type listView struct {
	Head       []string
	SampleMark string
	Rows       any
}

func (p page) list(rows any, columns ...string) listView {
	v := listView{SampleMark: p.L("sample_mark"), Rows: rows}
	for _, c := range columns {
		v.Head = append(v.Head, p.L(c))
	}
	return v
}

// Obligations is rows for the template "obligations".
func (p page) Obligations(rows []obligationRow) listView {
	return p.list(rows, "ob.day", "ob.place", "ob.task", "ob.words", "ob.document")
}

// History is rows for the template "changes".
func (p page) History(rows []changeRow) listView {
	return p.list(rows, "ob.cursor", "ob.at", "ob.change", "ob.cause", "ob.place", "ob.task", "ob.what")
}

// ExplainHref, AgainstHref and the like are this page with one more parameter.
func (p page) ExplainHref() string { return p.req.here("/search", "explain", "1") }

// AgainstHref also asks what the query was counted against.
func (p page) AgainstHref() string { return p.req.here("/search", "coverage", "1") }

// BibTeXHref leads to the citation of a document in BibTeX.
func (p page) BibTeXHref() string {
	return p.req.href(p.req.r.URL.EscapedPath()+"/cite", "format", "bibtex")
}

// CSLHref leads to the citation of a document in CSL-JSON.
func (p page) CSLHref() string { return p.req.href(p.req.r.URL.EscapedPath()+"/cite", "format", "csl") }

// HelpRows are examples of queries with what they mean.
func (p page) HelpRows() []helpRow {
	var out []helpRow
	for _, id := range p.req.s.helpKeys {
		query, words, _ := strings.Cut(p.L(id), "|")
		out = append(out, helpRow{strings.TrimSpace(query), strings.TrimSpace(words)})
	}
	return out
}

func (req *request) page(title string) page {
	other := "en"
	if req.lang == render.EN {
		other = "zh"
	}
	p := page{
		req: req, HTMLLang: render.HTMLLang(req.lang), Title: title, Heading: title,
		HomeHref: req.href("/"), SearchHref: req.href("/search"), CompareHref: req.href("/compare"), TimelineHref: req.href("/timeline"),
		CoverageHref: req.href("/coverage"), HelpHref: req.href("/help"), JobsHref: req.href("/jobs"), ReviewHref: req.href("/review"), Here: strings.SplitN(req.r.URL.Path, "/", 3)[1],
		LangHref: req.here(req.r.URL.EscapedPath(), "lang", other), OtherLang: other, Words: req.query.Get("q"),
	}
	if req.chosen {
		p.Lang = string(req.lang)
	}
	return p
}

func (req *request) render(name string, p page) error {
	return req.renderInTurn(name, p, func() {})
}

// renderInTurn calls done when the page is made and before it is sent.
func (req *request) renderInTurn(name string, p page, done func()) error {
	var b bytes.Buffer
	if err := req.s.pages[name].Execute(&b, p); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	done()
	made := valid(b.Bytes())
	if req.name != "" && len(made) <= maxKeptPage {
		req.s.lib.pages.Add(req.name, bytes.Clone(made))
	}
	req.send(made)
	return nil
}

// send answers with a page.
func (req *request) send(page []byte) {
	req.head("text/html; charset=utf-8")
	_, _ = req.w.Write(page)
}

// kept answers with the page as it was made for somebody before.
func (req *request) kept() bool {
	page, ok := req.s.lib.pages.Get(req.name)
	if ok {
		req.send(page)
	}
	return ok
}

// known answers 304 where the reader has this very page. The name of a page is made of
// what it depends on: the records, the day, the language and the address.
func (req *request) known() bool {
	revision, err := req.s.lib.fresh(req.r.Context())
	if err != nil || strings.HasPrefix(req.r.URL.Path, "/jobs") || req.r.URL.Path == "/review" { // what the token allows is not in the name
		return false
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{req.s.started, revision, req.s.today(), string(req.lang), req.r.URL.Path, req.r.URL.RawQuery}, "\x00")))
	tag := fmt.Sprintf(`W/"%x"`, sum[:12])
	h := req.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Language")
	req.name = tag
	if req.r.Header.Get("If-None-Match") != tag {
		return false
	}
	req.w.WriteHeader(http.StatusNotModified)
	return true
}

func (req *request) number(name string, fallback, lo, hi int) (int, error) {
	text := req.query.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lo || n > hi {
		return 0, badParameter(name)
	}
	return n, nil
}

func (req *request) flag(name string) (bool, error) {
	switch req.query.Get(name) {
	case "":
		return false, nil
	case "1":
		return true, nil
	}
	return false, badParameter(name)
}

// choice is one of the values allowed, the first where none is given.
func (req *request) choice(name string, allowed ...string) (string, error) {
	text := req.query.Get(name)
	if text == "" {
		return allowed[0], nil
	}
	if !slices.Contains(allowed, text) {
		return "", badParameter(name)
	}
	return text, nil
}

var codeForm = regexp.MustCompile(`^[0-9A-Za-z]{2,16}$`)

// places reads ?places=a,b (or given more than once).
func (req *request) places() ([]string, error) { return placeCodes(req.query["places"]) }

func placeCodes(lists []string) ([]string, error) {
	var out []string
	for _, list := range lists {
		for code := range strings.SplitSeq(list, ",") {
			if code = strings.TrimSpace(code); code == "" || slices.Contains(out, code) {
				continue
			}
			if !codeForm.MatchString(code) || len(out) == maxPlaces {
				return nil, badParameter("places")
			}
			out = append(out, code)
		}
	}
	return out, nil
}
