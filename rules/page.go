package rules

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// Page is the knowledge about published pages, from page.toml and noise.toml. It is not
// changed after LoadPage and may be used by several goroutines.
type Page struct {
	Containers  []string // elements that hold the text, in order: name, #id, .class
	Drop        []string // elements that never hold text; also [attribute]
	HiddenStyle *Pattern
	// Aside are words of classes and ids that name what stands beside the text.
	Aside map[string]bool
	// PostedElements are elements whose text is the date of posting.
	PostedElements []string
	Tags           map[string]PageTag // by name in lower case
	// Labels by their folded words; see [FoldLabel].
	Labels map[string]PageLabel
	Shapes map[corpus.Field]*Pattern
	Title  PageTitle
	Cues   []PageCue
	Noise  Noise // from noise.toml
	Attach PageAttach
	JSON   PageJSON
	Next   PageNext
	Works  PageWorks
	Table  PageTable
}

// PageTable finds tables whose rows are lines.
type PageTable struct {
	Head, Number, Task, InCharge *Pattern // words over a column, without blanks
	Organs                       *Pattern // what stands under InCharge
}

// PageNext finds the pages that continue one.
type PageNext struct {
	Words  *Pattern // words of a link
	Script *Pattern // groups: pages, this page from 0, stem, ending
}

// PageWorks tells documents on one page apart.
type PageWorks struct {
	Number, Signed *Pattern // a line that is nothing but that
}

// PageJSON names the keys of objects that hold the text of a page. All keys are
// in lower case.
type PageJSON struct {
	Body              map[string]bool
	FileURL, FileName map[string]bool
	Keys              map[string]PageLabel // Word is the label of the field
}

// PageTag is a meta element that states a field.
type PageTag struct {
	Name, Label  string
	Field        corpus.Field
	Placeholders []string // values of templates left unfilled
}

// PageLabel is what a label means. A field of "" is known and not kept.
type PageLabel struct {
	Word  string
	Field corpus.Field
	Weak  bool // says nothing alone
}

// PageTitle finds the headline.
type PageTitle struct {
	Elements, Separators   []string
	Site, Headline, Never  *Pattern
	Portal                 *Pattern // what a copied <title> has behind the headline
	Organ                  *Pattern
	JoinedStart, JoinedEnd *Pattern
	BareDate               *Pattern
}

// PageCue tells furniture from text by one line.
type PageCue struct {
	ID      string
	Kind    string // line, tail, text or truncated
	Min     int    // shortest line in characters
	Max     int    // longest line in characters, 0 for any
	Pattern *Pattern
}

// PageAttach tells attachments from other links.
type PageAttach struct {
	Extensions    map[string]bool
	Addresses     []string // parts of addresses, in lower case
	Words, Prefix *Pattern
}

// Match reports whether the cue hits a line of n characters.
func (c *PageCue) Match(line string, n int) bool {
	return n >= c.Min && (c.Max == 0 || n <= c.Max) && c.Pattern.MatchString(line)
}

// Bracketed is what a label means that stands in 【】.
func (p *Page) Bracketed(word string) (PageLabel, bool) {
	if l, ok := p.Labels["【"+word+"】"]; ok {
		return l, true
	}
	l, ok := p.Labels[word]
	return l, ok
}

// FoldLabel takes all blanks and a final colon off a label, as pages write the
// same one as "索 引 号：" and "索引号".
func FoldLabel(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimRight(s, ":：")
}

type pageFile struct {
	Containers  []string `toml:"containers"`
	Aside       []string `toml:"aside"`
	Drop        []string `toml:"drop"`
	HiddenStyle string   `toml:"hidden_style"`
	Meta        struct {
		PostedElements []string `toml:"posted_elements"`
		Tags           []struct {
			Name         string   `toml:"name"`
			Field        string   `toml:"field"`
			Label        string   `toml:"label"`
			Placeholders []string `toml:"placeholders"`
		} `toml:"tags"`
	} `toml:"meta"`
	Labels []struct {
		Field string   `toml:"field"`
		Words []string `toml:"words"`
		Weak  bool     `toml:"weak"`
	} `toml:"labels"`
	Shapes []struct {
		Fields []string `toml:"fields"`
		pagePattern
	} `toml:"shapes"`
	Title struct {
		Elements    []string `toml:"elements"`
		Separators  []string `toml:"separators"`
		Site        string   `toml:"site"`
		Portal      string   `toml:"portal"`
		Headline    string   `toml:"headline"`
		Never       string   `toml:"never"`
		Organ       string   `toml:"organ"`
		JoinedStart string   `toml:"joined_start"`
		JoinedEnd   string   `toml:"joined_end"`
		BareDate    string   `toml:"bare_date"`
	} `toml:"title"`
	Cues []struct {
		ID   string `toml:"id"`
		Kind string `toml:"kind"`
		Min  int    `toml:"min"`
		Max  int    `toml:"max"`
		pagePattern
	} `toml:"cues"`
	JSON struct {
		Body     []string `toml:"body"`
		FileURL  []string `toml:"file_url"`
		FileName []string `toml:"file_name"`
		Fields   []struct {
			Field string   `toml:"field"`
			Label string   `toml:"label"`
			Keys  []string `toml:"keys"`
		} `toml:"fields"`
	} `toml:"json"`
	Next struct {
		Words  pagePattern `toml:"words"`
		Script pagePattern `toml:"script"`
	} `toml:"next"`
	Works struct {
		Number pagePattern `toml:"number"`
		Signed pagePattern `toml:"signed"`
	} `toml:"works"`
	Table struct {
		Head     pagePattern `toml:"head"`
		Number   pagePattern `toml:"number"`
		Task     pagePattern `toml:"task"`
		InCharge pagePattern `toml:"in_charge"`
		Organs   pagePattern `toml:"organs"`
	} `toml:"table"`
	Attachments struct {
		Extensions []string `toml:"extensions"`
		Addresses  []string `toml:"addresses"`
		Words      string   `toml:"words"`
		Prefix     string   `toml:"prefix"`
	} `toml:"attachments"`
}

type pagePattern struct {
	Pattern     string   `toml:"pattern"`
	Examples    []string `toml:"examples"`
	Nonexamples []string `toml:"nonexamples"`
}

// LoadPage reads page.toml and noise.toml and proves their examples. The first fault is the
// error, with the file and the entry named.
func LoadPage(fsys fs.FS) (*Page, error) {
	var f pageFile
	if err := decode(fsys, "page.toml", &f); err != nil {
		return nil, err
	}
	l := &pageLoader{p: &Page{
		Containers:     f.Containers,
		Drop:           f.Drop,
		PostedElements: f.Meta.PostedElements,
		Aside:          map[string]bool{},
		Tags:           map[string]PageTag{},
		Labels:         map[string]PageLabel{},
		Shapes:         map[corpus.Field]*Pattern{},
	}}
	l.p.HiddenStyle = l.compile("hidden_style", f.HiddenStyle)
	for _, w := range f.Aside {
		if w == "" || w != strings.ToLower(w) || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
			l.fail("aside: %q is no word in lower-case letters", w)
		}
		l.p.Aside[w] = true
	}
	l.selectors("containers", f.Containers)
	l.selectors("drop", f.Drop)
	l.selectors("title.elements", f.Title.Elements)
	l.selectors("meta.posted_elements", f.Meta.PostedElements)
	l.tags(&f)
	l.labels(&f)
	l.shapes(&f)
	l.title(&f)
	l.cues(&f)
	l.attach(&f)
	l.json(&f)
	l.p.Next = PageNext{Words: l.prove("next.words", f.Next.Words), Script: l.prove("next.script", f.Next.Script)}
	l.p.Works = PageWorks{Number: l.prove("works.number", f.Works.Number), Signed: l.prove("works.signed", f.Works.Signed)}
	l.p.Table = PageTable{Head: l.prove("table.head", f.Table.Head), Number: l.prove("table.number", f.Table.Number),
		Task: l.prove("table.task", f.Table.Task), InCharge: l.prove("table.in_charge", f.Table.InCharge), Organs: l.prove("table.organs", f.Table.Organs)}
	if len(l.p.Next.Script.SubexpNames()) != 5 {
		l.fail("next.script: %d groups, not 4", len(l.p.Next.Script.SubexpNames())-1)
	}
	if l.err != nil {
		return nil, fmt.Errorf("rules: page.toml: %w", l.err)
	}
	var err error
	if l.p.Noise, err = loadNoise(fsys); err != nil {
		return nil, err
	}
	return l.p, nil
}

// pageLoader keeps the first fault, so that the steps need not check after each entry.
type pageLoader struct {
	p   *Page
	err error
}

func (l *pageLoader) fail(format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf(format, args...)
	}
}

// compile returns a pattern that never matches where p is faulty, so that the
// steps after it can go on to the end.
func (l *pageLoader) compile(id, p string) *Pattern {
	re, err := NewPattern(p)
	if err != nil || p == "" {
		l.fail("%s: bad pattern %q: %v", id, p, err)
		re, _ = NewPattern(`[^\x{0}-\x{10FFFF}]`)
	}
	return re
}

// prove checks a pattern against its own examples.
func (l *pageLoader) prove(id string, pp pagePattern) *Pattern {
	re := l.compile(id, pp.Pattern)
	l.proveMatch(id, pp, re.MatchString)
	return re
}

func (l *pageLoader) proveMatch(id string, pp pagePattern, match func(string) bool) {
	if len(pp.Examples) == 0 || len(pp.Nonexamples) == 0 {
		l.fail("%s: examples or nonexamples are missing", id)
	}
	for _, s := range pp.Examples {
		if !match(s) {
			l.fail("%s: example %q does not match", id, s)
		}
	}
	for _, s := range pp.Nonexamples {
		if match(s) {
			l.fail("%s: nonexample %q matches", id, s)
		}
	}
}

// selector is what the reader can find in one walk over a page.
var selector = regexp.MustCompile(`^(?:[.#]?[A-Za-z_][\w-]*|\[[a-z-]+\])$`)

func (l *pageLoader) selectors(id string, sels []string) {
	for _, s := range sels {
		if !selector.MatchString(s) {
			l.fail("%s: %q is none of name, #id, .class, [attribute]", id, s)
		}
	}
}

// pageFields are the fields that a page can state.
func pageFields() []corpus.Field {
	return []corpus.Field{
		corpus.FieldTitle, corpus.FieldIndex, corpus.FieldIssuer, corpus.FieldDocNumber, corpus.FieldSigned,
		corpus.FieldPrinted, corpus.FieldPosted, corpus.FieldEffective, corpus.FieldAbolished, corpus.FieldValidity,
		corpus.FieldTheme, corpus.FieldGenre, corpus.FieldService, corpus.FieldDisclose, corpus.FieldRegister,
		corpus.FieldKeywords, corpus.FieldAbstract, corpus.FieldSource, corpus.FieldSiteName, corpus.FieldSiteCode,
		corpus.FieldColumn,
	}
}

func (l *pageLoader) field(id, name string) corpus.Field {
	for _, f := range pageFields() {
		if string(f) == name {
			return f
		}
	}
	l.fail("%s: unknown field %q", id, name)
	return ""
}

func (l *pageLoader) tags(f *pageFile) {
	for _, t := range f.Meta.Tags {
		name := strings.ToLower(t.Name)
		if _, twice := l.p.Tags[name]; twice || name == "" || t.Label == "" {
			l.fail("meta.tags: %q is named twice or has no name or label", t.Name)
		}
		l.p.Tags[name] = PageTag{Name: t.Name, Label: t.Label, Field: l.field("meta.tags "+t.Name, t.Field), Placeholders: t.Placeholders}
	}
}

func (l *pageLoader) labels(f *pageFile) {
	for _, e := range f.Labels {
		var field corpus.Field
		if e.Field != "" {
			field = l.field("labels", e.Field)
		}
		for _, w := range e.Words {
			if _, twice := l.p.Labels[w]; twice || w == "" || FoldLabel(w) != w {
				l.fail("labels: %q stands twice, is empty or is not folded", w)
			}
			l.p.Labels[w] = PageLabel{Word: w, Field: field, Weak: e.Weak}
		}
	}
}

func (l *pageLoader) shapes(f *pageFile) {
	for _, e := range f.Shapes {
		re := l.prove("shapes "+strings.Join(e.Fields, ","), e.pagePattern)
		for _, name := range e.Fields {
			l.p.Shapes[l.field("shapes", name)] = re
		}
	}
}

func (l *pageLoader) title(f *pageFile) {
	t := f.Title
	l.p.Title = PageTitle{
		Elements:    t.Elements,
		Separators:  t.Separators,
		Site:        l.compile("title.site", t.Site),
		Portal:      l.compile("title.portal", t.Portal),
		Headline:    l.compile("title.headline", t.Headline),
		Never:       l.compile("title.never", t.Never),
		Organ:       l.compile("title.organ", t.Organ),
		JoinedStart: l.compile("title.joined_start", t.JoinedStart),
		JoinedEnd:   l.compile("title.joined_end", t.JoinedEnd),
		BareDate:    l.compile("title.bare_date", t.BareDate),
	}
	if l.p.Title.BareDate.SubexpIndex("value") < 0 {
		l.fail("title.bare_date: no group named value")
	}
}

func (l *pageLoader) cues(f *pageFile) {
	seen := map[string]bool{}
	for _, c := range f.Cues {
		id := "cues " + c.ID
		switch c.Kind {
		case "line", "tail", "text", "truncated":
		default:
			l.fail("%s: unknown kind %q", id, c.Kind)
		}
		if c.ID == "" || seen[c.ID] {
			l.fail("%s: no id, or one that stands twice", id)
		}
		seen[c.ID] = true
		cue := PageCue{ID: c.ID, Kind: c.Kind, Min: c.Min, Max: c.Max, Pattern: l.compile(id, c.Pattern)}
		l.proveMatch(id, c.pagePattern, func(s string) bool { return cue.Match(s, utf8.RuneCountInString(s)) })
		l.p.Cues = append(l.p.Cues, cue)
	}
}

func (l *pageLoader) json(f *pageFile) {
	set := func(list []string) map[string]bool {
		m := map[string]bool{}
		for _, k := range list {
			if k == "" || k != strings.ToLower(k) {
				l.fail("json: %q is empty or not in lower case", k)
			}
			m[k] = true
		}
		return m
	}
	l.p.JSON = PageJSON{Body: set(f.JSON.Body), FileURL: set(f.JSON.FileURL), FileName: set(f.JSON.FileName), Keys: map[string]PageLabel{}}
	for _, e := range f.JSON.Fields {
		if label, ok := l.p.Labels[e.Label]; !ok || string(label.Field) != e.Field {
			l.fail("json.fields: %q is no label of %s", e.Label, e.Field)
		}
		for k := range set(e.Keys) {
			if _, twice := l.p.JSON.Keys[k]; twice {
				l.fail("json.fields: %q stands twice", k)
			}
			l.p.JSON.Keys[k] = PageLabel{Word: e.Label, Field: l.field("json.fields", e.Field)}
		}
	}
}

func (l *pageLoader) attach(f *pageFile) {
	a := f.Attachments
	l.p.Attach = PageAttach{
		Extensions: map[string]bool{},
		Addresses:  a.Addresses,
		Words:      l.compile("attachments.words", a.Words),
		Prefix:     l.compile("attachments.prefix", a.Prefix),
	}
	for _, e := range a.Extensions {
		l.p.Attach.Extensions[strings.ToLower(e)] = true
	}
}
