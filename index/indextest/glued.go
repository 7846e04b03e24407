package indextest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tuogou/corpus"
)

// pieces are put together at random, so that words stand glued to whatever
// comes next.
var pieces = strings.Split(`行业协会商会 与行政机关脱钩 公示期 满后 公示 期限为七日 示例省民政厅 示例市财政局 人民政府 办公室 关于印发
示发〔2018〕50号 示发〔２０１９〕５号 （2018）50号 2018 年底前 2018年底前 二○一八年 ＡＢ类 ab类 e-mail www.example.gov.cn 、 ， 。 《 》 “ ” 　
资产财务分离 资产、财务 机构分离 职能分离 人员管理 党建外事 会 长 兼任 不得 牵头 负责 𠮷林 鿃鿄`, " ")

// Glued are n records of a seed, u00000 and on, whose texts are pieces put together
// without regard to words.
func Glued(n, length int, seed uint64) []*corpus.Record {
	rnd := rand.New(rand.NewPCG(seed, 1))
	kinds := []corpus.Kind{corpus.KindPlan, corpus.KindNotice, corpus.KindNews}
	out := make([]*corpus.Record, n)
	for i := range out {
		var body strings.Builder
		for body.Len() < length {
			p := strings.TrimSpace(pieces[rnd.IntN(len(pieces))])
			body.WriteString(p)
			if rnd.IntN(20) == 0 {
				body.WriteString("\n")
			}
		}
		year := 2015 + rnd.IntN(8)
		code := fmt.Sprintf("99%02d%02d", 1+rnd.IntN(3), 1+rnd.IntN(5))
		end := fmt.Sprintf("%d-%02d-28", year, 1+rnd.IntN(12))
		out[i] = &corpus.Record{
			ID: corpus.DocID(fmt.Sprintf("u%05d", i)), Title: "示例" + pieces[rnd.IntN(12)] + "方案",
			Kind: kinds[rnd.IntN(3)], Generation: corpus.Decoupling2015, OnTopic: rnd.IntN(2) == 0,
			Text: corpus.TextInfo{Body: body.String()},
			Jurisdiction: corpus.Jurisdiction{Code: code, Name: "示例县" + code[4:], Level: corpus.County, Codes: []string{"000000", code[:2] + "0000", code[:4] + "00", code},
				Path: []string{"示例省", "示例市" + code[2:4], "示例县" + code[4:]}},
			Dates:     corpus.Dates{Signed: &corpus.Date{Date: fmt.Sprintf("%d-06-01", year)}},
			Clauses:   []corpus.Clause{{Type: corpus.ClauseTypes[rnd.IntN(5)], Organs: []corpus.OrganRef{{Kind: "finance"}}}},
			Deadlines: []corpus.Deadline{{End: &end}},
		}
	}
	return out
}
