package crawler

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nlnwa/gowarc"
)

// archive writes each exchange as a request and a response record (WARC 1.1)
// into one file, gzip per record. Where the payload was archived before, in this
// run or an earlier one, or the server says "not modified", the response is a
// revisit record that names the one it repeats. It is a transport around another one, so
// robots.txt, redirects, refusals and retries are all in it. It is safe for
// concurrent use.
type archive struct {
	next   http.RoundTripper
	writer *gowarc.WarcFileWriter
	limit  int64 // bytes of a body
	now    func() time.Time
	names  *warcNames
	notes  Notes
}

// building is held while gowarc works: it sets a variable of the whole program with each
// record that it builds, and several hosts are archived at once.
var building sync.Mutex

// warcNote names an archived response.
type warcNote struct {
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Date string `json:"date"`
}

// warcNames makes the names of a run's files: tuogou-20261124001122-0000.warc.
type warcNames struct {
	dir, stamp string
	serial     int
	paths      []string
}

// NewWarcfileName is gowarc's; it is called by one goroutine. Files of another
// run in the same second are passed by.
func (n *warcNames) NewWarcfileName() (dir, name string) {
	for {
		name = fmt.Sprintf("tuogou-%s-%04d.warc", n.stamp, n.serial)
		n.serial++
		_, err := os.Stat(filepath.Join(n.dir, name+".gz"))
		_, open := os.Stat(filepath.Join(n.dir, name+".gz.open"))
		if errors.Is(err, os.ErrNotExist) && errors.Is(open, os.ErrNotExist) {
			n.paths = append(n.paths, filepath.Join(n.dir, name+".gz"))
			return n.dir, name
		}
	}
}

// newArchive records what goes through next into dir, which is made.
func newArchive(dir string, next http.RoundTripper, limit int64, now func() time.Time, notes Notes) (*archive, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("warc folder: %w", err)
	}
	// What a killed run left open is whole up to its last record.
	left, err := filepath.Glob(filepath.Join(dir, "*.warc.gz.open"))
	if err != nil {
		return nil, fmt.Errorf("warc folder: %w", err)
	}
	for _, name := range left {
		if err := os.Rename(name, strings.TrimSuffix(name, ".open")); err != nil {
			return nil, fmt.Errorf("warc folder: %w", err)
		}
	}
	building.Lock()
	defer building.Unlock()
	names := &warcNames{dir: dir, stamp: now().UTC().Format("20060102150405")}
	return &archive{next: next, limit: limit, now: now, names: names, notes: notes,
		writer: gowarc.NewWarcFileWriter(
			gowarc.WithFileNameGenerator(names),
			gowarc.WithCompression(true),
			gowarc.WithMaxConcurrentWriters(1),
			gowarc.WithMaxFileSize(0),
			gowarc.WithAddWarcConcurrentToHeader(true),
			gowarc.WithWarcInfoFunc(func(b gowarc.WarcRecordBuilder) error {
				_, err := b.WriteString("software: tuogou\r\nformat: WARC File Format 1.1\r\n")
				return err
			}),
		)}, nil
}

// close ends the file and returns its path, or "" if nothing was recorded.
func (a *archive) close() (string, error) {
	building.Lock()
	defer building.Unlock()
	err := a.writer.Close()
	if len(a.names.paths) == 0 {
		return "", err
	}
	return a.names.paths[0], err
}

// CloseIdleConnections is what http.Client looks for.
func (a *archive) CloseIdleConnections() {
	if c, ok := a.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// RoundTrip is http.RoundTripper. A body that breaks off is recorded as far as
// it came, and its reader gets the same error.
func (a *archive) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		if sent, err = io.ReadAll(body); err != nil {
			return nil, err
		}
	}
	at := a.now()
	resp, err := a.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, broken := io.ReadAll(io.LimitReader(resp.Body, a.limit+1))
	resp.Body.Close()
	if err := a.write(req, sent, resp, body, broken, at); err != nil {
		return nil, fmt.Errorf("warc: %w", err)
	}
	rest := io.Reader(bytes.NewReader(body))
	if broken != nil {
		rest = io.MultiReader(rest, failing{broken})
	}
	resp.Body = io.NopCloser(rest)
	return resp, nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (a *archive) write(req *http.Request, sent []byte, resp *http.Response, body []byte, broken error, at time.Time) error {
	truncated := ""
	switch {
	case broken != nil:
		truncated = "disconnect"
	case int64(len(body)) > a.limit:
		truncated = "length"
	}
	building.Lock()
	defer building.Unlock()
	out, err := a.record(gowarc.Response, req, at, truncated, responseBytes(resp, body))
	if err != nil {
		return err
	}
	defer out.Close()
	if truncated == "" {
		if out, err = a.repeated(req, resp, out, len(body)); err != nil {
			return err
		}
	}
	in, err := a.record(gowarc.Request, req, at, "", requestBytes(req, sent))
	if err != nil {
		return err
	}
	defer in.Close()
	for _, r := range a.writer.Write(out, in) {
		if r.Err != nil {
			return r.Err
		}
	}
	return nil
}

// repeated gives the revisit record of a response that repeats an archived one,
// and else remembers the response and gives it back.
func (a *archive) repeated(req *http.Request, resp *http.Response, out gowarc.WarcRecord, size int) (gowarc.WarcRecord, error) {
	ctx := context.WithoutCancel(req.Context())
	h := out.WarcHeader()
	payload, address := "warc "+h.Get(gowarc.WarcPayloadDigest), "warc "+req.Method+" "+req.URL.String()
	key, profile := payload, gowarc.ProfileIdenticalPayloadDigestV1_1
	switch {
	case resp.StatusCode == http.StatusNotModified:
		key, profile = address, gowarc.ProfileServerNotModifiedV1_1
	case resp.StatusCode != http.StatusOK || size < 256 || h.Get(gowarc.WarcPayloadDigest) == "":
		return out, nil // a revisit record would be larger than the response
	}
	data, err := a.notes.Note(ctx, key)
	if err != nil {
		return nil, err
	}
	var known warcNote
	if len(data) > 0 && json.Unmarshal(data, &known) == nil {
		return out.ToRevisitRecord(&gowarc.RevisitRef{Profile: profile, TargetRecordId: known.ID, TargetUri: known.URI, TargetDate: known.Date})
	}
	if profile == gowarc.ProfileServerNotModifiedV1_1 {
		return out, nil
	}
	data, err = json.Marshal(warcNote{out.RecordId(), h.Get(gowarc.WarcTargetURI), h.Get(gowarc.WarcDate)})
	if err != nil {
		return nil, err
	}
	keys := []string{payload}
	if resp.Header.Get("Etag") != "" || resp.Header.Get("Last-Modified") != "" {
		keys = append(keys, address)
	}
	for _, key := range keys {
		if err := a.notes.PutNote(ctx, key, data); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a *archive) record(kind gowarc.RecordType, req *http.Request, at time.Time, truncated string, block []byte) (gowarc.WarcRecord, error) {
	msg := "request"
	if kind == gowarc.Response {
		msg = "response"
	}
	b := gowarc.NewRecordBuilder(kind)
	b.AddWarcHeader(gowarc.WarcTargetURI, req.URL.String())
	b.AddWarcHeaderTime(gowarc.WarcDate, at.UTC())
	b.AddWarcHeader(gowarc.ContentType, "application/http;msgtype="+msg)
	if truncated != "" {
		b.AddWarcHeader(gowarc.WarcTruncated, truncated)
	}
	if _, err := b.Write(block); err != nil {
		return nil, err
	}
	r, _, err := b.Build()
	return r, err
}

// requestBytes are the bytes of a request as they went out, the connection's
// own headers aside.
func requestBytes(req *http.Request, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", req.Method, req.URL.RequestURI(), req.URL.Host)
	_ = req.Header.Write(&b) // a bytes.Buffer does not fail
	if len(body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// responseBytes are the bytes of an answer. The chunks of a chunked body have
// been joined, so the header that names them is not among them.
func responseBytes(resp *http.Response, body []byte) []byte {
	var b bytes.Buffer
	status := strings.TrimSpace(resp.Status)
	if status == "" {
		status = fmt.Sprint(resp.StatusCode)
	}
	fmt.Fprintf(&b, "HTTP/1.1 %s\r\n", status)
	_ = resp.Header.Write(&b)
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}
