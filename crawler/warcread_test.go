package crawler

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func httpRecord(uri, kind, http string) string {
	head := fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\n"+
		"WARC-Target-URI: %s\r\nWARC-Date: 2019-11-18T08:00:00Z\r\nContent-Type: application/http; msgtype=%s\r\nContent-Length: %d\r\n\r\n", kind, uri, kind, len(http))
	return head + http + "\r\n\r\n"
}

func archiveOf(t testing.TB, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestReadWARC(t *testing.T) {
	ok := func(body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	for _, c := range []struct {
		name, text string
		want       string // addresses and bodies
		bad        int
	}{
		{"two answers", httpRecord("http://a.example/1", "response", ok("one")) + httpRecord("http://a.example/2", "response", ok("two")), "http://a.example/1 200 one|http://a.example/2 200 two|", 0},
		{"a request holds no document", httpRecord("http://a.example/1", "request", "GET /1 HTTP/1.1\r\nHost: a.example\r\n\r\n"), "", 0},
		{"a body over the limit is counted", httpRecord("http://a.example/1", "response", ok(strings.Repeat("x", 200))), "", 1},
		{"a head at which the library panics", "WARC/\n0", "", 1},
		{"no archive at all", "<html>no archive</html>", "", 1},
	} {
		got := ""
		bad, err := ReadWARC(archiveOf(t, "x.warc", c.text), 100, func(a Archived) error {
			got += fmt.Sprintf("%s %d %s|", a.URL, a.Status, a.Body)
			return nil
		})
		if got != c.want || bad != c.bad || err != nil {
			t.Errorf("%s: %q, %d bad, %v; want %q, %d bad", c.name, got, bad, err, c.want, c.bad)
		}
	}
}

func TestInspect(t *testing.T) {
	b := newBench(t, many(1))
	for _, c := range []struct {
		name, address, body    string
		page, file, off, files bool
	}{
		{"a plan with an attachment", "http://a.example/t1.html", article(plan, "<a href='P1.doc'>附件1</a>"), true, false, false, true},
		{"off the topic", "http://a.example/t2.html", page("放假", "<div class='TRS_Editor'>"+strings.Repeat("春节放假安排如下。", 20)+"</div>"), true, false, true, false},
		{"a file without a name", "http://a.example/down?id=3", "%PDF-1.4", false, true, false, false},
		{"a script is neither", "http://a.example/x.js", "var a=1", false, false, false, false},
		{"a stub is no page", "http://a.example/t4.html", "<html>x</html>", false, false, true, false},
	} {
		in := Inspect(Archived{URL: c.address, Status: 200, Body: []byte(c.body)}, b.opts.Web, b.opts.Focus)
		if in.Page != c.page || in.File != c.file || (in.Off != "") != c.off || (len(in.Files) > 0) != c.files {
			t.Errorf("%s: %+v", c.name, in)
		}
	}
}

// Whatever bytes an archive has, reading ends without a panic, and no body is
// larger than the limit.
func FuzzReadArchive(f *testing.F) {
	f.Add([]byte(httpRecord("http://a.example/1", "response", "HTTP/1.1 200 OK\r\n\r\nx")), false)
	f.Add([]byte("PK\x03\x04archive/data.warc.gz"), true)
	f.Add([]byte("\x1f\x8b\x08\x00WARC/1.1"), false)
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	if _, err := z.Write([]byte(httpRecord("http://a.example/1", "response", "HTTP/1.1 200 OK\r\n\r\nx"))); err != nil {
		f.Fatal(err)
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(gz.Bytes(), false)
	damaged := bytes.Clone(gz.Bytes())
	damaged[12] ^= 0x10 // once read without end
	f.Add(damaged, false)
	f.Fuzz(func(t *testing.T, data []byte, packed bool) {
		const limit = 1 << 10
		each := func(a Archived) error {
			if len(a.Body) > limit {
				t.Errorf("a body of %d bytes", len(a.Body))
			}
			return nil
		}
		if packed {
			_, _ = ReadWACZ(archiveOf(t, "x.wacz", string(data)), limit, each) // an error is a fine answer to noise
			return
		}
		name := archiveOf(t, "x.warc", string(data))
		_, _ = ReadWARC(name, limit, each)
		_, _ = CheckWARC([]string{name}, func(string, string, string) {})
	})
}
