package web

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/index"
	"tuogou/index/query"
	"tuogou/timeline/format"
)

//go:embed templates labels.toml static
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
	// Rate is how many requests a second one address may make over a while, Busy how
	// many are worked on at once. 0 means 50 and 64.
	Rate, Busy int
	// Token lets who knows it start jobs, by Run. Empty: the pages are for reading only.
	Token string
	Run   Runner
	// Desk takes what they say of facts. Nil: facts cannot be reviewed here.
	Desk Desk
}

// Limits on parameters: more than a person types, less than hurts.
const (
	maxQueryString = 4096 // bytes
	maxWords       = 500  // bytes of a search
	maxCursor      = 400  // bytes
	maxFilters     = 20
	maxFacetValues = 24 // beside those that stand open: all provinces
	maxPlaces      = 60
	pageSize       = 20
	maxPageSize    = 50
	nextDeadlines  = 8
	maxText        = 1 << 20 // bytes of a text to read
	requestTime    = 30 * time.Second
)

// New is the handler of all pages over b. It fails only where the built-in
// templates are broken, which the tests rule out; then every page says so.
func New(b Backend, opt Options) http.Handler {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{b: b, lib: newLibrary(b), opt: opt, started: rand.Text(), turns: newTurns()}
	s.labels, s.pages, s.err = load()
	if opt.Token != "" && opt.Run != nil {
		s.writing = &writing{token: opt.Token, jobs: newJobs(opt.Run)}
	}
	for _, key := range sortedKeys(s.labels) {
		if strings.HasPrefix(key, "help.q.") {
			s.helpKeys = append(s.helpKeys, key)
		}
	}
	mux := http.NewServeMux()
	for path, h := range s.routes() {
		mux.Handle(path, s.handle(h))
	}
	for name, kind := range map[string]string{"style.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8"} {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Cache-Control", "max-age=300")
			_, _ = w.Write([]byte(static(name)))
		})
	}
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("POST /jobs", s.post)
	mux.HandleFunc("POST /review", s.post)
	mux.HandleFunc("POST /login", s.post)
	s.api(mux)
	return s.guard(s.limit(mux))
}

// routes are the pages by their patterns.
func (s *server) routes() map[string]func(*request) error {
	return map[string]func(*request) error{
		"/{$}": s.home, "/index.json": s.home, "/search": s.search, "/search.json": s.search, "/suggest.json": s.suggest,
		"/doc/{id}": s.doc, "/doc/{id}/cite": s.cite, "/doc/{id}/versions": s.versions, "/doc/{id}/original": s.original, "/capture/{hash}": s.capture,
		"/compare": s.compare, "/compare.json": s.compare, "/compare/report": s.report, "/compare/pair": s.pair, "/compare/pair.json": s.pair,
		"/timeline": s.timeline, "/timeline.json": s.timeline, "/timeline.ics": s.calendar, "/timeline.atom": s.atom, "/timeline/file": s.download, "/obligation/{uid}": s.obligationPage, "/changes.json": s.changes,
		"/coverage": s.coverage, "/coverage.json": s.coverage, "/help": s.help, "GET /jobs": s.jobsPage, "GET /review": s.review, "GET /jobs.json": s.jobsPage,
		"/": func(*request) error { return ErrNotFound },
	}
}

// Routes are the patterns of all pages; those of the API stand in its description.
func Routes() []string {
	out := []string{"/style.css", "/app.js", "/healthz", "POST /jobs", "POST /review", "POST /login"}
	for path := range (&server{}).routes() {
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

// static is a file of the pages; the style of the reports comes first, for tables and
// charts are theirs.
func static(name string) string {
	own, _ := files.ReadFile("static/" + name) // embedded: cannot fail
	if name == "style.css" {
		return render.Style() + format.ChartStyle + string(own)
	}
	return string(own)
}

type server struct {
	b      Backend
	lib    *library
	opt    Options
	labels render.Labels
	pages  map[string]*template.Template
	err    error
	rates  rates
	busy   chan struct{}
	turns  chan struct{}
	// started tells this run from others: what a reader keeps of an older program is not
	// what this one would answer.
	started string
	// writing is nil where the pages are for reading only.
	writing *writing
	// operations describes the API.
	operations *huma.OpenAPI
	helpKeys   []string // labels of the examples of queries
}

var pageNames = []string{"home", "search", "doc", "versions", "compare", "pair", "timeline", "obligation", "coverage", "help", "jobs", "review", "error"}

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
	for _, name := range pageNames {
		t, err := template.New("layout.html").Funcs(render.Funcs()).ParseFS(render.Templates(), "partials.html")
		if err == nil {
			t, err = t.ParseFS(files, "templates/layout.html", "templates/parts.html", "templates/"+name+".html")
		}
		if err != nil {
			return nil, nil, fmt.Errorf("page %s: %w", name, err)
		}
		pages[name] = t
	}
	return labels, pages, nil
}

// sameSite turns away what a page of another site sends in a reader's name.
var sameSite = http.NewCrossOriginProtection()

// guard sets the headers that every answer has and turns away what is no reading.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		req := s.newRequest(w, r)
		own := r.URL.Path == "/jobs" || r.URL.Path == "/review" || r.URL.Path == "/login"
		posts := r.Method == http.MethodPost && (own || strings.HasPrefix(r.URL.Path, "/api/"))
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead && !posts:
			h.Set("Allow", "GET, HEAD")
			req.fail(http.StatusMethodNotAllowed, "")
		case len(r.URL.RawQuery) > maxQueryString:
			req.fail(http.StatusBadRequest, "query string")
		case posts && sameSite.Check(r) != nil:
			req.fail(http.StatusForbidden, "")
		default:
			ctx, cancel := context.WithTimeout(r.Context(), requestTime)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		}
	})
}

func (s *server) handle(h func(*request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := s.newRequest(w, r)
		err := s.err
		if err == nil && (req.known() || req.kept()) {
			return
		}
		if err == nil {
			err = h(req)
		}
		if err == nil || errors.Is(err, context.Canceled) {
			return
		}
		status, what := s.explain(err, req.lang)
		if status == http.StatusInternalServerError {
			s.opt.Log.Error("page", "path", r.URL.Path, "err", err)
		}
		req.fail(status, what)
	})
}

// explain is the status of an error and what is told of it.
func (s *server) explain(err error, lang render.Lang) (int, string) {
	var bad badParameter
	var words *query.Error
	switch {
	case errors.Is(err, ErrNotFound):
		return http.StatusNotFound, ""
	case errors.Is(err, ErrPrivate):
		return http.StatusForbidden, s.labels.Get("error.private", lang)
	case errors.Is(err, errForbidden):
		return http.StatusForbidden, ""
	case errors.As(err, &bad):
		return http.StatusBadRequest, string(bad)
	case errors.As(err, &words):
		return http.StatusBadRequest, words.In(string(lang))
	case errors.Is(err, index.ErrCursor):
		return http.StatusBadRequest, s.labels.Get("error.cursor", lang)
	case errors.Is(err, ErrChoice):
		return http.StatusBadRequest, err.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, ""
	}
	return http.StatusInternalServerError, ""
}

// badParameter names the parameter of a request that cannot be used.
type badParameter string

func (b badParameter) Error() string { return "bad parameter: " + string(b) }

func (s *server) today() string {
	if s.opt.Today == nil {
		return ""
	}
	return s.opt.Today()
}
