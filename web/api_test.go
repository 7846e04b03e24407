package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// description is the part of OpenAPI that the test walks.
type description struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string
		Parameters  []struct {
			Name, In string
			Required bool
			Schema   struct{ Enum []any }
		}
		Responses map[string]struct {
			Content map[string]any
		}
	}
	Components struct{ Schemas map[string]any }
}

func describe(t *testing.T, h http.Handler) description {
	t.Helper()
	var d description
	r := get(t, h, "/api/v1/openapi.json")
	text := body(t, r)
	if err := json.Unmarshal([]byte(text), &d); err != nil || r.StatusCode != 200 {
		t.Fatalf("%d %v", r.StatusCode, err)
	}
	for _, ref := range strings.Split(text, `"$ref":"#/components/schemas/`)[1:] {
		if name, _, _ := strings.Cut(ref, `"`); d.Components.Schemas[name] == nil {
			t.Errorf("no schema %s", name)
		}
	}
	return d
}

// Every operation is called as its description says, and its errors are of the form of
// RFC 9457.
func TestAPIFromItsDescription(t *testing.T) {
	h, list := newSite(t, nil)
	d := describe(t, h)
	if !strings.HasPrefix(d.OpenAPI, "3.1") || len(d.Paths) < 10 {
		t.Fatalf("OpenAPI %s with %d paths", d.OpenAPI, len(d.Paths))
	}
	known := map[string]string{"q": "脱钩", "places": "990101,990102", "there": string(list[0].ID), "here": string(list[1].ID), "id": string(list[0].ID), "uid": shelf{list: list}.log()[0].UID, "from": "2018-01-01", "to": "2019-12-31"}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if method != "get" {
				continue
			}
			target, q := path, url.Values{}
			for _, p := range op.Parameters {
				value := known[p.Name]
				if len(p.Schema.Enum) > 0 {
					value = fmt.Sprint(p.Schema.Enum[0])
				}
				switch {
				case p.In == "path":
					target = strings.ReplaceAll(target, "{"+p.Name+"}", value)
				case value != "" && p.Name != "generation":
					q.Set(p.Name, value)
				}
			}
			if r := get(t, h, target+"?"+q.Encode()); r.StatusCode != 200 {
				t.Errorf("%s %s?%s: %d %s", op.OperationID, target, q.Encode(), r.StatusCode, body(t, r))
			}
		}
	}
}

func TestAPIErrors(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, tt := range []struct {
		target string
		status int
		says   string
	}{
		{"/api/v1/search?q=%28", 400, "query, character"}, {"/api/v1/search?q=a&unit=x", 422, "unit"}, {"/api/v1/search?q=a&limit=1000", 422, "limit"},
		{"/api/v1/documents/unone", 404, "Check the address"}, {"/api/v1/study", 400, "places"}, {"/api/v1/study?places=990101&baseline=unone", 400, "no such baseline"},
		{"/api/v1/study/report?places=990101&format=exe", 422, "format"}, {"/api/v1/timeline?from=x", 422, "from"}, {"/api/v1/timeline?state=late", 422, "state"}, {"/api/v1/changes?since=x", 400, "since"}, {"/api/v1/obligations/o1", 404, "Check the address"},
		{"/api/v1/timeline/calendar?alarm=-1", 400, "alarm"}, {"/api/v1/search?kind=%22", 400, "kind"},
	} {
		r := get(t, h, tt.target)
		text := body(t, r)
		var p struct {
			Status        int
			Title, Detail string
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil || r.StatusCode != tt.status || p.Status != tt.status || !strings.Contains(text, tt.says) ||
			r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %s", tt.target, r.StatusCode, r.Header.Get("Content-Type"), text)
		}
	}
}

func post(t *testing.T, h http.Handler, target, data string) *http.Response {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, target, strings.NewReader(data))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Result()
}

func TestAPIExtract(t *testing.T) {
	h, _ := newSite(t, nil)
	r := post(t, h, "/api/v1/extract", `{"text":"青禾区方案"}`)
	if got := body(t, r); r.StatusCode != 200 || !strings.Contains(got, "青禾府发〔2018〕7号") || strings.Contains(got, "5550123") {
		t.Errorf("%d %.200s", r.StatusCode, got)
	}
	for data, status := range map[string]int{`{"text":""}`: 422, `{`: 400, `{"text":"` + strings.Repeat("a", 2<<20) + `"}`: 413, `{"text":"panic"}`: 500} {
		if r := post(t, h, "/api/v1/extract", data); r.StatusCode != status || strings.Contains(body(t, r), "secret") {
			t.Errorf("%.20s: %d, want %d", data, r.StatusCode, status)
		}
	}
	if r := post(t, h, "/search", `{}`); r.StatusCode != 405 {
		t.Errorf("a page takes a POST: %d", r.StatusCode)
	}
}

func TestAPIExport(t *testing.T) {
	h, _ := newSite(t, nil)
	r := get(t, h, "/api/v1/export?q=%E8%84%B1%E9%92%A9&format=csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body(t, r), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 5 || rows[0][0] != "rank" {
		t.Errorf("%v, %v", rows, err)
	}
	r = get(t, h, "/api/v1/export?q=%E8%84%B1%E9%92%A9")
	if got := body(t, r); strings.Count(got, "\n") != 4 || strings.Contains(got, "5550123") {
		t.Errorf("%s", got)
	}
}
