package crawler

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/nlnwa/gowarc"

	"tuogou/rules"
)

// Archived is one answer out of a web archive, unpacked.
type Archived struct {
	URL    string // as archived
	Status int    // 200 for a resource record
	Type   string // Content-Type
	Time   time.Time
	Body   []byte
}

// ReadWARC hands each response and resource of a WARC file (also .warc.gz) to
// each, in order. limit bounds one body in bytes; a record that is larger or
// broken is passed over and counted. Revisit records hold nothing of their own.
// An error is that of the file, or what each gave.
func ReadWARC(name string, limit int64, each func(Archived) error) (bad int, err error) {
	r, err := openArchive(name, gowarc.WithNoValidation(), gowarc.WithUnknownRecordTypePolicy(gowarc.ErrIgnore))
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", path.Base(name), err)
	}
	defer r.Close()
	n := 0
	for {
		rec, _, err := r.next()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				bad++ // not one record
			}
			return bad, nil
		}
		if err != nil {
			// Behind a broken record no next one can be found.
			return bad + 1, nil
		}
		if rec.RecordId() != "" {
			n++
		}
		a, ok, err := archived(rec, limit)
		switch {
		case err != nil:
			bad++
		case ok:
			if err := each(a); err != nil {
				return bad, err
			}
		}
	}
}

// archived reads one record; false means that it is of no use here.
func archived(rec gowarc.WarcRecord, limit int64) (Archived, bool, error) {
	h := rec.WarcHeader()
	a := Archived{URL: strings.Trim(h.Get(gowarc.WarcTargetURI), "<>"), Status: 200, Type: h.Get(gowarc.ContentType)}
	a.Time, _ = rec.Date() // without one, the time is unknown
	if rec.Type() != gowarc.Response && rec.Type() != gowarc.Resource || !strings.HasPrefix(a.URL, "http") {
		return a, false, nil
	}
	raw, err := rec.Block().RawBytes()
	if err != nil {
		return a, false, err
	}
	data, err := readLimited(raw, limit+1<<20)
	if err != nil {
		return a, false, err
	}
	if rec.Type() == gowarc.Resource {
		a.Body = data
		return a, true, nil
	}
	if !strings.HasPrefix(a.Type, "application/http") {
		return a, false, nil
	}
	header, body, err := splitHTTP(data, &a.Status)
	if err != nil {
		return a, false, err
	}
	if strings.Contains(strings.ToLower(header.Get("Transfer-Encoding")), "chunked") {
		// Some writers keep the header and join the chunks.
		if plain, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(body))); err == nil {
			body = plain
		}
	}
	a.Type = header.Get("Content-Type")
	u, err := url.Parse(a.URL)
	if err != nil {
		return a, false, err
	}
	a.Body, err = readBody(bytes.NewReader(body), header.Get("Content-Encoding"), u.Path, limit)
	return a, err == nil, err
}

func splitHTTP(data []byte, status *int) (http.Header, []byte, error) {
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(data)))
	line, err := r.ReadLine()
	if err != nil {
		return nil, nil, err
	}
	fields := strings.Fields(line)
	if len(fields) < 2 || !strings.HasPrefix(fields[0], "HTTP/") {
		return nil, nil, errors.New("no status line")
	}
	if *status, err = strconv.Atoi(fields[1]); err != nil {
		return nil, nil, err
	}
	header, err := r.ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	_, body, found := bytes.Cut(data, []byte("\r\n\r\n"))
	if !found {
		_, body, _ = bytes.Cut(data, []byte("\n\n"))
	}
	return http.Header(header), body, nil
}

// maxArchive bounds one archive inside a WACZ, in bytes.
const maxArchive = 8 << 30

// ReadWACZ is ReadWARC for each archive in a WACZ file.
func ReadWACZ(name string, limit int64, each func(Archived) error) (bad int, err error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", path.Base(name), err)
	}
	defer z.Close()
	found := false
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".warc") && !strings.HasSuffix(f.Name, ".warc.gz") {
			continue
		}
		found = true
		n, err := readInner(f, limit, each)
		bad += n
		if err != nil {
			return bad, fmt.Errorf("read %s in %s: %w", f.Name, path.Base(name), err)
		}
	}
	if !found {
		return 0, fmt.Errorf("read %s: no archive in it", path.Base(name))
	}
	return bad, nil
}

func readInner(f *zip.File, limit int64, each func(Archived) error) (int, error) {
	in, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	out, err := os.CreateTemp("", "tuogou-*"+path.Ext(f.Name))
	if err != nil {
		return 0, err
	}
	defer os.Remove(out.Name())
	n, err := io.Copy(out, io.LimitReader(in, maxArchive+1))
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	if err == nil && n > maxArchive {
		err = fmt.Errorf("%w of %d bytes", errTooLarge, int64(maxArchive))
	}
	if err != nil {
		return 0, err
	}
	return ReadWARC(out.Name(), limit, each)
}

// Inspected is what the crawler sees in an answer that it did not fetch.
type Inspected struct {
	Page bool // of HTML, and not the error page of a site
	File bool // a document: its first bytes say so
	// Off says why a page is off topic; empty means that it is on it.
	Off string
	// Files and Further are the addresses of attachments and further pages.
	Files, Further []Row
}

// Inspect looks at an answer as a crawl with these rules would.
func Inspect(a Archived, web *rules.Web, focus *rules.Focus) Inspected {
	resp := &Response{URL: a.URL, Status: a.Status, Header: http.Header{"Content-Type": {a.Type}}, Body: a.Body}
	if !isHTML(resp) {
		u, err := url.Parse(a.URL)
		return Inspected{File: realType(a.Body) != "" || err == nil && isFile(u, web)}
	}
	w := &worker{run: &run{opts: Options{Web: web, Focus: focus}}}
	o := w.open(Target{URL: a.URL, Kind: Article}, resp)
	in := Inspected{Page: softArticle(Target{}, o.text, o.doc, web) == "" || len(o.files) > 0, Files: o.files}
	in.Off = w.offTopic(Target{}, o)
	for _, address := range o.more {
		in.Further = append(in.Further, Row{URL: address})
	}
	return in
}
