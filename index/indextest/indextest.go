// Package indextest makes policy texts and queries for the tests and benchmarks
// of search: any number of them, always the same.
package indextest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tuogou/corpus"
)

// The parts of the texts. They are put together so that words stand glued to
// whatever comes next, as they do in documents.
var (
	actors = strings.Fields(`民政局 财政局 发展和改革局 发改委 编办 机构编制委员会办公室 组织部 审计局 人力资源和社会保障局 人社局
		机关事务管理局 外事办公室 司法局 市场监督管理局 国资委 工商联 税务局 教育局 商务局 交通运输局 农业农村局 卫生健康局
		业务主管单位 登记管理机关 行业管理部门 联合工作组 领导小组办公室 党建工作机构 社会组织党委`)
	verbs = strings.Fields(`负责 牵头 会同有关部门 配合 组织 指导 监督 审核 汇总 报送 完成 清理 腾退 登记 划转 移交 取消 剥离 规范 建立
		落实 制定 公布 核销 变更 注销 备案 检查 评估 通报 推进 督促 核查 协调 研究 提出 编制 公示`)
	things = strings.Fields(`办公用房 国有资产 财政直接拨款 事业编制 主管关系 挂靠关系 行政职能 清单目录 劳动合同 社会保险 住房公积金
		党组织关系 外事工作 人事档案 购买服务 综合监管机制 信用信息 年度检查 会费票据 收费行为 负责人任职 公务员兼职 离退休干部
		独立账号 会计制度 资产清查 财务审计 法人治理结构 章程 换届选举 分支机构 评比表彰 单项方案 试点名单 工作台账 进展情况`)
	manners = strings.Fields(`依法 按规定 逐项 一次性 分类 稳妥 同步 按时 严格 原则上 及时 统一 自主 直接 全面`)
	links   = strings.Split(`，|、|；|。|，并|，不得|以及|后，|；同时|，经批准可以|，确有困难的，|，涉及|，由`, "|")
	clauses = strings.Fields(`机构分离，规范综合监管关系 职能分离，规范行政委托和职责分工关系 资产财务分离，规范财产关系
		人员管理分离，规范用人关系 党建、外事等事项分离，规范管理关系`)
	kinds = []corpus.Kind{corpus.KindPlan, corpus.KindPlan, corpus.KindNotice, corpus.KindOpinion, corpus.KindNews, corpus.KindInterpretation}
	// rare make the long tail: pairs and triples of them are names that stand in
	// few documents.
	rare = strings.Split("岚霁砚霖桐汐槐芷棠菖溪槿汀蓼桥荞坞暮晓苇滨澜漪泠沅湄浔渚岑岫嵩峤璟琛珩瑜钰铄锦绣缃素绛绯榆柘槭枫梓楠檀椴蔓菁葵蕙荻薇蘅芜", "")
)

// maker makes one text.
type maker struct {
	rnd  *rand.Rand
	body strings.Builder
	r    *corpus.Record
}

func (m *maker) pick(list []string) string { return list[m.rnd.IntN(len(list))] }

// name is a name that few documents share.
func (m *maker) name() string {
	s := m.pick(rare) + m.pick(rare)
	if m.rnd.IntN(2) == 0 {
		s += m.pick(rare)
	}
	return s
}

// Record is the i-th record of a seed, with about size bytes of body, five
// clauses, and deadlines, duties and provisions in them.
func Record(i, size int, seed uint64) *corpus.Record {
	m := &maker{rnd: rand.New(rand.NewPCG(seed, uint64(i))), r: &corpus.Record{}}
	r := m.r
	province, city, county := 1+m.rnd.IntN(30), 1+m.rnd.IntN(12), 1+m.rnd.IntN(9)
	code := fmt.Sprintf("%02d%02d%02d", 10+province, city, county)
	name := m.name()
	year := 2015 + m.rnd.IntN(8)
	r.ID = corpus.DocID(fmt.Sprintf("u%07d", i))
	r.Kind, r.Generation, r.OnTopic = kinds[m.rnd.IntN(len(kinds))], corpus.Decoupling2015, m.rnd.IntN(5) > 0
	r.Title = fmt.Sprintf("%s县行业协会商会与行政机关脱钩%s", name, m.pick([]string{"实施方案", "工作方案", "工作动态", "有关情况解读"}))
	r.DocNumber = &corpus.DocNumber{Normal: fmt.Sprintf("%s政办发〔%d〕%d号", m.pick(rare), year, 1+m.rnd.IntN(120))}
	r.Dates.Signed = &corpus.Date{Date: fmt.Sprintf("%d-%02d-%02d", year, 1+m.rnd.IntN(12), 1+m.rnd.IntN(28))}
	r.Source.URL = fmt.Sprintf("http://www.%s.example/%d.html", code, i)
	r.Jurisdiction = corpus.Jurisdiction{Code: code, Name: name + "县", Level: corpus.County,
		Codes: []string{"000000", code[:2] + "0000", code[:4] + "00", code}, Path: []string{"示例省" + code[:2], "示例市" + code[:4], name + "县"}}
	fmt.Fprintf(&m.body, "%s\n%s\n", r.Title, r.DocNumber.Normal)
	m.sentences(size / 8)
	for k, c := range clauses {
		m.clause(k, c, size*15/100, year)
	}
	for m.body.Len() < size {
		m.sentences(size / 10)
	}
	r.Text.Body = m.body.String()
	r.Text.Truncated = m.rnd.IntN(20) == 0
	return r
}

// sentences writes at least size bytes.
func (m *maker) sentences(size int) {
	for end := m.body.Len() + size; m.body.Len() < end; {
		m.sentence()
	}
	m.body.WriteString("\n")
}

func (m *maker) sentence() {
	for range 2 + m.rnd.IntN(4) {
		switch m.rnd.IntN(12) {
		case 0:
			fmt.Fprintf(&m.body, "%d年%d月底前", 2015+m.rnd.IntN(8), 1+m.rnd.IntN(12))
		case 1:
			m.body.WriteString(m.name() + m.pick([]string{"协会", "商会", "镇", "街道", "公司"}))
		case 2:
			fmt.Fprintf(&m.body, "%d个工作日内", 5+m.rnd.IntN(30))
		}
		m.body.WriteString(m.pick(actors) + m.pick(manners) + m.pick(verbs) + m.pick(things) + m.pick(links))
	}
	m.body.WriteString("。")
}

// clause writes one of the five, with what stands in it.
func (m *maker) clause(k int, heading string, size, year int) {
	start := m.body.Len()
	marker := fmt.Sprintf("（%s）", string([]rune("一二三四五")[k]))
	m.body.WriteString(marker + heading + "\n")
	at := m.body.Len()
	typ := corpus.ClauseTypes[k]
	id := fmt.Sprintf("3.%d", k+1)
	for n := 0; m.body.Len() < start+size; n++ {
		from := m.body.Len()
		end := fmt.Sprintf("%d-12-31", year+m.rnd.IntN(3))
		actor := m.rnd.IntN(len(actors))
		fmt.Fprintf(&m.body, "%s年底前%s%s，由%s牵头。", end[:4], m.pick(verbs), m.pick(things), actors[actor])
		s := corpus.Span{Start: from, End: m.body.Len()}
		organ := corpus.OrganRef{Text: actors[actor], Kind: fmt.Sprintf("kind_%d", actor)}
		m.r.Deadlines = append(m.r.Deadlines, corpus.Deadline{UID: fmt.Sprintf("%s.%d", id, n), End: &end, Clause: typ, Section: id,
			Organs: []corpus.OrganRef{organ}, Evidence: corpus.Evidence{Span: corpus.Span{Start: from, End: from + len("2018年底前")}},
			Action: corpus.Action{Span: s}})
		m.r.Duties = append(m.r.Duties, corpus.Duty{Role: corpus.Lead, Organ: organ, Clause: typ, Section: id, Evidence: corpus.Evidence{Span: s}})
		m.r.Provisions = append(m.r.Provisions, corpus.Provision{ID: fmt.Sprintf("A%d", 1+m.rnd.IntN(12)), Clause: typ, Section: id,
			Evidence: corpus.Evidence{Span: s}})
		m.sentence()
	}
	m.body.WriteString("\n")
	span := corpus.Span{Start: start, End: m.body.Len() - 1}
	m.r.Outline = append(m.r.Outline, corpus.Section{ID: id, Heading: heading, Span: span, Body: corpus.Span{Start: at, End: span.End}})
	m.r.Clauses = append(m.r.Clauses, corpus.Clause{Type: typ, Heading: heading, Section: id,
		HeadingSpan: corpus.Span{Start: start, End: at - 1}, Evidence: corpus.Evidence{Span: corpus.Span{Start: at, End: span.End}}})
}

// Ask is one query in two languages.
type Ask struct {
	Text string // in the language of package query, words in quotation marks
	// Groups are alternatives, of which one must hold: all of its words, and none
	// of Without.
	Groups  [][]string
	Without []string
}

func words(list ...string) Ask { return Ask{Groups: [][]string{list}} }

func either(a, b string) Ask { return Ask{Groups: [][]string{{a}, {b}}} }

func without(no string, list ...string) Ask {
	return Ask{Groups: [][]string{list}, Without: []string{no}}
}

// Asks are fifty queries: words of one to many characters, numbers, phrases that
// cross words, both, either, without.
func Asks() []Ask {
	out := []Ask{
		words("办公用房"), words("财政直接拨款"), words("公示"), words("会"), words("岚"), words("腾退国有资产"), words("机构编制委员会办公室"),
		words("编办负责"), words("年底前"), words("2018年12月底前"), words("15个工作日内"), words("政办发〔2018〕50号"), words("〔2019〕"),
		words("商会与行政"), words("离，规范"), words("办公用房，由"), words("资产财务分离"), words("党建、外事"), words("示例"), words("不存在的词语"),
		words("局依法"), words("牵头。"), words("人社局严格"), words("公务员兼职"), words("桐汐"), words("霁澜"), words("芷棠协会"), words("镇"),
		words("会计制度", "审计局"), words("办公用房", "腾退", "国资委"), words("编办", "2017年"), words("会费票据", "通报"), words("章程", "换届选举", "稳妥"),
		words("机关事务管理局", "确有困难的"), words("解读", "单项方案"), words("党组织关系", "移交", "一次性"), words("外事办公室", "5个工作日内"),
		either("司法局", "审计局"), either("公示", "公布"), either("荻薇", "蕙荻"), either("事业编制", "人事档案"), either("岫嵩", "不存在的词语"),
		without("注销", "变更"), without("工作动态", "单项方案"), without("会", "商会"), without("国有资产", "办公用房", "腾退"), without("2016年", "2017年"),
		without("财政局", "民政局"), without("街道", "公司"), without("、", "购买服务"),
	}
	for i := range out {
		out[i].Text = out[i].text()
	}
	return out
}

func (a Ask) text() string {
	var parts []string
	for _, g := range a.Groups {
		parts = append(parts, `"`+strings.Join(g, `" "`)+`"`)
	}
	s := strings.Join(parts, " OR ")
	for _, w := range a.Without {
		s += ` -"` + w + `"`
	}
	return s
}

// Holds is what the query means, read off the plain text.
func (a Ask) Holds(r *corpus.Record) bool {
	text := r.Title + "\n" + r.Text.Body
	for _, w := range a.Without {
		if strings.Contains(text, w) {
			return false
		}
	}
	for _, g := range a.Groups {
		all := true
		for _, w := range g {
			all = all && strings.Contains(text, w)
		}
		if all {
			return true
		}
	}
	return false
}
