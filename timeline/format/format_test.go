package format

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tuogou/compare"
	"tuogou/compare/comparetest"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/timeline"
)

var update = flag.Bool("update", false, "write the golden files anew; look at the difference")

var day1 = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// sample is the changes of the sample records, and the obligations in each state, one
// of them met, one with a date above it and one corrected.
func sample(t testing.TB) ([]timeline.Item, []timeline.Change) {
	t.Helper()
	changes := timeline.Update(nil, timeline.Facts{Records: comparetest.Records(t), At: day1})
	for i := range changes {
		changes[i].Cursor = int64(i + 1)
	}
	list := timeline.Replay(nil, changes)
	for i := range list {
		o := &list[i]
		switch o.Words {
		case "2018年9月底前":
			o.Sequence = 2
			o.Shifts = []timeline.Shift{{Kind: compare.DriftLevel, Day: "2018-06-30", Days: 92, Later: true, Place: compare.Place{Code: "990100", Name: "示例市"}}}
		case "2018年11月30日前":
			o.Met = &timeline.Met{Quote: "职能清单已全部报送", By: "李示例", At: "2026-03-01T09:00:00.000000000Z"}
			o.Sequence = 1
		}
	}
	list[len(list)-1].Status = timeline.Withdrawn
	items := timeline.Choose(list, timeline.Filter{AsOf: "2018-10-01", Soon: timeline.SoonDays, States: timeline.States()})
	return items, changes
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s: run go test ./timeline/format -update and look at the difference\n%s", name, diff)
	}
}

// writers are all formats, by the name of their golden file.
func writers(items []timeline.Item, changes []timeline.Change) map[string]func(io.Writer) error {
	zh, en := Options{AsOf: "2018-10-01"}, Options{Lang: render.EN, AsOf: "2018-10-01"}
	out := map[string]func(io.Writer) error{
		"zh_events.ics": func(w io.Writer) error { return WriteICS(w, items, ICSOptions{Options: zh}) },
		"en_tasks.ics": func(w io.Writer) error {
			return WriteICS(w, items, ICSOptions{Options: en, Tasks: true, Alarms: []int{7, 0}, Refresh: 12 * time.Hour})
		},
		"en_events_alarms.ics": func(w io.Writer) error { return WriteICS(w, items, ICSOptions{Options: en, Alarms: []int{7}}) },
		"empty.ics":            func(w io.Writer) error { return WriteICS(w, nil, ICSOptions{}) },
		"zh_list.csv":          func(w io.Writer) error { return render.WriteCSV(w, Rows(items, zh).Table()) },
		"en_list.txt":          func(w io.Writer) error { return render.WriteText(w, Text(items, en), render.TextOptions{Width: 160}) },
		"list.jsonl":           func(w io.Writer) error { return WriteJSONL(w, items) },
		"changes.jsonl":        func(w io.Writer) error { return WriteJSONL(w, changes[:3]) },
		"en_changes.txt": func(w io.Writer) error {
			return render.WriteText(w, Changes(changes, en), render.TextOptions{Width: 160})
		},
		"zh_feed.atom": func(w io.Writer) error {
			return WriteAtom(w, changes, "https://a.example/timeline.atom?place=99&q=x", zh)
		},
		"zh_gantt.html": func(w io.Writer) error { return WriteGantt(w, items, zh) },
	}
	for _, p := range Profiles() {
		out["zh_"+p+".csv"] = func(w io.Writer) error { return render.WriteCSV(w, Import(p, items, zh)) }
	}
	return out
}

func TestGolden(t *testing.T) {
	items, changes := sample(t)
	for name, write := range writers(items, changes) {
		var a, b bytes.Buffer
		if err := write(&a); err != nil {
			t.Fatal(name, err)
		}
		if err := write(&b); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: twice gives two (%v)", name, err)
		}
		if !strings.HasSuffix(name, ".jsonl") && name != "empty.ics" && !strings.Contains(a.String(), "示例") {
			t.Errorf("%s does not say that it is a sample", name)
		}
		golden(t, name, strings.Replace(a.String(), render.Style(), "/* the style of the reports */\n", 1))
	}
}

// A workbook keeps days as dates.
func TestXLSX(t *testing.T) {
	items, _ := sample(t)
	var b bytes.Buffer
	if err := render.WriteXLSX(&b, []render.Grid{Rows(items, Options{})}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	var cells strings.Builder // where and what; how it looks is not of this package
	for _, m := range regexp.MustCompile(`<c r="([A-Z]+\d+)"[^>]*>(.*?)</c>`).FindAllStringSubmatch(string(data), -1) {
		fmt.Fprintf(&cells, "%s %s\n", m[1], regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[2], ""))
	}
	golden(t, "zh_sheet.txt", cells.String())
	if !strings.Contains(string(data), `s="8"><v>43465</v>`) { // 2018-12-31
		t.Error("2018-12-31 is no date")
	}
}

func TestLabelsCanBeRead(t *testing.T) {
	labels, err := render.ParseLabels(labelFile)
	if err != nil {
		t.Fatal(err)
	}
	for key, n := range labels {
		if n.ZH == "" || n.EN == "" {
			t.Errorf("%s lacks a language", key)
		}
	}
	need := map[string]bool{}
	for _, k := range timeline.Kinds() {
		need["change."+string(k)] = true
	}
	for _, s := range timeline.States() {
		if s != timeline.Unresolved {
			need["state."+string(s)] = true
		}
	}
	for _, c := range tableColumns {
		need["col."+c] = true
	}
	for key := range need {
		if got := Label(key, render.EN); got == key[strings.LastIndexByte(key, '.')+1:] && !strings.Contains(key, "rrule") && labels[key].EN == "" {
			t.Errorf("%s has no words", key)
		}
	}
}

// The feed is what Atom asks for: ids and times, each entry once.
func TestAtom(t *testing.T) {
	_, changes := sample(t)
	var b bytes.Buffer
	if err := WriteAtom(&b, changes, "", Options{}); err != nil {
		t.Fatal(err)
	}
	var f struct {
		ID, Title, Updated string `xml:"-"`
		FeedID             string `xml:"id"`
		When               string `xml:"updated"`
		Entries            []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
			When  string `xml:"updated"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(b.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range f.Entries {
		if _, err := time.Parse(time.RFC3339, e.When); err != nil || e.Title == "" || seen[e.ID] || !strings.HasPrefix(e.ID, "urn:uuid:") {
			t.Errorf("%+v", e)
		}
		seen[e.ID] = true
	}
	if len(seen) != len(changes) || f.FeedID == "" || f.When != "2026-03-01T08:00:00Z" {
		t.Errorf("%d entries, %+v", len(seen), f)
	}
}

// octets proves what RFC 5545 asks of lines: CRLF, 75 octets, no character cut.
func octets(text string) error {
	plain := strings.ReplaceAll(text, "\r\n", "")
	if !strings.HasSuffix(text, "\r\n") || strings.ContainsAny(plain, "\r\n") {
		return fmt.Errorf("a line does not end in CRLF")
	}
	for l := range strings.SplitSeq(text, "\r\n") {
		if len(l) > 75 || !utf8.ValidString(l) {
			return fmt.Errorf("line of %d octets, or a character cut: %q", len(l), l)
		}
	}
	return nil
}

// strict reads a calendar with go-ical and proves what the RFC asks of its components.
func strict(text string) ([]*ical.Component, error) {
	if err := octets(text); err != nil {
		return nil, err
	}
	cal, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		return nil, err
	}
	if err := ical.NewEncoder(io.Discard).Encode(cal); err != nil { // checks numbers of properties
		return nil, err
	}
	uids := map[string]bool{}
	for _, c := range cal.Children {
		if c.Name == "VTIMEZONE" {
			continue
		}
		if err := checkComponent(c, uids); err != nil {
			return nil, fmt.Errorf("%w in %v", err, c.Props)
		}
	}
	return cal.Children, nil
}

func checkComponent(c *ical.Component, uids map[string]bool) error {
	text := func(name string) string {
		s, err := c.Props.Text(name)
		if err != nil {
			return "?"
		}
		return s
	}
	uid := text("UID")
	if uid == "" || uids[uid] || c.Props.Get("DTSTAMP") == nil || c.Props.Get("SEQUENCE") == nil || text("SUMMARY") == "" {
		return fmt.Errorf("incomplete, or the UID is taken")
	}
	uids[uid] = true
	day := func(name string) string {
		p := c.Props.Get(name)
		if p == nil {
			return ""
		}
		if _, err := time.Parse("20060102", p.Value); err != nil || p.ValueType() != ical.ValueDate {
			return "?"
		}
		return p.Value
	}
	start, end, due := day("DTSTART"), day("DTEND"), day("DUE")
	switch {
	case strings.Contains(start+end+due, "?"):
		return fmt.Errorf("no day")
	case c.Name == "VEVENT" && (start == "" || end <= start || due != ""), c.Name == "VTODO" && (due != "" && start >= due || end != ""):
		return fmt.Errorf("%s ends before it starts", c.Name)
	case c.Props.Get("DURATION") != nil && (due != "" || start == ""):
		return fmt.Errorf("a duration without a start, or beside the end")
	}
	if _, err := c.Props.RecurrenceRule(); err != nil {
		return err
	}
	if c.Props.Get("RRULE") != nil {
		set, err := c.RecurrenceSet(time.UTC)
		if err != nil {
			return err
		}
		if turns := set.Between(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC), true); len(turns) < 3 || turns[0].Format("20060102") != start {
			return fmt.Errorf("%d turns, and the first is not the start", len(turns))
		}
	}
	for _, a := range c.Children {
		if a.Name != "VALARM" || a.Props.Get("ACTION") == nil || a.Props.Get("TRIGGER") == nil || a.Props.Get("DESCRIPTION") == nil {
			return fmt.Errorf("a bad alarm")
		}
		if a.Props.Get("TRIGGER").Params.Get("RELATED") == "END" && end == "" && due == "" && c.Props.Get("DURATION") == nil {
			return fmt.Errorf("an alarm before an end that there is not")
		}
	}
	return nil
}

// calendars are all calendars of the tests, by name.
func calendars(t testing.TB) map[string]string {
	items, changes := sample(t)
	out := map[string]string{}
	for name, write := range writers(items, changes) {
		if strings.HasSuffix(name, ".ics") {
			var b strings.Builder
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			out[name] = b.String()
		}
	}
	return out
}

// Every calendar is taken by go-ical, with what the RFC asks beyond syntax.
func TestICSByGoIcal(t *testing.T) {
	for name, text := range calendars(t) {
		list, err := strict(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name != "empty.ics" && len(list) < 10 {
			t.Errorf("%s has %d components", name, len(list))
		}
	}
}

// byPython reads calendars with two programs of Debian and counts what it finds.
const byPython = `
import sys, icalendar, vobject
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    n = 0
    for c in icalendar.Calendar.from_ical(data, multiple=True):
        assert not c.errors, c.errors
        for x in c.walk():
            assert not x.errors, (x.get("UID"), x.errors)
            if x.name in ("VEVENT", "VTODO"):
                n += 1
                for p in ("DTSTAMP", "SEQUENCE", "UID", "SUMMARY"):
                    assert p in x, p
    m = 0
    for c in vobject.readComponents(data.decode("utf-8"), validate=True):
        m += sum(1 for x in c.getChildren() if x.name in ("VEVENT", "VTODO"))
    assert n == m, (n, m)
    print(name, n)
`

// Every calendar is taken by python3-icalendar and python3-vobject, which find in it
// what go-ical does.
func TestICSByPython(t *testing.T) {
	python := ""
	for _, p := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(p, "-c", "import icalendar, vobject").Run() == nil {
			python = p
			break
		}
	}
	if python == "" {
		t.Skip("python3-icalendar and python3-vobject are not installed: calendars are not read by another program")
	}
	dir := t.TempDir()
	args := []string{"-c", byPython}
	want := map[string]int{}
	for name, text := range calendars(t) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
		want[path] = strings.Count(text, "BEGIN:VEVENT\r\n") + strings.Count(text, "BEGIN:VTODO\r\n")
	}
	out, err := exec.Command(python, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for path, n := range want {
		if !strings.Contains(string(out), fmt.Sprintf("%s %d\n", path, n)) {
			t.Errorf("%s: want %d components\n%s", filepath.Base(path), n, out)
		}
	}
}

// What is written of the sample deadlines, day by day.
func TestICSDays(t *testing.T) {
	items, _ := sample(t)
	for _, c := range []struct {
		tasks bool
		want  map[string]string
	}{
		{false, map[string]string{"2018年底前": "20181231/20190101", "2018年10月至11月中旬": "20181001/20181121", "自2018年起": "20180101/20180102", "每年6月底前": "20190630/20190701"}},
		{true, map[string]string{"2018年底前": "/20181231", "2018年10月至11月中旬": "20181001/20181120", "自2018年起": "20180101/", "每年6月底前": "20190630/"}},
	} {
		var b strings.Builder
		if err := WriteICS(&b, items, ICSOptions{Tasks: c.tasks}); err != nil {
			t.Fatal(err)
		}
		list, err := strict(b.String())
		if err != nil {
			t.Fatal(err)
		}
		byUID := map[string]*ical.Component{}
		for _, x := range list {
			byUID[x.Props.Get("UID").Value] = x
		}
		value := func(x *ical.Component, names ...string) string {
			for _, n := range names {
				if p := x.Props.Get(n); p != nil {
					return p.Value
				}
			}
			return ""
		}
		for i := range items {
			x := byUID[items[i].UID+"@tuogou"]
			if (x == nil) != !items[i].When.Resolved {
				t.Errorf("%s: in the calendar or not?", items[i].Words)
				continue
			}
			if x == nil {
				continue
			}
			if want, ok := c.want[items[i].Words]; ok && value(x, "DTSTART")+"/"+value(x, "DTEND", "DUE") != want {
				t.Errorf("%s: %s/%s, want %s", items[i].Words, value(x, "DTSTART"), value(x, "DTEND", "DUE"), want)
			}
			if (value(x, "STATUS") == "CANCELLED") != (items[i].Status != timeline.Open) || value(x, "SEQUENCE") != itoa(items[i].Sequence) {
				t.Errorf("%s: %s %s", items[i].Words, value(x, "STATUS"), value(x, "SEQUENCE"))
			}
			if c.tasks && (value(x, "STATUS") == "COMPLETED") != (items[i].Met != nil) {
				t.Errorf("%s: %s", items[i].Words, value(x, "STATUS"))
			}
		}
	}
}

func TestICSTakesNoInjection(t *testing.T) {
	x := timeline.Item{Obligation: timeline.Obligation{UID: "a", Status: timeline.Open, Task: "x", When: timeline.When{Resolved: true, End: "2018-12-31", RRule: "FREQ=YEARLY\r\nATTACH:x"}}}
	var b strings.Builder
	if err := WriteICS(&b, []timeline.Item{x}, ICSOptions{}); err != nil || strings.Contains(b.String(), "VEVENT") {
		t.Errorf("a rule with a line end is written: %v %s", err, b.String())
	}
}

// Whatever words stand in an obligation, the calendar is one, and gives them back.
func TestICSProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringOf(rapid.RuneFrom([]rune("脱钩abc;,\\:\"\r\n\t\x00𠮷é：END")))
		o := timeline.Obligation{UID: "u", Status: timeline.Open, Task: "a" + words.Draw(t, "task"), Words: words.Draw(t, "words"), Sentence: words.Draw(t, "sentence"),
			When:    timeline.When{Kind: corpus.KindBy, Resolved: true, End: "2018-12-31"},
			Sources: []timeline.Source{{Document: compare.Document{Title: words.Draw(t, "title"), Number: words.Draw(t, "number"), URL: "https://a.example/" + words.Draw(t, "url")}}}}
		o.Place.Name = words.Draw(t, "place")
		o.Parties = []timeline.Party{{Name: words.Draw(t, "party")}}
		var b strings.Builder
		opt := ICSOptions{Tasks: rapid.Bool().Draw(t, "tasks"), Alarms: []int{rapid.IntRange(0, 60).Draw(t, "alarm")}, Options: Options{Title: words.Draw(t, "name")}}
		if err := WriteICS(&b, []timeline.Item{{Obligation: o}}, opt); err != nil {
			t.Fatal(err)
		}
		list, err := strict(b.String())
		if err != nil || len(list) != 1 {
			t.Fatalf("%v in %q", err, b.String())
		}
	})
}

// No address outside, no script: the page stands alone.
func TestGanttStandsAlone(t *testing.T) {
	items, _ := sample(t)
	evil := items[0]
	evil.Task, evil.UID = `<script>alert(1)</script>"'&`, `"><img src=x>`
	var b strings.Builder
	if err := WriteGantt(&b, append(items, evil), Options{Lang: render.EN, AsOf: "2018-10-01"}); err != nil {
		t.Fatal(err)
	}
	if m := regexp.MustCompile(`(?i)<(?:script|img|link|iframe)|url\(|@import`).FindString(b.String()); m != "" {
		t.Errorf("the page holds %s", m)
	}
	if strings.Count(b.String(), `class="other"`) < 1 || !strings.Contains(b.String(), `class="today"`) {
		t.Error("no mark of another date, or of today")
	}
	b.Reset()
	if err := WriteGantt(&b, nil, Options{}); err != nil || !strings.Contains(b.String(), "没有符合条件") {
		t.Errorf("an empty page: %v", err)
	}
}
