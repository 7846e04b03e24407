package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/index"
)

// APIVersion is the version of the API; its paths begin with /api/v1.
const APIVersion = "1.0.0"

// SearchInput is what a search takes. Filters are those of the page.
type SearchInput struct {
	Q          string   `query:"q" doc:"the query, in the language of /help" example:"办公用房 year:2018" maxLength:"500"`
	Unit       string   `query:"unit" doc:"what to find" enum:"document,clause,provision,deadline,duty" default:"document"`
	Sort       string   `query:"sort" enum:"score,date,place" default:"score"`
	Limit      int      `query:"limit" minimum:"1" maximum:"50" default:"20"`
	After      string   `query:"after" doc:"next of the page before" maxLength:"400"`
	Explain    bool     `query:"explain" doc:"say why each hit was found"`
	Coverage   bool     `query:"coverage" doc:"say what the query was counted against"`
	Place      []string `query:"place" doc:"codes; what lies under a place is included"`
	Level      []string `query:"level"`
	Year       []string `query:"year"`
	Kind       []string `query:"kind"`
	Generation []string `query:"generation"`
	Clause     []string `query:"clause"`
	Organ      []string `query:"organ" doc:"ids of kinds of organs"`
	Role       []string `query:"role"`
	Source     []string `query:"source"`
	Province   []string `query:"province"`
	City       []string `query:"city"`
	County     []string `query:"county"`
}

func (in *SearchInput) asking() Asking {
	a := Asking{Text: in.Q, Unit: in.Unit, Sort: in.Sort, After: in.After, Limit: in.Limit, Explain: in.Explain, Coverage: in.Coverage}
	for _, f := range []struct {
		field  string
		values []string
	}{{"province", in.Province}, {"city", in.City}, {"county", in.County}, {"place", in.Place}, {"level", in.Level}, {"year", in.Year}, {"kind", in.Kind},
		{"generation", in.Generation}, {"clause", in.Clause}, {"organ", in.Organ}, {"role", in.Role}, {"source", in.Source}} {
		for _, v := range f.values {
			a.Filters = append(a.Filters, Filter{f.field, v})
		}
	}
	return a
}

// ExportInput is a search of which every hit is wanted.
type ExportInput struct {
	SearchInput
	Format string `query:"format" enum:"csv,jsonl" default:"jsonl"`
}

// DocumentInput names a document.
type DocumentInput struct {
	ID string `path:"id" maxLength:"80" example:"f1d2c3b4a5968778"`
}

// StudyInput chooses what is compared.
type StudyInput struct {
	Places     []string `query:"places" doc:"codes" example:"991100,991101"`
	Below      bool     `query:"below" doc:"count the places inside too"`
	Baseline   string   `query:"baseline" doc:"id of a document, codebook, or empty for the one each cites" maxLength:"80"`
	Generation string   `query:"generation" enum:"decoupling_2015,decoupling_2019,reform_2026,"`
	Lang       string   `query:"lang" enum:"zh,en" default:"zh"`
}

func (in *StudyInput) choice() (StudyChoice, error) {
	c := StudyChoice{Below: in.Below, Baseline: in.Baseline, Generation: corpus.Generation(in.Generation)}
	var err error
	if c.Places, err = placeCodes(in.Places); err != nil {
		return c, err
	}
	if len(c.Places) == 0 {
		return c, badParameter("places")
	}
	return c, c.check()
}

// body is an answer in JSON.
type body[T any] struct {
	Body T
}

// raw is an answer in bytes of its own kind.
type raw struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// api adds the JSON API. Its description is at /api/v1/openapi.json; the page that
// shows it is ours (/help), for huma's own loads scripts from elsewhere.
func (s *server) api(mux *http.ServeMux) {
	config := huma.DefaultConfig("tuogou", APIVersion)
	config.DocsPath, config.OpenAPIPath, config.SchemasPath = "", "/api/v1/openapi", "/api/v1/schemas"
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.CreateHooks = nil // no $schema fields: a page's twin and the API say the same
	config.Info.Description = "Search, read, compare and follow plans on the decoupling of industry associations. Spans count code points of a body, the end exclusive."
	api := humago.New(mux, config)
	api.UseMiddleware(s.apiTag(api))
	s.operations = api.OpenAPI()
	get := func(path, id, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary, Errors: []int{400, 404, 422, 429, 500}}
	}
	huma.Register(api, get("/search", "search", "Find documents or parts of them"), func(ctx context.Context, in *SearchInput) (*body[*Answer], error) {
		done, err := s.turn(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
		v, err := s.ask(ctx, in.asking())
		return answered(s, v, err)
	})
	huma.Register(api, get("/export", "export", "Every hit of a search, as CSV or JSON lines"), s.export)
	huma.Register(api, get("/suggest", "suggest", "What a reader may be about to type"), func(ctx context.Context, in *struct {
		Q    string `query:"q" required:"true" maxLength:"100"`
		Lang string `query:"lang" enum:"zh,en" default:"zh"`
	}) (*body[[]Suggestion], error) {
		v, err := s.suggestions(ctx, strings.TrimSpace(in.Q), render.Lang(in.Lang))
		return answered(s, v, err)
	})
	s.apiDocuments(api, get)
	s.apiReports(api, get)
	s.apiTimeline(api, get)
	post := huma.Operation{OperationID: "extract", Method: http.MethodPost, Path: "/api/v1/extract", Summary: "The record of one text, which is not kept",
		MaxBodyBytes: maxText + 4096, Errors: []int{400, 413, 422, 429, 500}}
	huma.Register(api, post, func(ctx context.Context, in *struct {
		Body struct {
			Text string `json:"text" doc:"a whole document, as plain text" minLength:"1" maxLength:"1048576"`
		}
	}) (*raw, error) {
		r, err := s.b.Extract(ctx, in.Body.Text)
		if err != nil {
			return nil, s.problem(err)
		}
		return s.recordAnswer(r)
	})
}

// schemaName names a type in the description of the API; Place of package compare and Place of
// package index are two.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if p := path.Base(t.PkgPath()); p != "." && p != "web" && p != "corpus" {
		name = strings.ToUpper(p[:1]) + p[1:] + name
	}
	return name
}

// apiDocuments are the documents and what belongs to each.
func (s *server) apiDocuments(api huma.API, get func(path, id, summary string) huma.Operation) {
	huma.Register(api, get("/documents/{id}", "document", "The record of a document, contacts masked"), func(ctx context.Context, in *DocumentInput) (*raw, error) {
		r, err := s.lib.record(ctx, corpus.DocID(in.ID))
		if err != nil {
			return nil, s.problem(err)
		}
		return s.recordAnswer(r)
	})
	huma.Register(api, get("/documents/{id}/captures", "captures", "When and from where a document was fetched"), func(ctx context.Context, in *DocumentInput) (*body[[]CaptureAnswer], error) {
		list, err := s.b.Captures(ctx, corpus.DocID(in.ID))
		if err != nil {
			return nil, s.problem(err)
		}
		out := &body[[]CaptureAnswer]{Body: []CaptureAnswer{}}
		for _, c := range list {
			out.Body = append(out.Body, CaptureAnswer{c.URL, c.Final, c.Fetched.UTC().Format("2006-01-02T15:04:05Z"), c.Status, c.Type, c.SHA256, c.Size})
		}
		return out, nil
	})
	huma.Register(api, get("/pair", "pair", "Two documents side by side, sentence by sentence"), func(ctx context.Context, in *struct {
		There string `query:"there" required:"true" maxLength:"80" doc:"id of the baseline"`
		Here  string `query:"here" required:"true" maxLength:"80"`
	}) (*body[*compare.Pairing], error) {
		there, err := s.lib.record(ctx, corpus.DocID(in.There))
		if err != nil {
			return nil, s.problem(err)
		}
		here, err := s.lib.record(ctx, corpus.DocID(in.Here))
		if err != nil {
			return nil, s.problem(err)
		}
		return &body[*compare.Pairing]{compare.Pair(there, here)}, nil
	})
}

// apiReports are what is made of many documents.
func (s *server) apiReports(api huma.API, get func(path, id, summary string) huma.Operation) {
	huma.Register(api, get("/study", "study", "Places beside a baseline, clause by clause"), func(ctx context.Context, in *StudyInput) (*body[*render.Study], error) {
		c, err := in.choice()
		if err != nil {
			return nil, s.problem(err)
		}
		v, err := s.study(ctx, c)
		return answered(s, v, err)
	})
	huma.Register(api, get("/study/report", "report", "The study as a file"), func(ctx context.Context, in *struct {
		StudyInput
		Format string `query:"format" enum:"html,docx,xlsx,md,csv,json,events,gbt7714,bibtex,csl" default:"html"`
	}) (*raw, error) {
		c, err := in.choice()
		if err != nil {
			return nil, s.problem(err)
		}
		data, err := s.writeReport(ctx, c, in.Format, render.Lang(in.Lang))
		if err != nil {
			return nil, s.problem(err)
		}
		i := slices.IndexFunc(StudyFormats, func(f struct{ Name, Ext, Type string }) bool { return f.Name == in.Format })
		return &raw{StudyFormats[i].Type, `attachment; filename="tuogou-comparison.` + StudyFormats[i].Ext + `"`, data}, nil
	})
	huma.Register(api, get("/coverage", "coverage", "What is here of each place, what is wanted, which numbers are missing"), func(ctx context.Context, _ *struct{}) (*body[*overview], error) {
		v, err := s.overview(ctx)
		return answered(s, v, err)
	})
}

// CaptureAnswer is one fetching of a document.
type CaptureAnswer struct {
	URL     string      `json:"url"`
	Final   string      `json:"final" doc:"after redirects; empty where the same"`
	Fetched string      `json:"fetched"`
	Status  int         `json:"status"`
	Type    string      `json:"type"`
	SHA256  corpus.Hash `json:"sha256" doc:"of the bytes, at /capture/{sha256}"`
	Size    int64       `json:"size" doc:"bytes"`
}

// answered is a result as the API gives it.
func answered[T any](s *server, v T, err error) (*body[T], error) {
	if err != nil {
		return nil, s.problem(err)
	}
	return &body[T]{v}, nil
}

func (s *server) recordAnswer(r *corpus.Record) (*raw, error) {
	data, err := corpus.Encode(compare.Mask(r))
	if err != nil {
		return nil, s.problem(err)
	}
	return &raw{"application/json; charset=utf-8", "", append(data, '\n')}, nil
}

// problem is an error in the form of RFC 9457.
func (s *server) problem(err error) error {
	status, what := s.explain(err, render.EN)
	if status == http.StatusInternalServerError {
		s.opt.Log.Error("api", "err", err)
	}
	return huma.NewError(status, strings.TrimSpace(s.labels.Get("error."+strconv.Itoa(status)+".text", render.EN)+what))
}

// apiTag names an answer by the records and the address, as pages do.
func (s *server) apiTag(huma.API) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(c)
		if r.Method == http.MethodGet && s.newRequest(w, r).known() {
			return
		}
		next(c)
	}
}

// export writes every hit. It is bounded by the time of a request, not by a number.
func (s *server) export(ctx context.Context, in *ExportInput) (*raw, error) {
	a := in.asking()
	a.Limit, a.After = 0, ""
	q, err := a.query()
	if err != nil {
		return nil, s.problem(err)
	}
	var b bytes.Buffer
	table := render.Table{Head: HitColumns}
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	var bad error
	_, err = s.b.Each(ctx, q, func(h index.Hit) bool {
		var hit HitAnswer
		if hit, bad = s.hit(ctx, h); bad != nil {
			return errors.Is(bad, ErrNotFound) // the index may know what the store has lost
		}
		if in.Format == "csv" {
			table.Rows = append(table.Rows, hit.Row(len(table.Rows)+1))
		} else {
			bad = lines.Encode(hit)
		}
		return bad == nil && ctx.Err() == nil
	})
	for _, e := range []error{err, bad, ctx.Err()} {
		if e != nil && !errors.Is(e, ErrNotFound) {
			return nil, s.problem(e)
		}
	}
	if in.Format != "csv" {
		return &raw{"application/jsonl; charset=utf-8", `attachment; filename="hits.jsonl"`, b.Bytes()}, nil
	}
	if err := render.WriteCSV(&b, table); err != nil {
		return nil, s.problem(err)
	}
	return &raw{"text/csv; charset=utf-8", `attachment; filename="hits.csv"`, b.Bytes()}, nil
}
