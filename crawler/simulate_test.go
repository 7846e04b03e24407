package crawler

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tuogou/rules"
)

// simNet carries requests to the sites in memory.
type simNet map[string]*simSite

func (n simNet) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	s := n[r.URL.Host]
	if s == nil {
		return nil, fmt.Errorf("no site %s", r.URL.Host)
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer func() {
		if recover() == http.ErrAbortHandler {
			resp, err = nil, syscall.ECONNRESET
		}
	}()
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	resp = rec.Result()
	resp.Request = r
	return resp, nil
}

// simulate crawls the sites of a seed twice and says what went wrong.
func simulate(t *testing.T, seed uint64) []string {
	t.Helper()
	clock := &fakeClock{}
	net, sink, front := simNet{}, &MemorySink{}, &MemoryFrontier{}
	var sources []rules.Site
	for i := range 6 {
		s := newSimSite(seed, i, clock)
		net[s.host] = s
		sources = append(sources, s.source())
	}
	files := os.DirFS("../rules")
	opts := Options{Frontier: front, Sink: sink, Notes: sink, Transport: net, Clock: clock}
	var err [3]error
	opts.Focus, err[0] = rules.LoadFocus(files)
	opts.Signs, err[1] = rules.LoadSigns(files)
	opts.Web, err[2] = rules.LoadWeb(files)
	var bad []string
	for visit := 1; visit <= 2; visit++ {
		rep, e := Run(context.Background(), sources, opts)
		if e != nil || err != [3]error{} {
			t.Fatal(e, err)
		}
		for _, s := range net {
			bad = append(bad, s.judge(visit, sink, rep)...)
			s.news()
		}
		front.NextRound()
		_ = clock.Sleep(context.Background(), 24*time.Hour)
	}
	return bad
}

// judge says what one site found wrong after a visit.
func (s *simSite) judge(visit int, sink *MemorySink, rep Report) []string {
	var bad []string
	say := func(format string, args ...any) {
		bad = append(bad, fmt.Sprintf("visit %d, %s (lists %s behind %s, dialect %d, gbk %v, bare %v, rows %d, robots %d, missing %d, session %v, trap %v): ",
			visit, s.host, s.turn, s.entry, s.dialect, s.gbk, s.bare, s.rowForm, s.robots, s.missing, s.session, s.trap)+fmt.Sprintf(format, args...))
	}
	for _, w := range s.wrong {
		say("%s", w)
	}
	if s.blocked {
		if !strings.Contains(hostEnd(rep, s.host), "riversecurity") {
			say("the challenge is not reported: %q", hostEnd(rep, s.host))
		}
		return bad
	}
	for _, d := range s.docs {
		want := d.marker + fmt.Sprintf("，第%d版", d.version)
		if d.kind == "pdf" {
			want = d.marker
		}
		kept := 0
		for _, c := range sink.Captures() {
			if body := decodePage(sink.Body(c.SHA256), ""); strings.Contains(c.URL, "://"+s.host+"/") && bytes.Contains([]byte(body), []byte(want)) {
				kept++
			}
		}
		if d.on && !d.gone && kept == 0 || !d.on && kept > 0 {
			say("%s %q on topic %v is kept %d times; %s", d.kind, d.title, d.on, kept, ended(rep, "http://"+s.host+d.path))
		}
		if d.kind == "twin" && kept != 1 {
			say("%s stands at two addresses and is kept %d times", d.path, kept)
		}
		if d.gone && !strings.Contains(ended(rep, "http://"+s.host+d.path), "gone") {
			say("%s is not told to be gone: %s", d.path, ended(rep, "http://"+s.host+d.path))
		}
	}
	return bad
}

func hostEnd(rep Report, host string) string {
	for _, h := range rep.Hosts {
		if h.Host == host {
			return h.Ended
		}
	}
	return ""
}

func ended(rep Report, address string) string {
	for _, h := range rep.Hosts {
		for _, i := range h.Items {
			if strings.TrimPrefix(i.URL, "https://") == strings.TrimPrefix(address, "http://") || i.URL == address {
				return string(i.Outcome) + ": " + i.Reason
			}
		}
	}
	return "never seen"
}

// Sites that nobody has seen are crawled twice: all on the topic is kept, all
// changes are found, and no rule of manners is broken. More seeds:
//
//	SIM_SEEDS=200 go test ./crawler -run Simulated
func TestSimulatedSites(t *testing.T) {
	seeds := 8
	if n, err := strconv.Atoi(os.Getenv("SIM_SEEDS")); err == nil {
		seeds = n
	}
	for seed := range seeds {
		for _, bad := range simulate(t, uint64(seed)) {
			t.Errorf("seed %d: %s", seed, bad)
		}
	}
}
