package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tuogou/compare/comparetest"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/web"
)

const token = "let-me-in"

// worker is a Runner that notes what it was told to do.
type worker struct {
	asked chan []string
	files chan []string
}

func (w worker) run(ctx context.Context, args []string, out io.Writer) error {
	w.asked <- args
	var files []string
	for _, a := range args[1:] {
		if list, err := os.ReadDir(a); err == nil {
			for _, f := range list {
				data, _ := os.ReadFile(filepath.Join(a, f.Name()))
				files = append(files, f.Name()+"="+string(data))
			}
		}
	}
	w.files <- files
	fmt.Fprint(out, "one line\nanother")
	fmt.Fprint(out, " line\n")
	switch {
	case slices.Contains(args, "slow"):
		<-ctx.Done()
		return ctx.Err()
	case slices.Contains(args, "bad"):
		return errors.New("exit code 2")
	}
	return nil
}

func newWritable() (http.Handler, worker) {
	w := worker{make(chan []string, 20), make(chan []string, 20)}
	return web.New(shelf{}, web.Options{Token: token, Run: w.run, Rate: 1e6}), w
}

func send(t *testing.T, h http.Handler, target, kind string, data io.Reader, header ...string) *http.Response {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, target, data)
	req.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Result()
}

const formType = "application/x-www-form-urlencoded"

func form(values ...string) io.Reader {
	q := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		q.Set(values[i], values[i+1])
	}
	return strings.NewReader(q.Encode())
}

// jobsOf waits until every job has ended, or until the n newest have a state.
func jobsOf(t *testing.T, h http.Handler, done func([]web.Job) bool) []web.Job {
	t.Helper()
	for range 500 {
		var list []web.Job
		if err := json.Unmarshal([]byte(body(t, get(t, h, "/jobs.json", "Authorization", "Bearer "+token))), &list); err != nil {
			t.Fatal(err)
		}
		if done(list) {
			return list
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("the jobs do not end")
	return nil
}

func ended(list []web.Job) bool {
	return !slices.ContainsFunc(list, func(j web.Job) bool { return j.Ended == "" })
}

func TestOnlyTheTokenOpensTheJobs(t *testing.T) {
	h, w := newWritable()
	reading, _ := newSite(t, nil)
	if got := body(t, get(t, reading, "/jobs")); !strings.Contains(got, "--allow-write") {
		t.Error("a site for reading does not say how to open it")
	}
	if r := send(t, reading, "/jobs", formType, form("do", "run")); r.StatusCode != 403 {
		t.Errorf("a site for reading takes a job: %d", r.StatusCode)
	}
	if r := get(t, h, "/jobs.json"); r.StatusCode != 403 {
		t.Errorf("the jobs are shown to everybody: %d", r.StatusCode)
	}
	if r := send(t, h, "/jobs", formType, form("do", "run")); r.StatusCode != 403 {
		t.Errorf("without a token: %d", r.StatusCode)
	}
	if r := send(t, h, "/login", formType, form("token", "guess")); r.Header.Get("Location") != "/jobs?wrong=1" || len(r.Cookies()) != 0 {
		t.Error("a guess opens the door")
	}
	r := send(t, h, "/login", formType, form("token", token))
	if len(r.Cookies()) != 1 || !r.Cookies()[0].HttpOnly || r.Cookies()[0].SameSite != http.SameSiteStrictMode || strings.Contains(r.Cookies()[0].Value, token) {
		t.Fatalf("%+v", r.Cookies())
	}
	cookie := r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
	for _, site := range []string{"cross-site", "same-site"} {
		if r := send(t, h, "/jobs", formType, form("do", "run"), "Cookie", cookie, "Sec-Fetch-Site", site); r.StatusCode != 403 {
			t.Errorf("a page that is %s starts a job: %d", site, r.StatusCode)
		}
	}
	if len(w.asked) != 0 {
		t.Error("something ran")
	}
	if r := send(t, h, "/jobs", formType, form("do", "run"), "Cookie", cookie, "Sec-Fetch-Site", "same-origin"); r.StatusCode != 303 {
		t.Errorf("with the cookie: %d", r.StatusCode)
	}
	jobsOf(t, h, func(l []web.Job) bool { return len(l) == 1 && ended(l) })
	if got := body(t, get(t, h, "/jobs", "Cookie", cookie)); !strings.Contains(got, "another line") || !strings.Contains(got, "完成") {
		t.Error("the job is not shown")
	}
}

func TestJobsRunOneAfterAnother(t *testing.T) {
	h, w := newWritable()
	bearer := []string{"Authorization", "Bearer " + token}
	for _, f := range []io.Reader{form("do", "crawl", "sources", "slow"), form("do", "crawl", "sources", "bad 330000"), form("do", "rebuild")} {
		if r := send(t, h, "/jobs", formType, f, bearer...); r.StatusCode != 303 {
			t.Fatalf("status %d", r.StatusCode)
		}
	}
	list := jobsOf(t, h, func(l []web.Job) bool {
		return len(l) == 5 && slices.ContainsFunc(l, func(j web.Job) bool { return j.State == "running" })
	})
	if running := slices.DeleteFunc(list, func(j web.Job) bool { return j.State != "running" }); len(running) != 1 {
		t.Errorf("%d at once", len(running))
	}
	for id := 1; id <= 5; id++ { // whichever came first: the slow one must be stopped
		jobsOf(t, h, func(l []web.Job) bool {
			return ended(l) || slices.ContainsFunc(l, func(j web.Job) bool { return j.State == "running" })
		})
		list := jobsOf(t, h, func([]web.Job) bool { return true })
		for _, j := range list {
			if slices.Contains(j.Command, "slow") && j.Ended == "" {
				send(t, h, "/jobs", formType, form("do", "stop", "id", fmt.Sprint(j.ID)), bearer...)
			}
		}
	}
	states := map[string]string{}
	for _, j := range jobsOf(t, h, func(l []web.Job) bool { return len(l) == 5 && ended(l) }) {
		states[strings.Join(j.Command, " ")] = j.State + j.Error
	}
	if states["crawl slow"] != "cancelled" || states["crawl bad 330000"] != "failedexit code 2" || states["index --rebuild"] != "done" {
		t.Errorf("%v", states)
	}
	_ = w
}

func TestUploadsStayInTheirFolder(t *testing.T) {
	h, w := newWritable()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("do", "add")
	_ = m.WriteField("urls", "https://example.org/a.html")
	for _, name := range []string{"../../etc/passwd", `C:\evil\plan.doc`, ".hidden"} {
		f, _ := m.CreateFormFile("files", name)
		_, _ = f.Write([]byte("words"))
	}
	_ = m.Close()
	if r := send(t, h, "/jobs", m.FormDataContentType(), &b, "Authorization", "Bearer "+token); r.StatusCode != 303 {
		t.Fatalf("status %d", r.StatusCode)
	}
	jobsOf(t, h, func(l []web.Job) bool { return len(l) == 2 && ended(l) })
	var args, files []string
	for range 2 {
		if a := <-w.asked; a[0] == "add" {
			args = a
		}
		files = append(files, <-w.files...)
	}
	slices.Sort(files)
	if want := []string{"file.hidden=words", "passwd=words", "plan.doc=words"}; !slices.Equal(files, want) || args[1] != "https://example.org/a.html" {
		t.Errorf("%q %q", args, files)
	}
	if _, err := os.Stat(args[2]); !os.IsNotExist(err) {
		t.Error("what was sent is left behind")
	}
}

func TestBadJobs(t *testing.T) {
	h, w := newWritable()
	for _, f := range []io.Reader{form("do", "rm"), form("do", "add", "urls", "file:///etc/passwd"), form("do", "add"), form("do", "crawl", "sources", "--rules /tmp"), form("do", "crawl"), form("do", "stop", "id", "x")} {
		if r := send(t, h, "/jobs", formType, f, "Authorization", "Bearer "+token); r.StatusCode != 400 {
			t.Errorf("status %d", r.StatusCode)
		}
	}
	if len(w.asked) != 0 {
		t.Error("something ran")
	}
}

// secretary is a Desk that notes what it is told.
type secretary struct{ told *[]string }

func (s secretary) Make(_ context.Context, ch correct.Change) (store.Correction, corpus.Review, error) {
	if ch.Value == "nonsense" {
		return store.Correction{}, corpus.Review{}, fmt.Errorf("%w: not a day", correct.ErrInvalid)
	}
	*s.told = append(*s.told, strings.Join([]string{string(ch.Doc), string(ch.Action), ch.Field, ch.Value, ch.By, ch.Note}, "|"))
	return store.Correction{}, corpus.Review{}, nil
}

func (s secretary) Undo(_ context.Context, id, by, _ string) (store.Correction, error) {
	*s.told = append(*s.told, "undo|"+id+"|"+by)
	return store.Correction{}, nil
}

func (s secretary) List(_ context.Context, id corpus.DocID) ([]correct.Listed, error) {
	return []correct.Listed{{Correction: store.Correction{ID: "c1"}, State: corpus.ReviewApplied,
		Shown: corpus.Review{By: "wang", At: "2026-11-25T00:00:00Z", Action: corpus.ReviewFix, Was: "a", Want: "b"}}}, nil
}

func TestReview(t *testing.T) {
	list := comparetest.Records(t)
	list[0].Deadlines[0].Resolved, list[0].Deadlines[0].RRule = false, ""
	var told []string
	w := worker{make(chan []string, 20), make(chan []string, 20)}
	h := web.New(shelf{list: list}, web.Options{Token: token, Run: w.run, Desk: secretary{&told}, Rate: 1e6})
	id := string(list[0].ID)
	bearer := []string{"Authorization", "Bearer " + token}
	if got := body(t, get(t, h, "/review", bearer...)); !strings.Contains(got, "/deadlines/0") || !strings.Contains(got, "没有日期") || !strings.Contains(got, `value="accept"`) {
		t.Error("the queue lacks the deadline without a date, or the buttons")
	}
	if got := body(t, get(t, h, "/review")); !strings.Contains(got, "/deadlines/0") || strings.Contains(got, `value="accept"`) {
		t.Error("who does not know the token is shown the buttons, or nothing")
	}
	if got := body(t, get(t, h, "/review?doc="+id, bearer...)); !strings.Contains(got, "wang 2026-11-25 改为 a → b") || strings.Contains(got, "5550123") {
		t.Error("the document lacks its history, or shows a telephone")
	}
	for _, f := range []struct {
		why    string
		form   io.Reader
		status int
	}{
		{"accepted", form("do", "accept", "doc", id, "field", "/deadlines/0", "by", "li"), 303},
		{"a part is corrected", form("do", "fix", "doc", id, "field", "/deadlines/0", "part", "end", "value", "2018-06-30", "by", "li", "note", "见原件"), 303},
		{"taken back", form("do", "undo", "doc", id, "id", "c1", "by", "li"), 303},
		{"nobody says so", form("do", "accept", "doc", id, "field", "/title"), 400},
		{"what cannot be", form("do", "fix", "doc", id, "field", "/dates/signed", "value", "nonsense", "by", "li"), 400},
		{"an unknown action", form("do", "erase", "doc", id, "by", "li"), 400},
	} {
		if r := send(t, h, "/review", formType, f.form, bearer...); r.StatusCode != f.status {
			t.Errorf("%s: %d, want %d", f.why, r.StatusCode, f.status)
		}
	}
	want := []string{id + "|accept|/deadlines/0||li|", id + "|fix|/deadlines/0/end|2018-06-30|li|见原件", "undo|c1|li"}
	if !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
	if r := send(t, h, "/review", formType, form("do", "accept", "doc", id, "field", "/title", "by", "li")); r.StatusCode != 403 {
		t.Errorf("without the token: %d", r.StatusCode)
	}
}
