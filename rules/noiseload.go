package rules

import (
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"
)

type noiseFile struct {
	Traditional string   `toml:"traditional"`
	Variants    []string `toml:"variants"`
	TaiwanSigns []string `toml:"taiwan_signs"`
	TaiwanAfter int      `toml:"taiwan_after"`
	Taiwan      []string `toml:"taiwan"`
	Pinyin      struct {
		Toned        string   `toml:"toned"`
		Neutral      []string `toml:"neutral"`
		NeutralAfter int      `toml:"neutral_after"`
		pagePattern
	} `toml:"pinyin"`
	Repairs []struct {
		ID      string `toml:"id"`
		What    string `toml:"what"`
		First   string `toml:"first"`
		Then    string `toml:"then"`
		Letters bool   `toml:"letters"`
		Unless  string `toml:"unless"`
		From    string `toml:"from"`
		To      string `toml:"to"`
		Keep    string `toml:"keep"`
		pagePattern
	} `toml:"repairs"`
	Broken struct {
		Words       []string `toml:"words"`
		Examples    []string `toml:"examples"`
		Nonexamples []string `toml:"nonexamples"`
	} `toml:"broken"`
	Wrapped struct {
		Item        string   `toml:"item"`
		Examples    []string `toml:"examples"`
		Nonexamples []string `toml:"nonexamples"`

		Heading            string   `toml:"heading"`
		HeadingExamples    []string `toml:"heading_examples"`
		HeadingNonexamples []string `toml:"heading_nonexamples"`

		Date pagePattern `toml:"date"`
	} `toml:"wrapped"`
	Glued    pagePattern `toml:"glued"`
	Mojibake struct {
		Signs      []string `toml:"signs"`
		Chars      string   `toml:"chars"`
		CharsAfter int      `toml:"chars_after"`
	} `toml:"mojibake"`
	Spun struct {
		Distinct    int      `toml:"distinct"`
		Per         int      `toml:"per"`
		Words       []string `toml:"words"`
		Examples    []string `toml:"examples"`
		Nonexamples []string `toml:"nonexamples"`
	} `toml:"spun"`
	Truncation struct {
		Cut              string   `toml:"cut"`
		CutExamples      []string `toml:"cut_examples"`
		CutNonexamples   []string `toml:"cut_nonexamples"`
		Open             string   `toml:"open"`
		OpenExamples     []string `toml:"open_examples"`
		OpenNonexamples  []string `toml:"open_nonexamples"`
		Close            string   `toml:"close"`
		CloseExamples    []string `toml:"close_examples"`
		CloseNonexamples []string `toml:"close_nonexamples"`
		Phases           string   `toml:"phases"`
	} `toml:"truncation"`
}

// loadNoise reads noise.toml and proves its examples.
func loadNoise(fsys fs.FS) (Noise, error) {
	var f noiseFile
	if err := decode(fsys, "noise.toml", &f); err != nil {
		return Noise{}, err
	}
	l := &noiseLoader{n: Noise{
		Traditional:   map[rune]bool{},
		TaiwanSigns:   f.TaiwanSigns,
		TaiwanAfter:   f.TaiwanAfter,
		Neutral:       map[string]bool{},
		NeutralAfter:  f.Pinyin.NeutralAfter,
		Mojibake:      f.Mojibake.Signs,
		MojibakeChars: []rune(f.Mojibake.Chars),
		MojibakeAfter: f.Mojibake.CharsAfter,
		SpunWords:     f.Spun.Distinct,
		SpunPer:       f.Spun.Per,
	}}
	for _, r := range f.Traditional {
		l.n.Traditional[r] = true
	}
	l.n.Variants, l.n.Taiwan = l.swaps("variants", f.Variants), l.swaps("taiwan", f.Taiwan)
	l.pinyin(&f)
	l.repairs(&f)
	l.broken(&f)
	l.spun(&f)
	l.n.Item = l.prove("wrapped.item", pagePattern{f.Wrapped.Item, f.Wrapped.Examples, f.Wrapped.Nonexamples})
	l.n.Heading = l.prove("wrapped.heading", pagePattern{f.Wrapped.Heading, f.Wrapped.HeadingExamples, f.Wrapped.HeadingNonexamples})
	l.n.Date = l.prove("wrapped.date", f.Wrapped.Date)
	l.n.Glued = l.prove("glued", f.Glued)
	t := &f.Truncation
	l.n.Truncation = Truncation{
		Cut:    l.prove("truncation.cut", pagePattern{t.Cut, t.CutExamples, t.CutNonexamples}),
		Open:   l.prove("truncation.open", pagePattern{t.Open, t.OpenExamples, t.OpenNonexamples}),
		Close:  l.prove("truncation.close", pagePattern{t.Close, t.CloseExamples, t.CloseNonexamples}),
		Phases: l.compile("truncation.phases", t.Phases),
	}
	if l.n.TaiwanAfter < 1 || l.n.NeutralAfter < 1 || l.n.MojibakeAfter < 1 || l.n.SpunWords < 1 || l.n.SpunPer < 1 {
		l.fail("a number is missing")
	}
	if l.err != nil {
		return Noise{}, fmt.Errorf("rules: noise.toml: %w", l.err)
	}
	return l.n, nil
}

type noiseLoader struct {
	pageLoader
	n Noise
}

// swaps reads words written "from=to".
func (l *noiseLoader) swaps(id string, list []string) []Swap {
	var out []Swap
	seen := map[string]bool{}
	for _, e := range list {
		from, to, ok := strings.Cut(e, "=")
		if !ok || from == "" || to == "" || from == to || seen[from] {
			l.fail("%s: %q is not from=to, or stands twice", id, e)
			continue
		}
		seen[from] = true
		out = append(out, Swap{from, to})
	}
	return out
}

func (l *noiseLoader) pinyin(f *noiseFile) {
	l.n.Pinyin = l.compile("pinyin", f.Pinyin.Pattern)
	l.n.Toned = l.compile("pinyin.toned", f.Pinyin.Toned)
	for _, s := range f.Pinyin.Neutral {
		l.n.Neutral[s] = true
	}
	l.proveMatch("pinyin", f.Pinyin.pagePattern, func(s string) bool { return l.n.Reading(s, false) })
}

func (l *noiseLoader) repairs(f *noiseFile) {
	for i, e := range f.Repairs {
		id := fmt.Sprintf("repairs %d (%s)", i+1, e.ID)
		r := Repair{ID: e.ID, First: e.First, Then: e.Then, Letters: e.Letters, what: e.What, keep: []rune(e.Keep)}
		r.pattern = l.compile(id, e.Pattern)
		if r.group = r.pattern.SubexpIndex("x"); r.group < 0 {
			l.fail("%s: no group named x", id)
			continue
		}
		if e.Unless != "" {
			r.unless = l.compile(id, e.Unless)
		}
		switch from, to := []rune(e.From), []rune(e.To); e.What {
		case "map":
			if len(from) != len(to) || len(from) == 0 {
				l.fail("%s: from and to differ in length", id)
				continue
			}
			r.mapped = map[rune]string{}
			for i, c := range from {
				r.mapped[c] = string(to[i])
			}
		case "join", "once":
		default:
			l.fail("%s: cannot %q", id, e.What)
		}
		if e.ID == "" || e.First == "" {
			l.fail("%s: no id or no first", id)
		}
		l.proveRepair(id, &r, e.Examples, e.Nonexamples)
		l.n.Repairs = append(l.n.Repairs, r)
	}
}

func (l *noiseLoader) broken(f *noiseFile) {
	r := Repair{ID: "broken_word", First: " ", splits: map[[2]rune][]Swap{}}
	for _, w := range f.Broken.Words {
		for i := range w {
			if i == 0 {
				continue
			}
			left, _ := utf8.DecodeLastRuneInString(w[:i])
			right, _ := utf8.DecodeRuneInString(w[i:])
			r.splits[[2]rune{left, right}] = append(r.splits[[2]rune{left, right}], Swap{w[:i], w[i:]})
		}
	}
	l.proveRepair("broken", &r, f.Broken.Examples, f.Broken.Nonexamples)
	l.n.Repairs = append(l.n.Repairs, r)
}

// proveRepair checks examples "before => after"; repaired twice is repaired once.
func (l *noiseLoader) proveRepair(id string, r *Repair, examples, nonexamples []string) {
	if len(examples) == 0 || len(nonexamples) == 0 {
		l.fail("%s: examples or nonexamples are missing", id)
	}
	for _, e := range examples {
		before, after, ok := strings.Cut(e, " => ")
		if got := r.Apply(before); !ok || got != after || r.Apply(got) != got {
			l.fail("%s: example %q becomes %q", id, e, got)
		}
	}
	for _, s := range nonexamples {
		if got := r.Apply(s); got != s {
			l.fail("%s: nonexample %q becomes %q", id, s, got)
		}
	}
}

func (l *noiseLoader) spun(f *noiseFile) {
	l.n.Spun = l.swaps("spun", f.Spun.Words)
	l.proveMatch("spun", pagePattern{Examples: f.Spun.Examples, Nonexamples: f.Spun.Nonexamples}, func(s string) bool {
		hits, different := 0, 0
		for _, w := range l.n.Spun {
			if k := strings.Count(s, w.From); k > 0 {
				hits, different = hits+k, different+1
			}
		}
		return l.n.IsSpun(utf8.RuneCountInString(s), hits, different)
	})
}
