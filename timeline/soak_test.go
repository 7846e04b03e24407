package timeline

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/extract/reader"
	"tuogou/rules"
)

// world is documents and rules that are edited at random, and what is true of them.
type world struct {
	t     *testing.T
	rnd   *rand.Rand
	docs  []*plan
	rules []reading
	now   int // of rules
	noise int
	cache map[string]*corpus.Record
}

// reading is one set of rules.
type reading struct {
	name    string
	reader  *reader.Reader
	x       *extract.Extractor
	without string // the expression that it does not know
}

// plan is one invented document. Its tasks are told apart by id for good.
type plan struct {
	url, place, number, title string
	tasks                     []task
	twin                      string // a second address, "" for none
	removed                   bool   // the page says something else now
}

type task struct {
	id    string
	organ string
	words string
	date  day
}

// day is a month, the way it is written.
type day struct{ year, month int }

func (d day) words() string { return fmt.Sprintf("%d年%d月底前", d.year, d.month) }
func (d day) iso() string {
	return time.Date(d.year, time.Month(d.month)+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// tasks are what the plans may order; some are nearly the same, as in real ones.
var taskPool = []string{
	"完成行业协会商会办公用房清理腾退", "完成公务员在协会兼职的清理", "将职能事项清单报送县委编办", "完成国有资产清查并出具报告",
	"报送脱钩工作自查报告", "报送脱钩工作总结报告", "完成党组织关系移交", "完成外事工作管理关系调整", "制定试点实施方案并组织论证",
	"建立行业协会商会综合监管平台", "完成法人治理结构的修订", "签订购买服务合同", "公布首批脱钩名单", "公布第二批脱钩名单",
	"完成账户和票据的独立核算", "办理法定代表人变更登记", "组织对各单位的督促检查", "开展脱钩政策培训", "完成事业单位编制的核销",
	"撤并与机关合署办公的协会秘书处",
}

var organPool = []string{"县民政局", "县财政局", "县委编办", "县委组织部", "县发展和改革局", "县机关事务管理局", "县外事侨务办公室"}

func (w *world) newTask(p *plan) (task, bool) {
	for range 40 {
		words := taskPool[w.rnd.IntN(len(taskPool))]
		if !slices.ContainsFunc(p.tasks, func(x task) bool { return x.id == words }) {
			return task{id: words, words: words, organ: organPool[w.rnd.IntN(len(organPool))], date: day{2017 + w.rnd.IntN(3), 1 + w.rnd.IntN(12)}}, true
		}
	}
	return task{}, false
}

func (w *world) text(p *plan) string {
	var b strings.Builder
	if p.removed {
		fmt.Fprintf(&b, "%s机构职能\n\n本栏目内容正在调整，请稍后访问。访问量%d。\n", p.place, w.noise)
		return b.String()
	}
	fmt.Fprintf(&b, "%s\n\n%s\n\n各乡镇人民政府，县政府各部门：\n为做好行业协会商会与行政机关脱钩工作，制定本方案。\n一、工作任务\n", p.title, p.number)
	for i, x := range p.tasks {
		fmt.Fprintf(&b, "%d．由%s负责，于%s%s。\n", i+1, x.organ, x.date.words(), x.words)
	}
	fmt.Fprintf(&b, "二、工作要求\n各单位要加强领导，落实责任。\n\n%s人民政府办公室\n2016年9月12日\n", p.place)
	return b.String()
}

// edit changes the world a little and says how.
func (w *world) edit() string {
	p := w.docs[w.rnd.IntN(len(w.docs))]
	n := len(p.tasks)
	pick := func() *task { return &p.tasks[w.rnd.IntN(n)] }
	switch what := w.rnd.IntN(11); {
	case what == 0:
		w.now = w.rnd.IntN(len(w.rules))
		return "rules: " + w.rules[w.now].name
	case what == 1:
		w.noise++
		return "noise"
	case what == 2 && p.removed:
		p.removed = false
		return "page back"
	case what == 2:
		p.removed = w.rnd.IntN(3) == 0
		return "page away"
	case what == 3 && n < 9:
		if x, ok := w.newTask(p); ok {
			p.tasks = slices.Insert(p.tasks, w.rnd.IntN(n+1), x)
		}
		return "task added"
	case what == 4 && n > 3:
		i := w.rnd.IntN(n)
		p.tasks = slices.Delete(p.tasks, i, i+1)
		return "task removed"
	case what == 5 || what == 6:
		x := pick()
		x.date = day{2017 + w.rnd.IntN(3), 1 + w.rnd.IntN(12)}
		return "date moved"
	case what == 7:
		x := pick()
		x.organ = organPool[w.rnd.IntN(len(organPool))]
		return "organ changed"
	case what == 8:
		x := pick()
		x.words = strings.TrimPrefix(x.words, "全面")
		if w.rnd.IntN(2) == 0 {
			x.words = "全面" + x.words
		}
		return "reworded"
	case what == 9:
		i, j := w.rnd.IntN(n), w.rnd.IntN(n)
		p.tasks[i], p.tasks[j] = p.tasks[j], p.tasks[i]
		return "order changed"
	}
	if p.twin == "" {
		p.twin = strings.Replace(p.url, "www", "copy", 1)
	}
	return "copied"
}

// records reads all pages with the rules of now.
func (w *world) records() []*corpus.Record {
	k := w.rules[w.now]
	var out []*corpus.Record
	for _, p := range w.docs {
		for _, url := range []string{p.url, p.twin} {
			if url == "" {
				continue
			}
			body := w.text(p)
			key := k.name + url + body
			if w.cache[key] == nil {
				text, err := k.reader.Read(reader.Input{Data: []byte(body), Name: "plan.txt", URL: url})
				if err != nil {
					w.t.Fatal(err)
				}
				w.cache[key] = k.x.Extract(corpus.Source{URL: url, SHA256: corpus.HashBytes([]byte(body))}, text, extract.Options{})
			}
			out = append(out, w.cache[key])
		}
	}
	w.rnd.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// ruleSets are the built-in rules and five edits of them.
func ruleSets(t *testing.T) []reading {
	t.Helper()
	table, err := places.Default().With(strings.NewReader("code\tname\tfrom\tto\tlevel\tparent\n990000\t暮岚省\t0\t0\tprovince\t000000\n990100\t暮溪市\t0\t0\tprefecture\t990000\n990101\t槐砚县\t0\t0\tcounty\t990100\n990102\t芷棠县\t0\t0\tcounty\t990100\n"))
	if err != nil {
		t.Fatal(err)
	}
	block := func(id string) *regexp.Regexp {
		return regexp.MustCompile(`(?ms)^\[\[expression\]\]\nid = "` + id + `".*?^nonexamples = [^\n]*\n`)
	}
	var out []reading
	for _, m := range []struct {
		name, file string
		old        *regexp.Regexp
		now        string
		without    string
	}{
		{name: "as they are"},
		{name: "a comment", file: "times.toml", old: regexp.MustCompile(`^# Time`), now: "# Edited. Time"},
		{name: "without months", file: "times.toml", old: block("year_month"), without: "year_month"},
		{name: "tasks end later", file: "times.toml", old: regexp.MustCompile(`(?m)^action_end = .*$`), now: `action_end = '(?:在|于)$'`},
		{name: "another subject", file: "duties.toml", old: regexp.MustCompile(`(?m)^direct = .*$`), now: `direct = '^在$'`},
	} {
		files := fstest.MapFS{}
		err := fs.WalkDir(rules.Embedded(), ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := fs.ReadFile(rules.Embedded(), name)
			if name == m.file {
				edited := m.old.ReplaceAllLiteralString(string(data), m.now)
				if edited == string(data) {
					t.Fatalf("%s: nothing was edited", m.name)
				}
				data = []byte(edited)
			}
			files[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		set, err := rules.Load(files)
		if err != nil {
			t.Fatalf("%s: %v", m.name, err)
		}
		x, err := extract.New(set, table, nil)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, reading{m.name, reader.New(set.Page), x, m.without})
	}
	return out
}

func newWorld(t *testing.T, seed uint64, readings []reading) *world {
	w := &world{t: t, rnd: rand.New(rand.NewPCG(seed, 8)), rules: readings, cache: map[string]*corpus.Record{}}
	for i, place := range []string{"槐砚县", "芷棠县"} {
		p := &plan{url: fmt.Sprintf("http://www.p%d.example/plan.html", i), place: place, number: fmt.Sprintf("%s政办发〔2016〕%d号", string([]rune(place)[0]), 11+i),
			title: place + "行业协会商会与行政机关脱钩实施方案（示例）"}
		for range 6 {
			if x, ok := w.newTask(p); ok {
				p.tasks = append(p.tasks, x)
			}
		}
		w.docs = append(w.docs, p)
	}
	return w
}

// TestSoak reads plans 200 times, each time after an edit of a document or of the
// rules, and proves after each reading: every task has one obligation, which is the
// same as ever; its date is that of the text, or it is withdrawn; no date changed
// without a change that says so; and the changes replayed from the beginning give
// the obligations as they are.
func TestSoak(t *testing.T) {
	seeds, steps := []uint64{1}, 200
	if testing.Short() {
		steps = 60
	}
	readings := ruleSets(t)
	for _, seed := range seeds {
		soak(t, newWorld(t, seed, readings), steps)
	}
}

func soak(t *testing.T, w *world, steps int) {
	t.Helper()
	var list, follower []Obligation
	uids := map[string]string{} // place and task → uid
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for n := range steps {
		what := "start"
		if n > 0 {
			what = w.edit()
		}
		at = at.Add(time.Minute)
		rs := w.records()
		changes := Update(list, Facts{Records: rs, At: at})
		before := byUID(list)
		list = Replay(list, changes)
		follower = Replay(follower, changes)
		if again := Update(list, Facts{Records: rs, At: at}); len(again) != 0 {
			t.Fatalf("step %d (%s): the same records change something: %s %q → %q", n, what, again[0].Kind, again[0].From, again[0].To)
		}
		for i := range list {
			if !sameForm(list[i], follower[i]) {
				t.Fatalf("step %d (%s): the feed gives another %s", n, what, list[i].UID)
			}
		}
		w.proveDates(n, what, before, list, changes)
		w.proveTasks(n, what, list, uids)
		if t.Failed() {
			return
		}
	}
	if len(uids) < 12 {
		t.Errorf("only %d tasks were seen", len(uids))
	}
}

func byUID(list []Obligation) map[string]Obligation {
	out := map[string]Obligation{}
	for _, o := range list {
		out[o.UID] = o
	}
	return out
}

// proveDates finds obligations that were lost, and dates that moved without a word.
func (w *world) proveDates(n int, what string, before map[string]Obligation, list []Obligation, changes []Change) {
	w.t.Helper()
	now := byUID(list)
	if len(now) != len(list) {
		w.t.Errorf("step %d (%s): a uid stands twice", n, what)
	}
	for uid, o := range before {
		x, ok := now[uid]
		if !ok {
			w.t.Errorf("step %d (%s): %s %s is lost", n, what, uid, o.Task)
			continue
		}
		told := slices.ContainsFunc(changes, func(c Change) bool { return c.UID == uid && (c.Kind == DateChanged || c.Kind == DateResolved) })
		if o.When.End != x.When.End && (!told || x.Sequence <= o.Sequence) {
			w.t.Errorf("step %d (%s): %s %s moved from %s to %s without a word", n, what, uid, o.Task, o.When.End, x.When.End)
		}
	}
}

// proveTasks compares the obligations with what the plans say.
func (w *world) proveTasks(n int, what string, list []Obligation, uids map[string]string) {
	w.t.Helper()
	live := map[string]day{}
	for _, p := range w.docs {
		for _, x := range p.tasks {
			if !p.removed && w.rules[w.now].without == "" {
				live[p.place+x.id] = x.date
			}
		}
	}
	count := map[string]int{}
	for _, o := range list {
		id := ""
		for _, p := range w.docs {
			for _, words := range taskPool {
				if o.Place.Name == p.place && strings.Contains(o.Sentence, words) {
					id = p.place + words
				}
			}
		}
		switch date, ok := live[id]; {
		case id == "":
			w.t.Errorf("step %d (%s): %s is no task: %q", n, what, o.UID, o.Sentence)
		case uids[id] != "" && uids[id] != o.UID:
			w.t.Errorf("step %d (%s): %s was %s and is %s", n, what, id, uids[id], o.UID)
		case o.Status == Open && !ok:
			w.t.Errorf("step %d (%s): %s stands open, and no plan says it", n, what, id)
		case o.Status == Open && o.When.End != date.iso():
			w.t.Errorf("step %d (%s): %s is due %s, want %s", n, what, id, o.When.End, date.iso())
		}
		uids[id] = o.UID
		if o.Status == Open {
			count[id]++
		}
	}
	for id := range live {
		if count[id] != 1 {
			w.t.Errorf("step %d (%s): %s stands open %d times", n, what, id, count[id])
		}
	}
}
