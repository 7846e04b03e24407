package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Runner runs one command of the program with its output to out: add, crawl, run or
// index. It is called for one job at a time.
type Runner func(ctx context.Context, args []string, out io.Writer) error

// Bounds of jobs.
const (
	keptJobs  = 50
	keptLines = 500
	maxUpload = 256 << 20 // bytes
	maxAsked  = 64 << 10  // bytes of addresses
)

// jobs is a queue of commands, one worked on at a time. What was asked for and how it
// ended is kept as long as the server runs.
type jobs struct {
	run   Runner
	now   func() time.Time
	mu    sync.Mutex
	list  []*job // oldest first
	turn  chan struct{}
	count int
	moved int // times anything changed: a page that shows an older number is stale
}

// Job is a command that a reader started.
type Job struct {
	ID      int      `json:"id"`
	Command []string `json:"command"`
	State   string   `json:"state"` // waiting, running, done, failed, cancelled
	Asked   string   `json:"asked"`
	Started string   `json:"started,omitempty"`
	Ended   string   `json:"ended,omitempty"`
	Lines   []string `json:"lines"` // the last lines of its output
	Error   string   `json:"error,omitempty"`
}

type job struct {
	Job
	cancel  context.CancelFunc
	rest    string // of the line that is not whole yet
	cleanup func()
}

func newJobs(run Runner) *jobs {
	return &jobs{run: run, now: time.Now, turn: make(chan struct{}, 1)}
}

// start puts a command into the queue. cleanup runs when it has ended.
func (q *jobs) start(args []string, cleanup func()) int {
	ctx, cancel := context.WithCancel(context.Background())
	q.mu.Lock()
	q.count++
	q.moved++
	j := &job{Job: Job{ID: q.count, Command: args, State: "waiting", Asked: q.stamp(), Lines: []string{}}, cancel: cancel, cleanup: cleanup}
	q.list = append(q.list, j)
	if len(q.list) > keptJobs {
		q.list = slices.DeleteFunc(q.list, func(o *job) bool { return o.Ended != "" && o.ID <= q.count-keptJobs })
	}
	q.mu.Unlock()
	go q.work(ctx, j)
	return j.ID
}

func (q *jobs) stamp() string { return q.now().UTC().Format("2006-01-02T15:04:05Z") }

func (q *jobs) work(ctx context.Context, j *job) {
	defer j.cleanup()
	defer j.cancel()
	var err error
	select {
	case q.turn <- struct{}{}:
		defer func() { <-q.turn }()
		q.set(func() { j.State, j.Started = "running", q.stamp() })
		err = q.run(ctx, j.Command, writer{q, j})
	case <-ctx.Done():
		err = ctx.Err()
	}
	q.set(func() {
		j.Ended = q.stamp()
		switch {
		case ctx.Err() != nil:
			j.State = "cancelled"
		case err != nil:
			j.State, j.Error = "failed", err.Error()
		default:
			j.State = "done"
		}
	})
}

func (q *jobs) set(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.moved++
	f()
}

// writer takes the output of a job line by line.
type writer struct {
	q *jobs
	j *job
}

func (w writer) Write(p []byte) (int, error) {
	w.q.set(func() {
		lines := strings.Split(w.j.rest+string(bytes.ToValidUTF8(p, []byte("\uFFFD"))), "\n")
		w.j.rest = lines[len(lines)-1]
		w.j.Lines = append(w.j.Lines, lines[:len(lines)-1]...)
		if n := len(w.j.Lines); n > keptLines {
			w.j.Lines = slices.Clone(w.j.Lines[n-keptLines:])
		}
	})
	return len(p), nil
}

// all gives the jobs, the newest first, and a tag that is another one after every change.
func (q *jobs) all() (list []Job, tag string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	list = []Job{}
	for _, j := range slices.Backward(q.list) {
		copied := j.Job
		copied.Lines = slices.Clone(j.Lines)
		list = append(list, copied)
	}
	return list, fmt.Sprintf("%q", strconv.Itoa(q.moved))
}

func (q *jobs) stop(id int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.list {
		if j.ID == id {
			j.cancel()
		}
	}
}

// writing is what only those may do who know the token.
type writing struct {
	token string
	jobs  *jobs
}

const cookieName = "tuogou"

// NewToken is a token that nobody guesses.
func NewToken() string { return rand.Text() }

func (w *writing) cookie() string {
	sum := sha256.Sum256([]byte("cookie " + w.token))
	return hex.EncodeToString(sum[:])
}

// allowed reports whether a request may write: by its cookie, or by a bearer token.
func (s *server) allowed(r *http.Request) bool {
	if s.writing == nil {
		return false
	}
	equal := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	if given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return equal(given, s.writing.token)
	}
	c, err := r.Cookie(cookieName)
	return err == nil && equal(c.Value, s.writing.cookie())
}

// errForbidden is for who may not write.
var errForbidden = errors.New("not allowed")

type jobsView struct {
	Allowed, ReadOnly bool
	Jobs              []Job
	Tag               string // of the jobs shown
	Wrong             bool   // the token was
}

func (s *server) jobsPage(req *request) error {
	v := jobsView{ReadOnly: s.writing == nil, Allowed: s.allowed(req.r)}
	if req.json {
		if !v.Allowed {
			return errForbidden
		}
		list, tag := s.writing.jobs.all()
		req.w.Header().Set("ETag", tag)
		return req.writeJSON(list)
	}
	if v.Allowed {
		v.Jobs, v.Tag = s.writing.jobs.all()
	}
	v.Wrong = req.query.Get("wrong") != ""
	req.w.Header().Set("Cache-Control", "no-store")
	p := req.page(req.label("nav.jobs"))
	p.Body = v
	return req.render("jobs", p)
}

// post handles what pages send. Requests of other sites never come here: see guard.
func (s *server) post(w http.ResponseWriter, r *http.Request) {
	req := s.newRequest(w, r)
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	if err := r.ParseMultipartForm(4 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		req.fail(http.StatusRequestEntityTooLarge, "")
		return
	}
	back := "/jobs"
	switch {
	case s.writing == nil:
		req.fail(http.StatusForbidden, "")
		return
	case r.URL.Path == "/login":
		back = s.login(w, r)
	case !s.allowed(r):
		req.fail(http.StatusForbidden, "")
		return
	default:
		var err error
		if r.URL.Path == "/review" {
			back, err = s.decide(r)
		} else {
			err = s.act(r)
		}
		if err != nil {
			req.fail(http.StatusBadRequest, err.Error())
			return
		}
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

func (s *server) login(w http.ResponseWriter, r *http.Request) string {
	if subtle.ConstantTimeCompare([]byte(strings.TrimSpace(r.PostFormValue("token"))), []byte(s.writing.token)) != 1 {
		time.Sleep(300 * time.Millisecond) // guessing is slow
		return "/jobs?wrong=1"
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: s.writing.cookie(), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil, MaxAge: 12 * 3600})
	return "/jobs"
}

// act starts or stops a job.
func (s *server) act(r *http.Request) error {
	q := s.writing.jobs
	nothing := func() {}
	switch r.PostFormValue("do") {
	case "add":
		args, cleanup, err := uploads(r)
		if err != nil {
			return err
		}
		q.start(append([]string{"add"}, args...), cleanup)
		q.start([]string{"run"}, nothing)
	case "crawl":
		sources := strings.Fields(r.PostFormValue("sources"))
		if len(sources) == 0 || len(sources) > 200 || slices.ContainsFunc(sources, func(s string) bool { return strings.HasPrefix(s, "-") }) {
			return badParameter("sources")
		}
		q.start(append([]string{"crawl"}, sources...), nothing)
		q.start([]string{"run"}, nothing)
	case "run":
		q.start([]string{"run"}, nothing)
	case "rebuild":
		q.start([]string{"index", "--rebuild"}, nothing)
	case "stop":
		n := 0
		for _, c := range r.PostFormValue("id") {
			if c < '0' || c > '9' || n > keptJobs*1e6 {
				return badParameter("id")
			}
			n = 10*n + int(c-'0')
		}
		q.stop(n)
	default:
		return badParameter("do")
	}
	return nil
}

// uploads are the addresses and files that a form sends; files are kept in a folder of
// their own until the job has read them, under the last part of their names only.
func uploads(r *http.Request) (args []string, cleanup func(), err error) {
	asked := r.PostFormValue("urls")
	if len(asked) > maxAsked {
		return nil, nil, badParameter("urls")
	}
	for _, a := range strings.Fields(asked) {
		u, err := url.Parse(a)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, nil, badParameter("urls: " + a)
		}
		args = append(args, a)
	}
	cleanup = func() {}
	if r.MultipartForm == nil || len(r.MultipartForm.File["files"]) == 0 {
		if len(args) == 0 {
			return nil, nil, badParameter("urls")
		}
		return args, cleanup, nil
	}
	dir, err := os.MkdirTemp("", "tuogou-upload")
	if err != nil {
		return nil, nil, err
	}
	cleanup = func() { _ = os.RemoveAll(dir) } // what is left is in the folder for passing files
	for _, h := range r.MultipartForm.File["files"] {
		name := filepath.Base(filepath.Clean("/" + strings.ReplaceAll(h.Filename, `\`, "/")))
		if name == "/" || name == "." || strings.HasPrefix(name, ".") {
			name = "file" + name
		}
		in, err := h.Open()
		if err == nil {
			err = keep(filepath.Join(dir, filepath.Base(name)), in)
			_ = in.Close()
		}
		if err != nil {
			cleanup()
			return nil, nil, err
		}
	}
	return append(args, dir), cleanup, nil
}

func keep(path string, in io.Reader) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
