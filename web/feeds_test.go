package web_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/timeline"
)

// The addresses that calendars, readers and programs subscribe to.
func TestFeeds(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, c := range []struct{ target, kind, has, lacks string }{
		{"/timeline.ics", "text/calendar; charset=utf-8", "BEGIN:VEVENT", "BEGIN:VTODO"},
		{"/timeline.ics?place=990101&tasks=1&alarm=7&alarm=0&lang=en", "text/calendar; charset=utf-8", "TRIGGER;RELATED=END:-P7D", "白石区"},
		{"/timeline.ics?places=990102", "text/calendar; charset=utf-8", "白石区", "青禾区"},
		{"/timeline.ics?q=clause:asset+organ:finance", "text/calendar; charset=utf-8", "财政直接拨款", "集中清理"},
		{"/timeline.ics?state=met", "text/calendar; charset=utf-8", "BEGIN:VTIMEZONE", "VEVENT"},
		{"/timeline.atom?lang=en", "application/atom+xml; charset=utf-8", `<link rel="self" href="http://example.com/timeline.atom?lang=en">`, ""},
		{"/timeline/file?format=csv&lang=en", "text/csv; charset=utf-8", "Sentence", ""}, {"/timeline/file?format=gantt&places=990101", "text/html; charset=utf-8", "<svg", "白石区"},
		{"/timeline/file?format=jira", "text/csv; charset=utf-8", "External ID", ""}, {"/timeline/file?format=jsonl&state=past", "application/jsonl; charset=utf-8", `"state":"past"`, `"state":"upcoming"`},
		{"/changes.json?since=3", "application/json; charset=utf-8", `"cursor": 4`, `"cursor": 3,`},
	} {
		r := get(t, h, c.target)
		got := strings.ReplaceAll(body(t, r), "\r\n ", "")
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != c.kind || !strings.Contains(got, c.has) || c.lacks != "" && strings.Contains(got, c.lacks) {
			t.Errorf("%s: %d %s: want %q and no %q\n%.300s", c.target, r.StatusCode, r.Header.Get("Content-Type"), c.has, c.lacks, got)
		}
		tag := r.Header.Get("ETag")
		for _, known := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			if again := get(t, h, c.target, "If-None-Match", known); again.StatusCode != http.StatusNotModified || body(t, again) != "" {
				t.Errorf("%s with %s: status %d", c.target, known, again.StatusCode)
			}
		}
		if other := get(t, h, c.target, "If-None-Match", `"x"`); other.StatusCode != 200 {
			t.Errorf("%s: an unknown tag is taken", c.target)
		}
	}
	for target, says := range map[string]string{"/timeline.ics?alarm=-1": "alarm", "/timeline.ics?alarm=x": "alarm", "/timeline.ics?state=late": "state", "/timeline.ics?place=..": "place",
		"/timeline.ics?q=%28": "", "/changes.json?since=-1": "since", "/timeline.atom?since=x": "since", "/timeline.ics?tasks=2": "tasks"} {
		if r := get(t, h, target); r.StatusCode != 400 || !strings.Contains(body(t, r), says) {
			t.Errorf("%s: status %d", target, r.StatusCode)
		}
	}
}

// Asking for the changes after the last cursor gives each once, and the feed is one.
func TestChangesPage(t *testing.T) {
	h, list := newSite(t, nil)
	var out struct {
		Changes []timeline.Change
		Cursor  int64
	}
	if err := json.Unmarshal([]byte(body(t, get(t, h, "/changes.json"))), &out); err != nil || len(out.Changes) != len(shelf{list: list}.log()) {
		t.Fatalf("%v, %d changes", err, len(out.Changes))
	}
	last := out.Cursor
	out.Changes = nil
	if err := json.Unmarshal([]byte(body(t, get(t, h, "/changes.json?since=13"))), &out); err != nil || last != 13 || out.Cursor != 13 || len(out.Changes) != 0 {
		t.Errorf("%v: after %d: %+v", err, last, out)
	}
	var feed struct {
		Entries []struct{} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body(t, get(t, h, "/timeline.atom"))), &feed); err != nil || len(feed.Entries) != 13 {
		t.Errorf("%v: %d entries", err, len(feed.Entries))
	}
}

// Page after page gives each obligation once, in the order of the whole.
func TestTimelinePages(t *testing.T) {
	h, _ := newSite(t, nil)
	type answer struct {
		Total       int
		Next        string
		States      map[string]int
		Obligations []struct{ UID, State string }
	}
	read := func(target string) (a answer) {
		if err := json.Unmarshal([]byte(body(t, get(t, h, target))), &a); err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		return a
	}
	whole := read("/timeline.json")
	if whole.Total < 8 || len(whole.Obligations) != whole.Total || whole.Next != "" {
		t.Fatalf("%+v", whole)
	}
	var all []struct{ UID, State string }
	for next := ""; ; {
		a := read("/timeline.json?limit=3&after=" + next)
		if all = append(all, a.Obligations...); a.Next == "" || len(all) > whole.Total {
			break
		}
		next = a.Next
	}
	if diff := cmp.Diff(whole.Obligations, all); diff != "" {
		t.Errorf("the pages are not the whole:\n%s", diff)
	}
	sum := 0
	for state, n := range whole.States {
		if some := read("/timeline.json?state=" + state); some.Total != n || some.Obligations[0].State != state {
			t.Errorf("%d are %s, and %d are listed", n, state, some.Total)
		}
		sum += n
	}
	if sum != whole.Total+whole.States["withdrawn"] {
		t.Errorf("the states %v are not those of %d", whole.States, whole.Total)
	}
}
