package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

//go:embed templates labels.toml
var files embed.FS

// Options of the pages. The zero value works.
type Options struct {
	// Today gives the day (YYYY-MM-DD) from which deadlines lie ahead. Nil: no day
	// is known, and nothing is called past.
	Today func() string
	// OrganNames are names of the kinds of organs.
	OrganNames map[string]render.Name
	// Provisions are further rows of the comparison.
	Provisions []compare.Topic
	// Names are names of places by code, for those without any record.
	Names map[string]string
	// Log gets what went wrong inside. Nil: nothing is logged.
	Log *slog.Logger
}

// Limits on parameters: more than a person types, less than hurts.
const (
	maxQueryString = 4096 // bytes
	maxWords       = 500  // bytes of a search
	maxPlaces      = 12
	maxOffset      = 10000
	pageSize       = 20
	maxPageSize    = 50
	nextDeadlines  = 8
)

// New is the handler of all pages over b. It fails only where the built-in
// templates are broken, which the tests rule out; then every page says so.
func New(b Backend, opt Options) http.Handler {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{b: b, opt: opt}
	s.labels, s.pages, s.err = load()
	mux := http.NewServeMux()
	for path, h := range map[string]func(*request) error{
		"/{$}": s.home, "/index.json": s.home, "/search": s.search, "/search.json": s.search, "/doc/{id}": s.doc,
		"/compare": s.compare, "/compare.json": s.compare, "/timeline": s.timeline, "/timeline.json": s.timeline,
		"/timeline.ics": s.timeline, "/": func(*request) error { return ErrNotFound },
	} {
		mux.Handle(path, s.handle(h))
	}
	mux.HandleFunc("/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=300")
		_, _ = w.Write([]byte(style()))
	})
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
	return s.guard(mux)
}

var style = sync.OnceValue(func() string {
	own, err := files.ReadFile("templates/pages.css")
	if err != nil {
		return render.Style()
	}
	return render.Style() + string(own)
})

type server struct {
	b      Backend
	opt    Options
	labels render.Labels
	pages  map[string]*template.Template
	err    error
}

func load() (render.Labels, map[string]*template.Template, error) {
	data, err := files.ReadFile("labels.toml")
	if err != nil {
		return nil, nil, err
	}
	labels, err := render.ParseLabels(data)
	if err != nil {
		return nil, nil, err
	}
	pages := map[string]*template.Template{}
	for _, name := range []string{"home", "search", "doc", "compare", "timeline", "error"} {
		t, err := template.New("layout.html").Funcs(render.Funcs()).ParseFS(render.Templates(), "partials.html")
		if err == nil {
			t, err = t.ParseFS(files, "templates/layout.html", "templates/"+name+".html")
		}
		if err != nil {
			return nil, nil, fmt.Errorf("page %s: %w", name, err)
		}
		pages[name] = t
	}
	return labels, pages, nil
}

// guard sets the headers that every answer has and turns away what is no reading.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		req := s.newRequest(w, r)
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			req.fail(http.StatusMethodNotAllowed, "")
		case len(r.URL.RawQuery) > maxQueryString:
			req.fail(http.StatusBadRequest, "query string")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *server) handle(h func(*request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := s.newRequest(w, r)
		err := s.err
		if err == nil {
			err = h(req)
		}
		var bad badParameter
		switch {
		case err == nil || errors.Is(err, context.Canceled):
		case errors.Is(err, ErrNotFound):
			req.fail(http.StatusNotFound, "")
		case errors.As(err, &bad):
			req.fail(http.StatusBadRequest, string(bad))
		case errors.Is(err, ErrQuery):
			req.fail(http.StatusBadRequest, err.Error())
		default:
			s.opt.Log.Error("page", "path", r.URL.Path, "err", err)
			req.fail(http.StatusInternalServerError, "")
		}
	})
}

// badParameter names the parameter of a request that cannot be used.
type badParameter string

func (b badParameter) Error() string { return "bad parameter: " + string(b) }

// request is one request being answered.
type request struct {
	s      *server
	w      http.ResponseWriter
	r      *http.Request
	query  url.Values
	lang   render.Lang
	chosen bool // by ?lang=
	json   bool
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
func (req *request) label(key string) string {
	if _, ok := req.s.labels[key]; ok {
		return req.s.labels.Get(key, req.lang)
	}
	return render.Label(key, req.lang)
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

// cite leads to the words of c in its document.
func (req *request) cite(c compare.Cite) string {
	return req.href(fmt.Sprintf("/doc/%s#%s", url.PathEscape(string(c.Doc)), anchor(c.Chars)))
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
	_, _ = req.w.Write(b.Bytes())
}

// page is what the layout shows around every page.
type page struct {
	req                                    *request
	HTMLLang, Title                        string
	HomeHref, CompareHref, TimelineHref    string
	LangHref, OtherLang, JSONHref, ICSHref string
	Words, Lang                            string // of the search form
	Sample                                 bool
	Body                                   any
}

// L is the label for key, for the templates.
func (p page) L(key string) string { return p.req.label(key) }

func (req *request) page(title string) page {
	other := "en"
	if req.lang == render.EN {
		other = "zh"
	}
	p := page{
		req: req, HTMLLang: render.HTMLLang(req.lang), Title: title,
		HomeHref: req.href("/"), CompareHref: req.href("/compare"), TimelineHref: req.href("/timeline"),
		LangHref: req.here(req.r.URL.EscapedPath(), "lang", other), OtherLang: other, Words: req.query.Get("q"),
	}
	if req.chosen {
		p.Lang = string(req.lang)
	}
	return p
}

func (req *request) render(name string, p page) error {
	var b bytes.Buffer
	if err := req.s.pages[name].Execute(&b, p); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	req.head("text/html; charset=utf-8")
	_, _ = req.w.Write(b.Bytes())
	return nil
}

func (req *request) records() ([]*corpus.Record, error) {
	var out []*corpus.Record
	for r, err := range req.s.b.Records(req.r.Context()) {
		if err != nil {
			return nil, fmt.Errorf("records: %w", err)
		}
		out = append(out, r)
	}
	return out, nil
}

func (s *server) today() string {
	if s.opt.Today == nil {
		return ""
	}
	return s.opt.Today()
}
