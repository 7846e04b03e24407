package extract_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/rules"
	"tuogou/segment"
)

// planOf extracts a plan of 示例市 signed on 2018-08-09 with these lines.
func planOf(t testing.TB, lines ...string) *corpus.Record {
	t.Helper()
	all := append([]string{"示例市行业协会商会与行政机关脱钩实施方案"}, lines...)
	rec := newExtractor(t).Extract(corpus.Source{}, textOf(append(all, "示例市民政局", "2018年8月9日")...), extract.Options{})
	if err := rec.Check(); err != nil {
		t.Fatal(err)
	}
	return rec
}

// What a time comes to in a plan: the deadlines and terms, or nothing.
func TestTimes(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"year end", "2018年底前完成脱钩。", []string{"by ../2018-12-31"}},
		{"前 before 提 of a verb", "2018年底前提交总结。", []string{"by ../2018-12-31"}},
		{"no year: first such day from the date of issue on", "11月20日前报送方案，3月底前完成总结。", []string{"by ../2018-11-20", "by ../2019-03-31"}},
		{"year of the first item of the list", "2019年5月1日前报名单；6月底前完成。", []string{"by ../2019-05-01", "by ../2019-06-30"}},
		{"the list goes on behind a semicolon", "2020年5月1日前报名单；6月底前完成。", []string{"by ../2020-05-01", "by ../2020-06-30"}},
		{"but not behind a full stop", "2020年6月底前基本完成。10月8日（星期三）前报送名单。", []string{"by ../2020-06-30", "by ../2018-10-08"}},
		{"the date of issue decides before a later year", "9月底前动员部署，2020年底前全面完成。", []string{"by ../2018-09-30", "by ../2020-12-31"}},
		{"brought forward within the year", "期限由原定的今年11月底提前至9月30日前。", []string{"by ../2018-11-30 superseded", "by ../2018-09-30"}},
		{"phases follow one another", "第一阶段（2019年1月—6月）：准备。第二阶段（7月—9月）：实施。", []string{"phase 2019-01/2019-06", "phase 2019-07/2019-09"}},
		{"a day in the section of a phase", "（一）总结阶段（2019年11月至12月）。12月10日前报送总结。", []string{"phase 2019-11/2019-12", "by ../2019-12-10"}},
		{"the time of a numbered heading", "1.组织实施（2018年9月1日—10月31日）。按方案进行。", []string{"phase 2018-09-01/2018-10-31"}},
		{"a time behind those in charge", "制定综合监管办法（市民政局、市发展改革委，2018年9月底）。", []string{"by ../2018-09-30"}},
		{"trap: days after the day of issue", "本办法自发布之日起30日后施行。", nil},
		{"trap: how long it holds", "本办法有效期至2023年12月31日。", nil},
		{"初步 is no 年初", "2020年初步建成监管体系。", []string{"within 2020"}},
		{"每年 holds for the rest of the sentence", "每年3月31日前报送报告，6月30日前公开。", []string{"recurring ", "recurring "}},
		{"which ones, by what they did", "2018年7月31日前已腾退的，不再追溯。", nil},
		{"which ones, not by when", "2015年底前登记的协会参照执行。", nil},
		{"years of work done", "2014年到2020年，市民政局连续七年组织评估工作。", nil},
		{"handed out, not planned", "现将2019年脱钩名单印发。", nil},
		{"当年 counts from the year named before it", "2019年确定名单，当年年底前完成试点。", []string{"by ../2019-12-31"}},
		{"a range whose dash was lost", "2018年8月?2018年9月中下旬开展摸底。", []string{"within 2018-08-01/2018-09-30"}},
		{"a range over the end of the year", "2018年11月至次年2月开展试点。", []string{"within 2018-11/2019-02"}},
		{"a ten-day part with a task", "10月中上旬完成摸底。", []string{"within 2018-10-01/2018-10-20"}},
		{"a bare month before a task that ends the clause", "9月动员，12月总结。", []string{"within 2018-09", "within 2018-12"}},
		{"the day before a feast", "国庆节前完成摸底。", []string{"by ../2018-09-30"}},
		{"no such day", "6月31日前完成清理。", []string{"by "}},
		{"no such day in February", "2019年2月29日前完成清理。", []string{"by "}},
		{"from the document's own issue", "自本方案印发之日起30日内上报名单。", []string{"within 2018-08-09/2018-09-08"}},
		{"the same without 自", "各单位应在本方案印发之日起30日内上报名单。", []string{"within 2018-08-09/2018-09-08"}},
		{"from another event: a term, never a date", "脱钩实施方案批准后三个月内完成登记。", []string{"term P3M 脱钩实施方案批准"}},
		{"from a title that is not its own", "《示例市考核办法》印发后三个月内完成登记。", []string{"term P3M 《示例市考核办法》印发"}},
		{"from an event in the clause before", "脱钩完成后，协会应当在三个月内办理登记。", []string{"term P3M 脱钩完成"}},
		{"working days from an event", "收到方案后，市民政局在15个工作日内批复。", []string{"term 15workday 收到方案"}},
		{"a task of the day of issue on", "公务员兼职的，60日内退出。", []string{"within 2018-08-09/2018-10-08"}},
		{"trap: what a length is cut to", "将办理时间压缩至5个工作日以内。", []string{"term 5workday "}},
		{"a fee that may no longer be taken from a day on", "2019年1月起，协会不得收取未公示的费用。", []string{"from 2019-01/.."}},
		{"years of steps", "2019年总结经验、扩大试点，2020年在更大范围试点。", []string{"within 2019", "within 2020"}},
		{"trap: a day that someone asked on", "为落实9月1日市委组织部约谈要求，下发通知。", nil},
		{"an old date that is moved", "腾退期限由原定的2019年6月底提前至2019年3月底前。", []string{"by ../2019-06-30 superseded", "by ../2019-03-31"}},
		{"trap: cooling-off", "领导干部退（离）休后三年内一般不得兼职。", []string{"term P3Y 退（离）休"}},
		{"trap: term of office", "每届任期5年，最长不超过两届。", []string{"term P5Y "}},
		{"trap: age", "任职年龄不超过70周岁。", nil},
		{"trap: how things stood", "截至2018年底，全市完成脱钩12家。", nil},
		{"trap: 截止 for 截至", "截止2018年9月底，共有协会三十家。", nil},
		{"trap: a phase of the past", "自2015年10月起开展试点。", nil},
		{"trap: a name with a year", "2018年脱钩名单另行公布。", nil},
		{"trap: a meeting that was", "会议于2018年6月17日召开。", nil},
		{"trap: an appointment", "会议定于2018年9月10日上午9时召开。", nil},
		{"trap: a fee", "各会员于2018年9月30日前缴纳会费。", nil},
		{"trap: a title", "《关于做好2018年底前脱钩工作的通知》已经印发。", nil},
		{"trap: no date at all", "适时开展评估，尽快完成整改。", nil},
		{"trap: comes into force", "本办法自2018年9月1日起施行。", nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			rec := planOf(t, c.text)
			var got []string
			for _, d := range rec.Deadlines {
				s := string(d.Kind) + " " + d.EDTF
				if d.SupersededBy != "" {
					s += " superseded"
				}
				if d.Resolved != (d.EDTF != "" || d.RRule != "") {
					t.Errorf("%q: resolved %v with %q", d.Quote, d.Resolved, d.EDTF)
				}
				got = append(got, s)
			}
			for _, m := range rec.Terms {
				length := m.ISO
				if length == "" {
					length = fmt.Sprint(m.Value, m.Unit)
				}
				got = append(got, "term "+length+" "+m.Trigger)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

// Whose a deadline is; in doubt nobody's.
func TestOrgansOfDeadline(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"subject directly before the time", "各业务主管单位于2018年10月底前报送名单。", "各业务主管单位"},
		{"subject at the head of the sentence", "市民政局逐家核对名单，2018年10月底前公布。", "市民政局"},
		{"who receives is not who acts", "2018年10月底前报市民政局备案。", ""},
		{"who decides, not who asks", "各业务主管单位制定方案，报市民政局审批，2018年年底前批复第一批。", "市民政局"},
		{"owner of what is handed in", "各业务主管单位的单项方案2018年10月底前报市民政局审批。", "各业务主管单位"},
		{"named behind the time", "2018年10月底前，由市财政局牵头，市审计局配合，完成清查。", "市财政局 市审计局"},
		{"local governments", "各县（区）应当在2018年10月底前制定方案。", "各县（区）"},
		{"the clause has another subject", "市民政局负责登记，协会2018年10月底前完成清理。", ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			rec := planOf(t, c.text)
			if len(rec.Deadlines) != 1 {
				t.Fatalf("%d deadlines, want 1", len(rec.Deadlines))
			}
			var got []string
			for _, o := range rec.Deadlines[0].Organs {
				got = append(got, o.Text)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("organs %q, want %q", s, c.want)
			}
		})
	}
}

func clauseList(rec *corpus.Record) []string {
	var got []string
	for _, c := range rec.Clauses {
		got = append(got, string(c.Type)+" "+string(c.Form)+" "+c.Heading)
	}
	return got
}

func TestClauses(t *testing.T) {
	for _, c := range []struct {
		why         string
		lines, want []string
	}{
		{"sections", []string{"（一）机构分离，规范综合监管关系", "协会直接登记。", "（二）职能分离，规范行政委托和职责分工关系", "剥离行政职能。"},
			[]string{"institution section （一）机构分离，规范综合监管关系", "function section （二）职能分离，规范行政委托和职责分工关系"}},
		{"headings glued to their text", []string{"（一）机构分离。取消主管关系。", "（二）职能分离。剥离行政职能。", "（三）资产财务分离。单独建账。"},
			[]string{"institution section （一）机构分离", "function section （二）职能分离", "asset section （三）资产财务分离"}},
		{"a run in one paragraph", []string{"一是机构分离，不再设置主管单位；二是职能分离，收回行政职能；三是人员管理分离，公务员不得兼职。"},
			[]string{"institution section 机构分离", "function section 职能分离", "personnel section 人员管理分离"}},
		{"after a colon, with norms only", []string{"即：机构分离，规范综合监管关系；职能分离，规范行政委托和职责分工关系；人员管理分离，规范用人关系。"},
			[]string{"institution inline 机构分离，规范综合监管关系", "function inline 职能分离，规范行政委托和职责分工关系", "personnel inline 人员管理分离，规范用人关系"}},
		{"another programme", []string{"实行职能分开、机构分设、人员分离、财产分置。"}, nil},
		{"one name alone", []string{"推进机构分离。"}, nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			if diff := cmp.Diff(c.want, clauseList(planOf(t, c.lines...))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOutline(t *testing.T) {
	for _, c := range []struct {
		why         string
		lines, want []string
	}{
		{"nested", []string{"一、目标", "二、任务", "（一）登记", "1.摸底。", "2.清理。", "（二）监管"}, []string{"1 目标", "2 任务", "2.1 登记", "2.1.1 摸底", "2.1.2 清理", "2.2 监管"}},
		{"all in one line", []string{"现提出意见。 一、目标 认真落实。 二、任务 抓紧推进。"}, []string{"1 目标", "2 任务"}},
		{"a damaged marker", []string{"一,、目标", "二．任务"}, []string{"1 目标", "2 任务"}},
		{"a higher series goes on behind a lower one", []string{"现提出意见。 一、目标 认真落实。 二、任务 （一）登记。抓紧。（二）监管。从严。 三、保障 加强督查。"}, []string{"1 目标", "2 任务", "2.1 登记", "2.2 监管", "3 保障"}},
		{"numbers that are none", []string{"增长3.5个百分点。", "合计1.2万元。"}, nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			var got []string
			for _, s := range planOf(t, c.lines...).Outline {
				got = append(got, s.ID+" "+s.Heading)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A clause may be nothing but its heading and its bracket of departments.
func TestClauseOfABracket(t *testing.T) {
	rec := planOf(t, "（一）机构分离。（市民政局、市编办负责）", "（二）职能分离。（市编办负责）", "（三）资产财务分离。单独建账。（市财政局负责）")
	var got []string
	for _, c := range rec.Clauses {
		for _, o := range c.Organs {
			got = append(got, string(c.Type)+" "+o.Text)
		}
	}
	want := []string{"institution 市民政局", "institution 市编办", "function 市编办", "asset 市财政局"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The last of five items in one sentence each has its own sentence only.
func TestLastItemEnds(t *testing.T) {
	rec := planOf(t, "一是机构分离，取消主管关系；二是职能分离，剥离行政职能；三是党建、外事等事项分离。2015年7月，总体方案印发。")
	for _, c := range rec.Clauses {
		if strings.Contains(c.Quote, "2015") {
			t.Errorf("%s takes in what follows: %q (%v)", c.Type, c.Quote, c.Trace)
		}
	}
	if len(rec.Clauses) != 3 {
		t.Errorf("%d clauses, want 3", len(rec.Clauses))
	}
}

// A signature and its date belong to no clause.
func TestSignatureIsNoClause(t *testing.T) {
	rec := planOf(t, "（一）机构分离，规范综合监管关系", "协会直接登记。")
	if len(rec.Clauses) != 1 || rec.Clauses[0].Quote != "协会直接登记。" {
		t.Errorf("clauses %+v", rec.Clauses)
	}
}

// postedOn is a text with the day of its page.
func postedOn(day string, lines ...string) *corpus.Text {
	text := textOf(append(lines, "发布日期："+day)...)
	last := &text.Blocks[len(text.Blocks)-1]
	last.Kind, last.Field = corpus.BlockMeta, corpus.FieldPosted
	last.Value = corpus.Span{Start: last.Span.End - len(day), End: last.Span.End}
	return text
}

// A story posted again years later gives no year to what it leaves open.
func TestRepostedStoryStaysOpen(t *testing.T) {
	rec := newExtractor(t).Extract(corpus.Source{}, postedOn("2023-05-06", "示例市协会不再有婆婆", "本报讯（记者某某）记者近日从示例市民政局获悉，行业协会商会脱钩明年6月底前完成第一批。", "行业协会商会将在2018年底前全部脱钩。"), extract.Options{})
	var got []string
	for _, d := range rec.Deadlines {
		got = append(got, d.Quote+" "+d.EDTF)
	}
	if diff := cmp.Diff([]string{"明年6月底前 ", "2018年底前 ../2018-12-31"}, got); diff != "" {
		t.Errorf("kind %s (-want +got):\n%s", rec.Kind, diff)
	}
	if rec.EventYear != nil || rec.Facts["event_year"].State != corpus.Unresolved {
		t.Errorf("event year %+v, %+v", rec.EventYear, rec.Facts["event_year"])
	}
}

// The day of a page that is years younger than its text gives no year to the text's
// times: what the text says of itself does.
func TestPageYoungerThanText(t *testing.T) {
	const plan, story, explained = "示例市行业协会商会与行政机关脱钩实施方案", "示例市行业协会脱钩有了时间表", "《示例市行业协会商会脱钩实施方案》解读"
	for _, c := range []struct {
		why, posted, title string
		lines              []string
		want               string
	}{
		{"a day of signing", "2021-03-04", plan, []string{"11月底前完成脱钩。", "示例市人民政府办公室", "2016年9月8日"}, "11月底前 ../2016-11-30"},
		{"a number of the year of issue", "2021-03-04", plan, []string{"示政办发〔2016〕50号", "11月底前完成脱钩。"}, "11月底前 ../2016-11-30"},
		{"the day in a story's dateline", "2021-03-04", story, []string{"本报讯 记者2016年7月3日从示例市民政局获悉，首批协会今年11月底前完成脱钩。"}, "今年11月底前 ../2016-11-30"},
		{"a by-line with its day", "2022-01-04", story, []string{"本报记者 2018年11月26日", "示例市民政局负责人表示，其余协会今年年底前全部完成脱钩。"}, "今年年底前 ../2018-12-31"},
		{"a central document called new", "2021-03-04", story, []string{"近日，中办、国办印发《行业协会商会与行政机关脱钩总体方案》。示例市将于年底前完成试点。"}, "年底前 ../2015-12-31"},
		{"a dated act in the same sentence", "2021-03-04", story, []string{"2016年12月8日召开的动员会提出，首批协会明年6月底前完成脱钩。"}, "明年6月底前 ../2017-06-30"},
		{"the day of what is explained", "2023-03-04", explained, []string{"2020年4月10日，示例市人民政府办公室印发了《示例市行业协会商会脱钩实施方案》。", "各协会6月底前填报名单。"}, "6月底前 ../2020-06-30"},
		{"a year that is still ahead", "2023-03-04", story, []string{"记者近日从示例市民政局获悉，协会脱钩11月底前完成摸底，2017年4月前完成试点。"}, "11月底前 ../2016-11-30; 2017年4月前 ../2017-04-30"},
		{"nothing but a far year ahead", "2023-05-06", story, []string{"记者近日从示例市民政局获悉，脱钩明年6月底前完成第一批，2018年底前全部完成。"}, "明年6月底前 ; 2018年底前 ../2018-12-31"},
		{"a page of the same year", "2016-09-12", story, []string{"记者近日从示例市民政局获悉，首批协会将于11月底前完成脱钩。"}, "11月底前 ../2016-11-30"},
	} {
		rec := newExtractor(t).Extract(corpus.Source{}, postedOn(c.posted, append([]string{c.title}, c.lines...)...), extract.Options{})
		var got []string
		for _, d := range rec.Deadlines {
			got = append(got, d.Quote+" "+d.EDTF)
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s (%s):\n got %s\nwant %s", c.why, rec.Kind, s, c.want)
		}
	}
}

func TestCarrierAndPlanAreTold(t *testing.T) {
	rec := newExtractor(t).Extract(corpus.Source{}, textOf("关于印发《示例市行业协会商会脱钩实施方案》的通知", "现印发给你们。", "2018年8月9日",
		"示例市行业协会商会脱钩实施方案", "2018年底前完成脱钩。"), extract.Options{})
	if rec.Carrier == nil || rec.Title != "示例市行业协会商会脱钩实施方案" || rec.Kind != corpus.KindPlan {
		t.Errorf("title %q, kind %s, carrier %v", rec.Title, rec.Kind, rec.Carrier)
	}
}

// cutter knows only some words.
type cutter struct {
	calls atomic.Int32
	words []string
}

func (c *cutter) Cut(s string) []segment.Token {
	c.calls.Add(1)
	var out []segment.Token
	for _, w := range c.words {
		for at := 0; ; {
			i := strings.Index(s[at:], w)
			if i < 0 {
				break
			}
			out = append(out, segment.Token{Start: at + i, End: at + i + len(w)})
			at += i + len(w)
		}
	}
	return out
}

// The text is cut into words only where an organ of unknown kind stands in it.
func TestSegmenterIsUsedOnlyWhereNeeded(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	seg := &cutter{}
	x, err := extract.New(set, places.Default(), seg)
	if err != nil {
		t.Fatal(err)
	}
	x.Extract(corpus.Source{}, textOf("示例市方案", "市民政局负责登记。"), extract.Options{})
	if n := seg.calls.Load(); n != 0 {
		t.Errorf("cut %d times for known organs, want 0", n)
	}
}

// An organ of unknown kind that ends inside a word is part of something else.
func TestSegmenterDropsBrokenOrgans(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why  string
		seg  extract.Segmenter
		want int
	}{
		{"no segmenter keeps it", nil, 1},
		{"it ends where a word ends", &cutter{words: []string{"粮桑委", "负责"}}, 1},
		{"it ends inside a word", &cutter{words: []string{"桑委负责"}}, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			x, err := extract.New(set, places.Default(), c.seg)
			if err != nil {
				t.Fatal(err)
			}
			rec := x.Extract(corpus.Source{}, textOf("示例市方案", "市粮桑委负责登记。"), extract.Options{})
			if len(rec.Duties) != c.want {
				t.Errorf("%d duties, want %d", len(rec.Duties), c.want)
			}
		})
	}
}

// A range of an undated text that starts now ends on the day it names.
func TestOpenRange(t *testing.T) {
	rec := newExtractor(t).Extract(corpus.Source{}, textOf("示例市开展清理工作", "即日起至2021年2月底，各协会开展自查，分三个阶段完成整改。"), extract.Options{})
	if err := rec.Check(); err != nil {
		t.Fatal(err)
	}
	if len(rec.Deadlines) != 1 {
		t.Fatalf("%d deadlines", len(rec.Deadlines))
	}
	d := rec.Deadlines[0]
	if d.Kind != corpus.KindBy || d.Start != nil || d.End == nil || *d.End != "2021-02-28" || d.Quote != "即日起至2021年2月底" {
		t.Errorf("%s of %q: %v to %v", d.Kind, d.Quote, d.Start, d.End)
	}
}
