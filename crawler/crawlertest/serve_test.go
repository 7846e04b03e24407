package crawlertest

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const host = "mzt.qinglan.example"

func serve(t *testing.T, files map[string]string) *Sites {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		m[host+"/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := Serve(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func get(t *testing.T, s *Sites, path string) (int, string, http.Header) {
	t.Helper()
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Get(s.URL(host, path))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.StatusCode, "broken", resp.Header
	}
	return resp.StatusCode, string(data), resp.Header
}

func TestServe(t *testing.T) {
	s := serve(t, map[string]string{
		"index.html":       "首页",
		"a/index.html":     "list",
		"a/list.jsp":       "one",
		"a/list.jsp@p=2":   "two",
		"half.html":        strings.Repeat("x", 1000),
		"once.html":        "ok",
		"private/_headers": "not served",
		"_headers": `# comment
/a/old.html
  Status: 302
  Location: /a/
/a/
  Content-Type: text/html; charset=utf-8
/half.html
  Fault: half
/once.html
  Fault: once-503
  Retry-After: 1
`})
	for _, tt := range []struct {
		why, path, body string
		status          int
	}{
		{"a host has its home page", "/", "首页", 200},
		{"a folder has its index", "/a/", "list", 200},
		{"a query without its own file", "/a/list.jsp?p=1", "one", 200},
		{"a query with its own file", "/a/list.jsp?p=2", "two", 200},
		{"a redirect from the sidecar", "/a/old.html", "", 302},
		{"missing", "/nothing.html", "not found\n", 404},
		{"the sidecar is not served", "/_headers", "not found\n", 404},
		{"no way out of the folder", "/../../etc/passwd", "not found\n", 404},
		{"half a body breaks", "/half.html", "broken", 200},
		{"fails once", "/once.html", "ok", 503},
		{"then answers", "/once.html", "ok", 200},
	} {
		t.Run(tt.why, func(t *testing.T) {
			status, body, _ := get(t, s, tt.path)
			if status != tt.status || body != tt.body {
				t.Errorf("got %d %q, want %d %q", status, body, tt.status, tt.body)
			}
		})
	}
	if _, _, h := get(t, s, "/a/"); h.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("the sidecar's type did not win: %q", h.Get("Content-Type"))
	}
	if s.Hits(host, "/once.html") != 2 {
		t.Errorf("hits are not counted: %d", s.Hits(host, "/once.html"))
	}
	if _, err := s.Client().Get("http://elsewhere.example/"); err == nil {
		t.Error("an unknown host must not be reached")
	}
}

func TestBadSidecarsAreRefused(t *testing.T) {
	for _, text := range []string{"Status: 200\n", "/a\nStatus: 200\n", "/a\n  Status: 999\n", "/a\n  Fault: none\n", "/a\n  word\n"} {
		if _, err := parseHeaders(text); err == nil {
			t.Errorf("accepted %q", text)
		}
	}
}

func FuzzParseHeaders(f *testing.F) {
	f.Add("/a\n  Status: 302\n  Location: /b\n")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := parseHeaders(text)
		for p, r := range rules {
			if err == nil && (!strings.HasPrefix(p, "/") || r.header == nil) {
				t.Errorf("rule %q without a path or headers", p)
			}
		}
	})
}
