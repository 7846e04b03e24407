package store

import (
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tuogou/corpus"
)

func TestStampKeepsTimesAndTheirOrder(t *testing.T) {
	years := rapid.Int64Range(-62135596800+1, 253402300799) // of years 1 to 9999
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) time.Time {
			return time.Unix(years.Draw(t, name), rapid.Int64Range(0, 999_999_999).Draw(t, name+" ns"))
		}
		a, b := draw("a"), draw("b")
		back, err := ParseStamp(Stamp(a))
		if err != nil || !back.Equal(a) {
			t.Fatalf("%v came back as %v, %v", a, back, err)
		}
		if a.Before(b) != (Stamp(a) < Stamp(b)) {
			t.Fatalf("%q and %q stand in another order than their times", Stamp(a), Stamp(b))
		}
	})
}

func TestCleanIsValidAndStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Clean(string(rapid.SliceOf(rapid.Byte()).Draw(t, "s")))
		if !utf8.ValidString(once) || Clean(once) != once {
			t.Fatalf("%q", once)
		}
	})
}

func TestIsHash(t *testing.T) {
	for s, want := range map[corpus.Hash]bool{
		corpus.HashBytes(nil): true, "": false, "abc": false,
		"G" + corpus.HashBytes(nil)[1:]: false, "A" + corpus.HashBytes(nil)[1:]: false,
	} {
		if IsHash(s) != want {
			t.Errorf("IsHash(%q) = %v", s, !want)
		}
	}
}

func FuzzCheckRecord(f *testing.F) {
	f.Add([]byte(`{"id":"u1","text":{"body":"脱钩"},"deadlines":[{"quote":"脱","span":{"start":0,"end":1}}]}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := CheckRecord("u1", data)
		if err == nil && (r.ID != "u1" || r.Check() != nil) {
			t.Errorf("accepted %s", data)
		}
	})
}
