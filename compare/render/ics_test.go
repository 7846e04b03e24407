package render_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// component is one VEVENT or VTODO read back; values are still escaped.
type component map[string]string

// parseICS is a strict reader: it takes only what RFC 5545 allows of what we write.
func parseICS(text string) ([]component, error) {
	if !strings.HasSuffix(text, "\r\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") {
		return nil, fmt.Errorf("a line does not end in CRLF")
	}
	var lines []string
	for _, l := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(l) > 75 || !utf8.ValidString(l) {
			return nil, fmt.Errorf("line of %d octets, or a character cut: %q", len(l), l)
		}
		if rest, ok := strings.CutPrefix(l, " "); ok && len(lines) > 0 {
			lines[len(lines)-1] += rest
			continue
		}
		lines = append(lines, l)
	}
	return readComponents(lines)
}

var property = regexp.MustCompile(`^([A-Z-]+)(;VALUE=DATE)?:(.*)$`)

func readComponents(lines []string) ([]component, error) {
	if len(lines) < 4 || lines[0] != "BEGIN:VCALENDAR" || lines[len(lines)-1] != "END:VCALENDAR" || lines[1] != "VERSION:2.0" || !strings.HasPrefix(lines[2], "PRODID:") {
		return nil, fmt.Errorf("not a calendar: %q", lines)
	}
	var out []component
	var in component
	uids := map[string]bool{}
	for _, l := range lines[1 : len(lines)-1] {
		m := property.FindStringSubmatch(l)
		if m == nil {
			return nil, fmt.Errorf("no property: %q", l)
		}
		switch name, value := m[1], m[3]; {
		case name == "BEGIN":
			if in != nil {
				return nil, fmt.Errorf("nested %s", l)
			}
			in = component{"BEGIN": value}
		case name == "END":
			if in == nil || value != in["BEGIN"] || in["UID"] == "" || in["DTSTAMP"] == "" || in["SUMMARY"] == "" || uids[in["UID"]] {
				return nil, fmt.Errorf("incomplete, or its UID is taken: %v", in)
			}
			if in["BEGIN"] == "VEVENT" && in["DTEND"] <= in["DTSTART"] || in["BEGIN"] == "VTODO" && in["DUE"] < in["DTSTART"] {
				return nil, fmt.Errorf("ends before it starts: %v", in)
			}
			uids[in["UID"]] = true
			out = append(out, in)
			in = nil
		case in != nil:
			if _, twice := in[name]; twice {
				return nil, fmt.Errorf("%s twice", name)
			}
			if m[2] != "" {
				if _, err := time.Parse("20060102", value); err != nil {
					return nil, err
				}
			}
			in[name] = value
		}
	}
	return out, nil
}

func calendar(t *testing.T, entries []compare.Entry, opt render.ICSOptions) []component {
	t.Helper()
	var b bytes.Buffer
	if err := render.WriteICS(&b, entries, opt); err != nil {
		t.Fatal(err)
	}
	list, err := parseICS(b.String())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestICSOfTheSample(t *testing.T) {
	s := sample(t).Schedule
	list := calendar(t, append(s.Entries, s.Unresolved...), render.ICSOptions{})
	if len(list) != len(s.Entries) {
		t.Fatalf("%d entries, want the %d with a date", len(list), len(s.Entries))
	}
	byUID := map[string]component{}
	for _, c := range list {
		byUID[c["UID"]] = c
	}
	for _, e := range s.Entries {
		c := byUID[e.UID+"@tuogou"]
		if c == nil {
			t.Fatalf("%s is not in the calendar", e.UID)
		}
		got := c["DTSTART"] + "/" + c["DTEND"]
		if want, ok := map[string]string{
			"2018年底前":          "20181231/20190101",
			"2018年10月至11月中旬":   "20181001/20181121", // the end does not belong to it
			"2018年8月—2018年12月": "20180801/20190101",
			"自2018年起":          "20180101/20180102",
			"每年6月底前":           "20190630/20190701",
		}[e.Words]; ok && got != want {
			t.Errorf("%s: %s, want %s", e.Words, got, want)
		}
		if (c["STATUS"] == "CANCELLED") != (e.SupersededBy != "") {
			t.Errorf("%s: status %q", e.Words, c["STATUS"])
		}
		if (c["RRULE"] != "") != (e.RRule != "") {
			t.Errorf("%s: rule %q", e.Words, c["RRULE"])
		}
		if !strings.Contains(c["SUMMARY"], "示例") {
			t.Errorf("%s does not say that it is a sample", c["SUMMARY"])
		}
		if e.Document.Date == "2018-07-20" && c["DTSTAMP"] != "20180720T000000Z" {
			t.Errorf("stamp %s is not the document's date", c["DTSTAMP"])
		}
	}
}

func TestICSStampAndTasks(t *testing.T) {
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.FixedZone("CST", 8*3600))
	for _, c := range calendar(t, sample(t).Schedule.Entries, render.ICSOptions{Stamp: at, Tasks: true}) {
		if c["BEGIN"] != "VTODO" || c["DTSTAMP"] != "20261124T000000Z" || c["DUE"] == "" {
			t.Errorf("task %v", c)
		}
		if strings.Contains(c["DESCRIPTION"], "2018年底前") && c["DUE"] != "20181231" {
			t.Errorf("a task is due on its last day, not on %s", c["DUE"])
		}
	}
}

func TestICSKeepsOneUIDOfTwoDocumentsApart(t *testing.T) {
	e := compare.Entry{Due: compare.Due{UID: "a", Resolved: true, End: "2018-12-31", Action: "x"}}
	f := e
	f.Document.ID = "u2"
	var got []string
	for _, c := range calendar(t, []compare.Entry{e, f, f}, render.ICSOptions{}) {
		got = append(got, c["UID"])
	}
	if diff := cmp.Diff([]string{"a@tuogou", "a-u2@tuogou", "a-u2-x@tuogou"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestICSTakesNoInjection(t *testing.T) {
	e := compare.Entry{Due: compare.Due{UID: "a", Resolved: true, End: "2018-12-31", RRule: "FREQ=YEARLY\r\nATTACH:x", Action: "x"}}
	if list := calendar(t, []compare.Entry{e}, render.ICSOptions{}); len(list) != 0 {
		t.Errorf("a rule with a line end is written: %v", list)
	}
}

func TestICSProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringOf(rapid.RuneFrom([]rune("脱钩abc;,\\:\"\r\n\t\x00𠮷é：END")))
		e := compare.Entry{
			Due:      compare.Due{UID: "u", Kind: corpus.KindBy, Resolved: true, End: "2018-12-31", Words: words.Draw(t, "words"), Action: "a" + words.Draw(t, "action")},
			Document: compare.Document{Title: words.Draw(t, "title"), Number: words.Draw(t, "number"), URL: "https://a.example/" + words.Draw(t, "url")},
			Place:    compare.Place{Name: words.Draw(t, "place")},
		}
		var b bytes.Buffer
		if err := render.WriteICS(&b, []compare.Entry{e}, render.ICSOptions{}); err != nil {
			t.Fatal(err)
		}
		list, err := parseICS(b.String())
		if err != nil || len(list) != 1 {
			t.Fatalf("%v in %q", err, b.String())
		}
	})
}

func BenchmarkWriteHTML(b *testing.B) {
	r := sample(b)
	for b.Loop() {
		if err := render.WriteHTML(&bytes.Buffer{}, r, render.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
