package places

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

//go:embed places.tsv
var placesText string

// NationCode is the code of the whole country, the parent of all provinces.
const NationCode = "000000"

// Table is a set of places. The zero value is not usable: see [Default].
type Table struct {
	rows   []Place          // by code, then From
	byCode map[string][]int // rows of one code
	kids   map[string][]int // rows whose parent is the code
	index  *index
	hash   func() corpus.Hash
}

// Default is the built-in table, read once on first use.
func Default() *Table { return builtin() }

var builtin = sync.OnceValue(func() *Table {
	rows, err := parse(placesText)
	if err == nil {
		var t *Table
		rows = append(rows, Place{Code: NationCode, Name: "全国", Level: corpus.Nation})
		if t, err = build(rows); err == nil {
			return t
		}
	}
	panic(fmt.Errorf("built-in places: %w", err)) // embedded: a defect of the program
})

// With is t with the rows of an overlay, which t itself does not get. The
// overlay is a table with tabs between the columns
//
//	code name [from [to [level [parent]]]]
//
// with # comments and an optional header row that begins with "code". Level and
// parent follow from a code of six digits; other codes (at most 24 letters,
// digits and hyphens after the first six digits) and zones name them. A nation
// of its own, without parent, keeps invented places apart from the real ones. A
// row with the code and name of one in t replaces it. A bad row is an error that
// names its line; an error between rows names the codes.
func (t *Table) With(tsv io.Reader) (*Table, error) {
	data, err := io.ReadAll(tsv)
	if err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	added, err := parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	type key struct{ code, name string }
	replaced := map[key]bool{}
	for _, p := range added {
		replaced[key{p.Code, p.Name}] = true
	}
	rows := slices.DeleteFunc(slices.Clone(t.rows), func(p Place) bool { return replaced[key{p.Code, p.Name}] })
	rows = append(rows, added...)
	for i := range rows {
		p := &rows[i]
		if levelOf(p.Code) == corpus.County && p.Level == corpus.County && p.Parent == p.Code[:2]+"0000" {
			p.Parent = "" // the overlay may bring a nearer one
		}
	}
	u, err := build(rows)
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	return u, nil
}

// Hash names the content of the table: places and the words that Find reads by.
func (t *Table) Hash() string { return string(t.hash()) }

// parse reads rows. Their parents may still be open.
func parse(text string) ([]Place, error) {
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("line %d: not UTF-8", 1+strings.Count(text[:invalidAt(text)], "\n"))
	}
	var rows []Place
	err := eachRow(text, "code", func(f []string) error {
		p, err := parseRow(f)
		rows = append(rows, p)
		return err
	})
	return rows, err
}

func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

func parseRow(f []string) (p Place, err error) {
	if len(f) < 2 || len(f) > 6 {
		return p, fmt.Errorf("want 2 to 6 columns, have %d", len(f))
	}
	f = append(slices.Clip(f), make([]string, 6-len(f))...)
	p = Place{Code: f[0], Name: f[1], Level: corpus.Level(f[4]), Parent: f[5]}
	if !codeOK(p.Code) || p.Code == NationCode {
		return p, fmt.Errorf("bad code %q", p.Code)
	}
	if utf8.RuneCountInString(p.Name) < 2 || strings.ContainsFunc(p.Name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return p, fmt.Errorf("bad name %q", p.Name)
	}
	if p.From, err = parseYear(f[2]); err != nil {
		return p, err
	}
	if p.To, err = parseYear(f[3]); err != nil {
		return p, err
	}
	if p.To != 0 && p.To < p.From {
		return p, fmt.Errorf("%s ends in %d, before %d", p.Name, p.To, p.From)
	}
	if p.Level == "" {
		p.Level = levelOf(p.Code)
	}
	if rank(p.Level) < 0 {
		return p, fmt.Errorf("code %s needs a level (nation … zone), has %q", p.Code, f[4])
	}
	if p.Level == corpus.Nation && p.Parent != "" {
		return p, fmt.Errorf("nation %s has a parent", p.Code) // parents would run in a circle
	}
	if p.Parent == "" {
		switch p.Level {
		case corpus.Province:
			p.Parent = NationCode
		case corpus.Prefecture:
			p.Parent = p.Code[:2] + "0000"
		case corpus.Town, corpus.Zone:
			p.Parent = p.Code[:6]
		}
	}
	return p, nil
}

func codeOK(code string) bool {
	if len(code) < 6 || len(code) > 30 {
		return false
	}
	for i, c := range []byte(code) {
		digit := '0' <= c && c <= '9'
		if !digit && (i < 6 || c != '-' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
			return false
		}
	}
	return true
}

func parseYear(s string) (int, error) {
	if s == "" || s == "0" {
		return 0, nil
	}
	y, err := strconv.Atoi(s)
	if err != nil || y < 1900 || y > 2199 {
		return 0, fmt.Errorf("bad year %q", s)
	}
	return y, nil
}

// build sorts the rows, finds open parents, checks the whole and indexes it.
func build(rows []Place) (*Table, error) {
	slices.SortStableFunc(rows, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.From, b.From), cmp.Compare(end(a), end(b)))
	})
	t := &Table{rows: rows, byCode: make(map[string][]int, len(rows)), kids: map[string][]int{}}
	for i, p := range rows {
		same := t.byCode[p.Code]
		if n := len(same); n > 0 && end(rows[same[n-1]]) > p.From {
			return nil, fmt.Errorf("code %s: %s and %s in the same years", p.Code, rows[same[n-1]].Name, p.Name)
		} else if n > 0 && rows[same[0]].Level != p.Level {
			return nil, fmt.Errorf("code %s: %s is a %s, %s a %s", p.Code, rows[same[0]].Name, rows[same[0]].Level, p.Name, p.Level)
		}
		t.byCode[p.Code] = append(same, i)
	}
	for i := range rows {
		p := &rows[i]
		if p.Level == corpus.Nation {
			continue
		}
		if p.Parent == "" {
			p.Parent = t.countyParent(*p)
		}
		above := t.byCode[p.Parent]
		if len(above) == 0 {
			return nil, fmt.Errorf("%s %s: no parent %s in the table", p.Code, p.Name, p.Parent)
		}
		if rank(rows[above[0]].Level) >= rank(p.Level) {
			return nil, fmt.Errorf("%s %s: parent %s is not above it", p.Code, p.Name, p.Parent)
		}
		t.kids[p.Parent] = append(t.kids[p.Parent], i)
	}
	w := knowledge()
	t.index = newIndex(rows, w)
	t.hash = sync.OnceValue(t.sum)
	return t, nil
}

func (t *Table) sum() corpus.Hash {
	var b strings.Builder
	for _, p := range t.rows {
		fmt.Fprintf(&b, "%s\t%s\t%d\t%d\t%s\t%s\n", p.Code, p.Name, p.From, p.To, p.Level, p.Parent)
	}
	b.WriteString(wordsText)
	b.WriteString(abbrText)
	return corpus.HashBytes([]byte(b.String()))
}

// end is the last year of p, or a year after all others.
func end(p Place) int {
	if p.To == 0 {
		return 9999
	}
	return p.To
}

// countyParent is the prefecture of the first four digits where one existed
// beside p, else the province (districts of 北京市, 济源市).
func (t *Table) countyParent(p Place) string {
	prefecture := p.Code[:4] + "00"
	for _, i := range t.byCode[prefecture] {
		if q := t.rows[i]; q.From <= end(p) && p.From <= end(q) {
			return prefecture
		}
	}
	return p.Code[:2] + "0000"
}

// ByCode is the place with that code in year; in a year of change, the later
// one. Where the code was not valid in year it is the place that bore it
// nearest to it. False where the code is in no year.
func (t *Table) ByCode(code string, year int) (Place, bool) {
	best, found := Place{}, false
	for _, i := range t.byCode[code] {
		if p := t.rows[i]; !found || p.distance(year) <= best.distance(year) {
			best, found = p, true
		}
	}
	return best, found
}

// Parent is the code above code, as it is or last was; empty for the nation and
// for an unknown code.
func (t *Table) Parent(code string) string {
	p, _ := t.ByCode(code, 0)
	return p.Parent
}

// Path names the place and those above it in year, from the province down:
// [吉林省 长春市 绿园区], [北京市 朝阳区], [河南省 济源市]. It is [全国] for the
// nation and nil for an unknown code.
func (t *Table) Path(code string, year int) []string {
	var path []string
	for p, ok := t.ByCode(code, year); ok && (p.Level != corpus.Nation || path == nil); p, ok = t.ByCode(p.Parent, year) {
		path = append(path, p.Name)
	}
	slices.Reverse(path)
	return path
}

// Codes are the codes of the place and of all above it in year, from the nation
// down: [000000 220000 220100 220106]. It is nil for an unknown code.
func (t *Table) Codes(code string, year int) []string {
	var codes []string
	for p, ok := t.ByCode(code, year); ok; p, ok = t.ByCode(p.Parent, year) {
		codes = append(codes, p.Code)
	}
	slices.Reverse(codes)
	return codes
}

// Within reports whether code is ancestor or lay under it in some year.
func (t *Table) Within(code, ancestor string) bool {
	if code == ancestor {
		return len(t.byCode[code]) > 0
	}
	for _, i := range t.byCode[code] {
		if p := t.rows[i]; p.Parent != "" && t.Within(p.Parent, ancestor) {
			return true
		}
	}
	return false
}

// Children are the places directly under code in year, by code, each code once.
// In a year of change the abolished ones are among them.
func (t *Table) Children(code string, year int) []Place {
	var out []Place
	for _, i := range t.kids[code] {
		p := t.rows[i]
		if !p.Valid(year) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Code == p.Code {
			out[n-1] = p
			continue
		}
		out = append(out, p)
	}
	return out
}
