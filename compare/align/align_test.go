package align

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/longbridgeapp/opencc"

	"tuogou/corpus"
)

// plan is an invented plan: what the edits below are made to.
const plan = `一、总体要求
为做好全区行业协会商会与行政机关脱钩工作，结合本区实际，制定本方案。
脱钩的主体是区级行政机关与其主办、主管、联系、挂靠的行业协会商会。
二、机构分离，规范综合监管关系
取消行政机关与行业协会商会的主办、主管、联系和挂靠关系，行业协会商会依法直接登记、独立运行。
行政机关依据职能对行业协会商会提供服务并依法监管。
行业协会商会与其他社会团体合署办公的，应将机构、人员和资产分开，2018年6月底前分设完毕。
三、职能分离，规范行政委托和职责分工关系
剥离行业协会商会现有的行政职能，法律法规另有规定的除外。
适合由行业协会商会承担的职能，由行政机关制定清单目录，按程序移交。
四、资产财务分离，规范财产关系
自2018年起，取消对行业协会商会的财政直接拨款，在此之前保留原有财政拨款经费渠道。
行业协会商会占用的行政办公用房，由区财政局会同区机关事务管理局于2018年底前清理腾退。
各业务主管单位对所主管的行业协会商会的国有资产进行清查，登记造册，报区财政局备案。
五、人员管理分离，规范用人关系
行业协会商会具有人事自主权，在人员管理上与原主办单位脱钩，依法依规建立劳动合同制度。
行政机关不得推荐、安排在职和退休公务员到行业协会商会任职兼职，现有兼职人员应在3个月内辞去职务。
六、党建、外事等事项分离，规范管理关系
行业协会商会脱钩后，其党建工作由区委组织部负责，外事工作由区外事办公室按照属地原则管理。
七、组织实施
区联合工作组负责统筹协调，各业务主管单位于2018年3月15日前报送本单位的脱钩实施方案。
脱钩不彻底的，由区纪委监察委依纪依法追究责任。`

func units(text string) []Unit {
	clause := corpus.ClauseType("")
	starts := map[string]corpus.ClauseType{"二、": corpus.Institution, "三、": corpus.Function, "四、": corpus.Asset,
		"五、": corpus.Personnel, "六、": corpus.Party, "七、": ""}
	return Split(text, corpus.Span{Start: 0, End: len(text)}, func(at int) corpus.ClauseType {
		for head, c := range starts {
			if strings.HasPrefix(text[at:], head) {
				clause = c
			}
		}
		return clause
	}, nil)
}

// find is the unit whose text holds words.
func find(t *testing.T, text string, list []Unit, words string) int {
	t.Helper()
	i := slices.IndexFunc(list, func(u Unit) bool { return strings.Contains(u.Span.In(text), words) })
	if i < 0 {
		t.Fatalf("no sentence with %q", words)
	}
	return i
}

// TestKnownEdits makes one edit each and asks where the sentence went.
func TestKnownEdits(t *testing.T) {
	const (
		offices = "行业协会商会占用的行政办公用房，由区财政局会同区机关事务管理局于2018年底前清理腾退。"
		merge   = "取消行政机关与行业协会商会的主办、主管、联系和挂靠关系，行业协会商会依法直接登记、独立运行。"
		watch   = "行政机关依据职能对行业协会商会提供服务并依法监管。"
	)
	for _, c := range []struct {
		name, old, new string
		from           string   // words of the sentence in the plan
		to             []string // words of all its partners in the edited text
		moved, equal   bool
	}{
		{"other date", "2018年底前清理", "2019年6月底前清理", "办公用房", []string{"办公用房"}, false, false},
		{"other level", offices, strings.ReplaceAll(offices, "区", "市"), "办公用房", []string{"办公用房"}, false, true},
		{"reworded", offices, "区财政局会同区机关事务管理局，于2018年底前将协会商会占用的行政办公用房全部清理腾退到位。", "办公用房", []string{"办公用房"}, false, false},
		{"split", merge, "取消行政机关与行业协会商会的主办、主管、联系和挂靠关系。行业协会商会依法直接登记、独立运行。", "挂靠关系", []string{"挂靠关系", "独立运行"}, false, false},
		{"merged", merge + "\n" + watch, strings.TrimSuffix(merge, "。") + "，" + watch, "提供服务", []string{"提供服务"}, false, false},
		{"gone", watch + "\n", "", "提供服务", nil, false, false},
		{"replaced by another matter", watch, "各镇街每季度通报一次培训情况。", "提供服务", nil, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			edited := strings.Replace(plan, c.old, c.new, 1)
			if edited == plan {
				t.Fatal("the edit changes nothing")
			}
			a, b := units(plan), units(edited)
			from := find(t, plan, a, c.from)
			var got []string
			for _, m := range Align(a, b).Matches {
				if m.A != from {
					continue
				}
				got = append(got, b[m.B].Span.In(edited))
				if m.Moved != c.moved || m.Equal != c.equal {
					t.Errorf("moved %v, equal %v", m.Moved, m.Equal)
				}
			}
			if len(got) != len(c.to) {
				t.Fatalf("partners: %q", got)
			}
			for i, w := range c.to {
				if !strings.Contains(got[i], w) {
					t.Errorf("partner %q, want one with %q", got[i], w)
				}
			}
		})
	}
}

// TestMovedSentence: a sentence carried into another clause is found there.
func TestMovedSentence(t *testing.T) {
	const s = "行政机关依据职能对行业协会商会提供服务并依法监管。\n"
	edited := strings.Replace(strings.Replace(plan, s, "", 1), "七、组织实施\n", "七、组织实施\n"+s, 1)
	a, b := units(plan), units(edited)
	r := Align(a, b)
	from := find(t, plan, a, "提供服务")
	for _, m := range r.Matches {
		if (m.A == from) != m.Moved {
			t.Errorf("%q moved: %v", a[m.A].Span.In(plan), m.Moved)
		}
	}
	if len(r.Matches) != len(a) {
		t.Errorf("%d of %d sentences found", len(r.Matches), len(a))
	}
}

// TestTwoScripts: a copy in traditional characters, put back as the reader does.
func TestTwoScripts(t *testing.T) {
	var copies [2]string
	text := plan
	for i, name := range []string{"s2t", "t2s"} {
		cc, err := opencc.New(name)
		if err != nil {
			t.Fatal(err)
		}
		if text, err = cc.Convert(text); err != nil {
			t.Fatal(err)
		}
		copies[i] = text
	}
	if copies[0] == plan {
		t.Fatal("the copy is not in traditional characters")
	}
	a, b := units(plan), units(copies[1])
	total, covered := 0, 0
	r := Align(a, b)
	for i := range a {
		total, covered = total+a[i].Chars(), covered+r.CoverA[i]
	}
	if covered != total {
		t.Errorf("%d of %d characters", covered, total)
	}
}

// noisy is a bad copy: other marks, blanks, a wrong character in every twenty.
func noisy(text string, rnd *rand.Rand) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '，':
			b.WriteString([]string{",", "，", ""}[rnd.IntN(3)])
		case c > 0x4e00 && rnd.IntN(20) == 0:
			b.WriteRune('口')
		case rnd.IntN(15) == 0:
			b.WriteString(" ")
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func TestNoisyCopy(t *testing.T) {
	a := units(plan)
	for seed := range uint64(20) {
		b := units(noisy(plan, rand.New(rand.NewPCG(seed, 1))))
		found := map[int]bool{}
		for _, m := range Align(a, b).Matches {
			found[m.A] = found[m.A] || m.A == m.B
		}
		for i := range a {
			if a[i].Chars() >= 10 && !found[i] {
				t.Errorf("seed %d: %q lost", seed, a[i].Span.In(plan))
			}
		}
	}
}

// TestCandidateRecall holds the candidates against every pair: those whose common
// characters cover half of the shorter sentence.
func TestCandidateRecall(t *testing.T) {
	all, found := 0, 0
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		a, b := units(plan), units(noisy(varied(rnd), rnd))
		got := map[[2]int]bool{}
		for _, c := range Candidates(a, b) {
			got[[2]int{c.A, c.B}] = true
		}
		for i := range a {
			for j := range b {
				short := min(a[i].Chars(), b[j].Chars())
				n := 0
				for _, k := range common(a[i].norm, b[j].norm) {
					n += k.n
				}
				if short < 4 || float64(n) < leastShare*float64(short) {
					continue
				}
				all++
				if got[[2]int{i, j}] {
					found++
				}
			}
		}
	}
	t.Logf("candidate recall %d of %d = %.4f", found, all, float64(found)/float64(all))
	if all < 500 || float64(found) < 0.99*float64(all) {
		t.Errorf("recall %d of %d", found, all)
	}
}

// varied is the plan as another place might have it: sentences left out, moved,
// joined, cut in two, with other dates.
func varied(rnd *rand.Rand) string {
	lines := strings.Split(plan, "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		switch rnd.IntN(8) {
		case 0:
			continue
		case 1:
			l = strings.Replace(l, "，", "。", 1)
		case 2:
			l = strings.ReplaceAll(strings.ReplaceAll(l, "2018年", "2019年"), "区", "市")
		case 3:
			if i+1 < len(lines) {
				i++
				l = strings.TrimSuffix(l, "。") + "，" + lines[i]
			}
		case 4:
			l = strings.ReplaceAll(strings.ReplaceAll(l, "行业协会商会", "协会"), "行政机关", "机关")
		case 5:
			l = fmt.Sprintf("第%d批由各单位自行安排。", rnd.IntN(99)) + l
		}
		out = append(out, l)
	}
	if n := len(out); n > 3 {
		i, j := rnd.IntN(n), rnd.IntN(n)
		out[i], out[j] = out[j], out[i]
	}
	return strings.Join(out, "\n")
}

// corpusOf is n texts of about 2,700 characters that copy each other in part.
func corpusOf(n int) [][]rune {
	rnd := rand.New(rand.NewPCG(7, uint64(n)))
	out := make([][]rune, n)
	for i := range out {
		var b strings.Builder
		for range 3 {
			b.WriteString(varied(rnd))
			for range 10 { // what the place adds of its own
				for range 30 {
					b.WriteRune(rune(0x4e00 + rnd.IntN(300)))
				}
				b.WriteString("。")
			}
		}
		out[i] = Normal(b.String(), nil)
	}
	return out
}

// TestPairsAreExact counts every pair by hand.
func TestPairsAreExact(t *testing.T) {
	texts := corpusOf(60)
	texts = append(texts, nil, []rune("短"), []rune("短"))
	var want []Pair
	for b := range texts {
		for a := range b {
			x, y := shingles(texts[a]), shingles(texts[b])
			n := 0
			for _, h := range x {
				if _, ok := slices.BinarySearch(y, h); ok {
					n++
				}
			}
			if j := float64(n) / float64(len(x)+len(y)-n); n > 0 && j >= 0.1 {
				want = append(want, Pair{A: a, B: b, Shared: n, Jaccard: j, ShareA: float64(n) / float64(len(x)), ShareB: float64(n) / float64(len(y))})
			}
		}
	}
	slices.SortFunc(want, func(p, q Pair) int { return p.A*1000 + p.B - q.A*1000 - q.B })
	if got := NewIndex(texts).Pairs(0.1); !slices.Equal(got, want) || len(want) < 100 {
		t.Errorf("%d pairs, want %d", len(got), len(want))
	}
}

func TestFindIsExact(t *testing.T) {
	texts := corpusOf(40)
	x := NewIndex(texts)
	q := Normal("自2018年起，取消对行业协会商会的财政直接拨款，在此之前保留原有财政拨款经费渠道。", nil)
	got := map[int]int{}
	for _, h := range x.Find(q, 0.01) {
		got[h.Text] = h.Shared
	}
	for i, s := range texts {
		n := 0
		for _, h := range shingles(q) {
			if slices.Contains(shingles(s), h) {
				n++
			}
		}
		if n != got[i] {
			t.Errorf("text %d shares %d, found %d", i, n, got[i])
		}
	}
}

func BenchmarkPairs(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			texts := corpusOf(n)
			for b.Loop() {
				NewIndex(texts).Pairs(0.5)
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x := NewIndex(corpusOf(n))
			q := Normal(plan[strings.Index(plan, "四、"):strings.Index(plan, "五、")], nil)
			b.ResetTimer()
			for b.Loop() {
				x.Find(q, 0.2)
			}
		})
	}
}

func BenchmarkAlign(b *testing.B) {
	x, y := units(plan), units(varied(rand.New(rand.NewPCG(3, 3))))
	for b.Loop() {
		Align(x, y)
	}
}
