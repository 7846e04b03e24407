// Package crawlertest serves sample government sites from files on loopback,
// for tests and for the demo command.
//
// Each top-level folder of the file system is a host name, for example
// "mzt.qinglan.example"; what lies in it are its pages. A folder answers with
// its index.html. The page "list.html?page=2" is the file "list.html@page=2",
// so that a query and a POST can have answers of their own; a file without
// such a name answers every query of its path. Where there is no file for the
// whole query, one for a single pair of it counts, of the query or of the form
// of a POST: "search.jsp@currpage=2". The text "{{visits}}" in a page is the
// number of times that it has been asked for, as a counter of readers is.
//
// The file "_headers" of a host folder changes answers. It has paths (with
// their query) at the margin and indented lines below them:
//
//	/zwgk/old.html
//	  Status: 302
//	  Location: /zwgk/new.html
//	/zwgk/gbk.html
//	  Content-Type: text/html; charset=utf-8
//	/zwgk/late.pdf
//	  Fault: half
//
// "Status" and "Fault" are ours, everything else is sent as a header. Faults:
// "half" breaks the connection in the middle of the body, "slow" waits before
// the answer, "once-500" and "once-503" fail once and then answer. An embed
// pattern needs the "all:" prefix, or the _headers files are left out.
//
// Nothing here reaches a network: the client dials loopback for the hosts it
// serves and refuses every other name.
package crawlertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Sites is a running set of sample sites. It is safe for concurrent use.
type Sites struct {
	files    fs.FS
	hosts    []string
	server   *http.Server
	address  string
	client   *http.Client
	serving  chan struct{} // closed when the server has ended
	closing  chan struct{} // closed when the sites close: ends slow answers
	closeOne sync.Once

	mu    sync.Mutex
	rules map[string]rule // by host and path with query
	asked []Asked
	used  map[string]int
}

// Asked is one request that came in.
type Asked struct {
	Method, Host, Path string // Path with its query
	Form               string // of a POST
	Header             http.Header
	Status             int       // 0 while the answer is under way
	Began, Ended       time.Time // Ended is zero while the answer is under way
}

// rule is what _headers says of one path.
type rule struct {
	status int
	header http.Header
	fault  Fault
}

// Fault is a way for an answer to go wrong.
type Fault string

// The faults.
const (
	Half    Fault = "half"     // the connection breaks in the middle of the body
	Slow    Fault = "slow"     // the answer takes SlowFor
	Once500 Fault = "once-500" // the first answer is a 500
	Once503 Fault = "once-503" // the first answer is a 503 with the headers of the rule
)

// SlowFor is how long a slow answer waits.
const SlowFor = 300 * time.Millisecond

// Serve starts serving the folders of files. The caller must Close.
func Serve(files fs.FS) (*Sites, error) {
	s := &Sites{files: files, rules: map[string]rule{}, used: map[string]int{},
		serving: make(chan struct{}), closing: make(chan struct{})}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("serve sample sites: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		s.hosts = append(s.hosts, e.Name())
		if err := s.readHeaders(e.Name()); err != nil {
			return nil, err
		}
	}
	if len(s.hosts) == 0 {
		return nil, errors.New("serve sample sites: no host folders")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve sample sites: %w", err)
	}
	s.address = listener.Addr().String()
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.client = &http.Client{Transport: &http.Transport{DialContext: s.dial}}
	go func() {
		defer close(s.serving)
		_ = s.server.Serve(listener) // always ends with ErrServerClosed
	}()
	return s, nil
}

// Close stops the server and its connections.
func (s *Sites) Close() error {
	var err error
	s.closeOne.Do(func() {
		close(s.closing)
		s.client.CloseIdleConnections()
		err = s.server.Close()
		<-s.serving
	})
	return err
}

// Hosts are the host names served, in order.
func (s *Sites) Hosts() []string { return slices.Clone(s.hosts) }

// Client reaches the sample sites by their names, "http://host/path", and
// nothing else. Its Transport can be given to the crawler.
func (s *Sites) Client() *http.Client { return s.client }

// URL is the address of path, with its query, on host.
func (s *Sites) URL(host, path string) string {
	return "http://" + host + "/" + strings.TrimPrefix(path, "/")
}

// Asked returns the requests that came in so far, in order.
func (s *Sites) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Hits counts the requests for path, with its query, on host.
func (s *Sites) Hits(host, path string) int {
	n := 0
	for _, a := range s.Asked() {
		if a.Host == host && a.Path == path {
			n++
		}
	}
	return n
}

// dial connects known names to the listener and refuses all others, so that a
// wrong address in a sample can never reach the world.
func (s *Sites) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(s.hosts, host) {
		return nil, &net.DNSError{Err: "no such sample site", Name: host, IsNotFound: true}
	}
	var d net.Dialer
	return d.DialContext(ctx, network, s.address)
}

// ServeHTTP answers one request.
func (s *Sites) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, found := strings.Cut(r.Host, ":")
	if !found {
		host = r.Host
	}
	key := r.URL.RequestURI()
	began := time.Now()
	pairs := r.URL.Query()
	var form string
	if r.Method == http.MethodPost {
		data, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // a broken form is an empty one
		form = string(data)
		if more, err := url.ParseQuery(form); err == nil {
			maps.Copy(pairs, more)
		}
	}
	s.mu.Lock()
	at := len(s.asked)
	s.asked = append(s.asked, Asked{Method: r.Method, Host: host, Path: key, Form: form, Header: r.Header.Clone(), Began: began})
	defer func() {
		s.mu.Lock()
		s.asked[at].Ended = time.Now()
		s.mu.Unlock()
	}()
	rule, ok := s.rules[host+key]
	if !ok {
		rule = s.rules[host+r.URL.EscapedPath()]
	}
	s.used[host+key]++
	visits := s.used[host+key]
	first := visits == 1
	s.mu.Unlock()

	body, name := s.find(host, r.URL, pairs)
	body = bytes.ReplaceAll(body, []byte("{{visits}}"), []byte(strconv.Itoa(visits)))
	status := http.StatusOK
	switch {
	case rule.status != 0:
		status = rule.status
	case body == nil:
		status, body, name = http.StatusNotFound, []byte("not found\n"), "404.txt"
	}
	if first && rule.fault == Once500 {
		status = http.StatusInternalServerError
	}
	if first && rule.fault == Once503 {
		status = http.StatusServiceUnavailable
	}
	s.mu.Lock()
	s.asked[at].Status = status
	s.mu.Unlock()
	w.Header().Set("Content-Type", typeOf(name, body))
	for k, v := range rule.header {
		if k != "Retry-After" || status >= 400 {
			w.Header()[k] = v
		}
	}
	s.send(w, r, status, body, rule.fault)
}

// send writes the answer, with its fault.
func (s *Sites) send(w http.ResponseWriter, r *http.Request, status int, body []byte, fault Fault) {
	if fault == Slow {
		select {
		case <-time.After(SlowFor):
		case <-r.Context().Done():
			return
		case <-s.closing:
			return
		}
	}
	tag, modified := w.Header().Get("Etag"), w.Header().Get("Last-Modified")
	if status == http.StatusOK && (tag != "" && r.Header.Get("If-None-Match") == tag || modified != "" && r.Header.Get("If-Modified-Since") == modified) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if fault == Half {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush() // or nothing at all would arrive
		panic(http.ErrAbortHandler)               // the documented way to break a connection
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead && status != http.StatusNotModified {
		_, _ = w.Write(body)
	}
}

// find returns the file for an address and its name, or nil.
func (s *Sites) find(host string, u *url.URL, pairs url.Values) ([]byte, string) {
	p := strings.Trim(u.Path, "/")
	var names []string
	if u.RawQuery != "" {
		names = append(names, host+"/"+p+"@"+u.RawQuery)
	}
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		names = append(names, host+"/"+p+"@"+key+"="+pairs.Get(key))
	}
	if p == "" {
		names = append(names, host+"/index.html")
	} else {
		names = append(names, host+"/"+p, host+"/"+p+"/index.html")
	}
	for _, name := range names {
		if !fs.ValidPath(name) || strings.HasSuffix(name, "/"+headersFile) {
			continue
		}
		if data, err := fs.ReadFile(s.files, name); err == nil {
			if data == nil {
				data = []byte{}
			}
			return data, name
		}
	}
	return nil, ""
}
