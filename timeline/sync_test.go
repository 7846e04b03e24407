package timeline

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/extract"
	"tuogou/extract/reader"
)

// region is documents of places above and beside each other, which cite, follow, copy,
// repeal and retell each other, and are edited at random.
type region struct {
	t       *testing.T
	rnd     *rand.Rand
	read    reading
	papers  []*paper
	fixes   []store.Correction
	cache   map[string]*corpus.Record
	serials int
}

type paper struct {
	url, place, head, number, title string
	story                           bool
	tasks                           []task
	cites, repeals                  *paper
	hidden, gone                    bool
	noise                           int
}

// regionPlaces are the places with the sign in their numbers.
var regionPlaces = [][2]string{{"暮岚省", "岚"}, {"暮溪市", "溪"}, {"槐砚县", "槐"}, {"芷棠县", "芷"}, {"", "某"}}

func newRegion(t *testing.T, seed uint64, read reading) *region {
	g := &region{t: t, rnd: rand.New(rand.NewPCG(seed, 11)), read: read, cache: map[string]*corpus.Record{}}
	for i := range regionPlaces {
		g.add(i)
	}
	return g
}

// add publishes a plan of a place.
func (g *region) add(place int) *paper {
	g.serials++
	name := regionPlaces[place][0]
	p := &paper{url: fmt.Sprintf("http://www.r%d.example/plan%d.html", place, g.serials), place: name, head: name,
		number: fmt.Sprintf("%s政办发〔2016〕%d号", regionPlaces[place][1], g.serials), title: name + "行业协会商会与行政机关脱钩实施方案（示例）"}
	for range 3 + g.rnd.IntN(3) {
		g.grow(p)
	}
	if n := len(g.papers); n > 0 && g.rnd.IntN(3) > 0 {
		p.cites = g.papers[g.rnd.IntN(n)]
	}
	g.papers = append(g.papers, p)
	return p
}

func (g *region) grow(p *paper) {
	words := taskPool[g.rnd.IntN(len(taskPool))]
	if !slices.ContainsFunc(p.tasks, func(x task) bool { return x.id == words }) {
		p.tasks = append(p.tasks, task{id: words, words: words, organ: organPool[g.rnd.IntN(len(organPool))], date: g.day()})
	}
}

func (g *region) day() day { return day{2017 + g.rnd.IntN(2), 1 + g.rnd.IntN(3)} }

func (g *region) text(p *paper) string {
	var b strings.Builder
	if p.hidden {
		fmt.Fprintf(&b, "机构职能\n\n本栏目内容正在调整，请稍后访问。访问量%d。\n", p.noise)
		return b.String()
	}
	if p.story {
		fmt.Fprintf(&b, "%s推进行业协会商会脱钩工作\n\n本报讯 近日，%s召开行业协会商会与行政机关脱钩工作推进会。会议指出，脱钩工作取得阶段性成效。\n", p.place, p.place)
		for _, x := range p.tasks {
			fmt.Fprintf(&b, "会议要求，%s要于%s%s。\n", x.organ, x.date.words(), x.words)
		}
		return b.String()
	}
	fmt.Fprintf(&b, "%s\n\n%s\n\n各有关单位：\n", p.title, p.number)
	if p.cites != nil {
		fmt.Fprintf(&b, "根据《%s》（%s）精神，", p.cites.title, p.cites.number)
	}
	fmt.Fprintf(&b, "为做好行业协会商会与行政机关脱钩工作，制定本方案。\n一、工作任务\n")
	for i, x := range p.tasks {
		fmt.Fprintf(&b, "%d．由%s负责，于%s%s。\n", i+1, x.organ, x.date.words(), x.words)
	}
	fmt.Fprintf(&b, "二、工作要求\n各单位要加强领导，落实责任，确保脱钩工作平稳有序推进，遇有重大问题及时报告，不得影响行业协会商会正常运转和服务会员。\n")
	if p.repeals != nil {
		fmt.Fprintf(&b, "本方案自印发之日起施行，《%s》（%s）同时废止。\n", p.repeals.title, p.repeals.number)
	}
	fmt.Fprintf(&b, "\n%s人民政府办公室\n2016年%d月%d日\n", p.head, 1+len(p.number)%9, 1+p.noise%20)
	return b.String()
}

// edit changes a little and says what.
func (g *region) edit() string {
	p := g.papers[g.rnd.IntN(len(g.papers))]
	other := g.papers[g.rnd.IntN(len(g.papers))]
	switch g.rnd.IntN(16) {
	case 0:
		if len(g.papers) < 16 {
			g.add(g.rnd.IntN(len(regionPlaces)))
			return "a plan more"
		}
	case 1:
		p.hidden = !p.hidden
		p.noise++
		return "page away or back"
	case 2:
		p.gone = !p.gone
		return "gone or back"
	case 3:
		p.cites = other
		return "cites another"
	case 4:
		p.repeals = nil
		if other != p && g.rnd.IntN(2) == 0 {
			p.repeals = other
		}
		return "repeals"
	case 5: // the same text at another address
		if len(g.papers) < 16 {
			q := *p
			g.serials++
			q.url, q.tasks = fmt.Sprintf("http://copy.example/%d.html", g.serials), slices.Clone(p.tasks)
			g.papers = append(g.papers, &q)
			return "copied"
		}
	case 6: // the text of another place, with the names changed
		p.tasks, p.cites = slices.Clone(other.tasks), other
		return "follows"
	case 7:
		if len(g.papers) < 16 {
			g.serials++
			g.papers = append(g.papers, &paper{url: fmt.Sprintf("http://www.r.example/xwdt/%d.html", g.serials), place: p.place, story: true, tasks: slices.Clone(p.tasks[:1])})
			return "told in the news"
		}
	case 8:
		at := g.rnd.IntN(len(regionPlaces))
		p.place, p.head = regionPlaces[at][0], regionPlaces[at][0]
		p.title = p.place + "行业协会商会与行政机关脱钩实施方案（示例）"
		return "another place"
	case 9:
		p.number = other.number
		return "another number"
	case 10:
		if n := len(p.tasks); n > 2 {
			p.tasks = slices.Delete(p.tasks, 0, 1)
		}
		return "task removed"
	case 11:
		g.grow(p)
		return "task added"
	case 12:
		if r := g.record(p); len(r.Deadlines) > 0 {
			g.fixes = append(g.fixes, store.Correction{ID: fmt.Sprintf("c%d", len(g.fixes)), Doc: r.ID, Bytes: r.Source.SHA256, Action: "fix",
				Field: "/deadlines/0/end", Was: "", Want: `"2019-05-05"`, By: "甲"})
		}
		return "corrected"
	}
	p.tasks[g.rnd.IntN(len(p.tasks))].date = g.day()
	return "date moved"
}

func (g *region) record(p *paper) *corpus.Record {
	body := g.text(p)
	if r := g.cache[p.url+body]; r != nil {
		return r
	}
	text, err := g.read.reader.Read(reader.Input{Data: []byte(body), Name: "plan.txt", URL: p.url})
	if err != nil {
		g.t.Fatal(err)
	}
	r := g.read.x.Extract(corpus.Source{URL: p.url, SHA256: corpus.HashBytes([]byte(body))}, text, extract.Options{})
	g.cache[p.url+body] = r
	return r
}

// records are all of them, with references led to documents.
func (g *region) records() map[corpus.DocID]*corpus.Record {
	works, out := g.read.x.Works(), map[corpus.DocID]*corpus.Record{}
	for _, p := range g.papers {
		r := *g.record(p)
		r.References = slices.Clone(r.References)
		works.Add(&r)
		out[r.ID] = &r
	}
	for _, r := range out {
		works.Resolve(r)
	}
	return out
}

// books is a ledger in memory.
type books struct {
	records map[corpus.DocID]*corpus.Record
	fixes   []store.Correction
	list    []Obligation
	spoke   map[corpus.DocID]map[string]bool
	asked   int // records
}

func (b *books) Record(_ context.Context, id corpus.DocID) (*corpus.Record, []store.Correction, error) {
	b.asked++
	var fixes []store.Correction
	for _, c := range b.fixes {
		if c.Doc == id {
			fixes = append(fixes, c)
		}
	}
	return b.records[id], fixes, nil
}

func (b *books) Obligations(_ context.Context, id corpus.DocID) ([]Obligation, error) {
	var out []Obligation
	for _, o := range b.list {
		if b.spoke[id][o.UID] {
			out = append(out, o)
		}
	}
	return out, nil
}

func (b *books) Known(_ context.Context, uid string) (bool, error) {
	return slices.ContainsFunc(b.list, func(o Obligation) bool { return o.UID == uid }), nil
}

func (b *books) Append(_ context.Context, changes []Change) error {
	for _, c := range changes {
		id := c.Obligation.Document().ID
		if b.spoke[id] == nil {
			b.spoke[id] = map[string]bool{}
		}
		b.spoke[id][c.UID] = true
	}
	b.list = Replay(b.list, changes)
	return nil
}

// TestSyncIsUpdate edits documents that depend on each other, and proves that looking at
// those that changed, and at what depends on them, gives what a look at all gives.
func TestSyncIsUpdate(t *testing.T) {
	seeds, steps := 8, 60
	if testing.Short() {
		seeds, steps = 2, 30
	}
	defer func(n int) { batchDocs = n }(batchDocs)
	batchDocs = 3
	read := ruleSets(t)[0]
	met := map[string]int{}
	looked, all := 0, 0
	for seed := range seeds {
		g := newRegion(t, uint64(seed), read)
		var whole []Obligation
		parts := &books{spoke: map[corpus.DocID]map[string]bool{}}
		signs, had := NewSigns(nil), map[corpus.DocID][]byte{}
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		for n := range steps {
			what := "start"
			for range min(n, 1+g.rnd.IntN(2)) {
				what = g.edit()
			}
			at = at.Add(time.Minute)
			facts := Facts{Gone: map[corpus.DocID]bool{}, At: at}
			parts.records, parts.fixes = g.records(), g.fixes
			for _, p := range g.papers {
				facts.Gone[g.record(p).ID] = p.gone
			}
			var fresh []Sign
			for id, r := range parts.records {
				facts.Records = append(facts.Records, r)
				data, err := json.Marshal([]any{r, facts.Gone[id], slices.DeleteFunc(slices.Clone(g.fixes), func(c store.Correction) bool { return c.Doc != id })})
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(data, had[id]) {
					s := SignOf(r)
					s.Gone = facts.Gone[id]
					fresh = append(fresh, s)
				}
				had[id] = data
			}
			slices.SortFunc(facts.Records, func(a, b *corpus.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
			facts.Corrections = slices.Clone(g.fixes)
			slices.SortStableFunc(facts.Corrections, func(a, b store.Correction) int { return strings.Compare(string(a.Doc), string(b.Doc)) })
			whole = Replay(whole, Update(whole, facts))
			signs = reread(t, signs)
			parts.asked = 0
			if _, err := Sync(t.Context(), parts, signs, fresh, Facts{At: at}); err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				looked, all = looked+parts.asked, all+len(parts.records)
			}
			if diff := differ(whole, parts.list); diff != "" {
				t.Fatalf("seed %d, step %d (%s): %s", seed, n, what, diff)
			}
			for _, o := range whole {
				met[string(o.Status)]++
				if len(o.Sources) > 1 {
					met["copies"]++
				}
				for _, s := range o.Sources[min(1, len(o.Sources)):] {
					if !binds(s.Document.Kind) {
						met["stories"]++
					}
				}
				if o.SupersededIn != "" {
					met["superseded by a document"]++
				}
				for _, s := range o.Shifts {
					met["shift "+string(s.Kind)]++
				}
				met["fixes"] += len(o.Fixes)
			}
		}
	}
	if !testing.Short() { // a short walk promises no variety
		for _, what := range []string{"open", "withdrawn", "superseded", "copies", "stories", "superseded by a document", "shift level", "shift revision", "fixes"} {
			if met[what] == 0 {
				t.Errorf("nothing was %s: %v", what, met)
			}
		}
	}
	t.Logf("records read: %d, %d documents at all steps; %v", looked, all, met)
}

// reread writes signs down and reads them again, as between two runs.
func reread(t *testing.T, s *Signs) *Signs {
	t.Helper()
	data, err := json.Marshal(s.All())
	if err != nil {
		t.Fatal(err)
	}
	var list []Sign
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return NewSigns(list)
}

// differ tells the first difference of two lists.
func differ(want, got []Obligation) string {
	a, b := byUID(want), byUID(got)
	for _, o := range want {
		x, ok := b[o.UID]
		if !ok {
			return fmt.Sprintf("%s (%s %s) is missing", o.UID, o.Place.Name, summary(o))
		}
		if !sameForm(o, x) {
			w, _ := json.Marshal(o)
			g, _ := json.Marshal(x)
			return fmt.Sprintf("want\n%s\ngot\n%s", w, g)
		}
	}
	for _, o := range got {
		if _, ok := a[o.UID]; !ok {
			return fmt.Sprintf("%s (%s %s) is too much", o.UID, o.Place.Name, summary(o))
		}
	}
	return ""
}
