package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// planted is a plan with personal data of every kind, all invented.
const planted = `示例区行业协会商会与行政机关脱钩实施方案

示政发〔2017〕7号

一、总体要求

按照上级部署，稳妥推进行业协会商会与行政机关脱钩。

（一）机构分离，规范综合监管关系。取消主管关系。2017年6月底前报区民政局（联系人：钱小柏，电话：0999-7654321，手机：13900001234，QQ群：246813579）。

（二）资产财务分离，规范财产关系。2018年底前完成办公用房清理腾退。（区财政局负责）

联系人：钱小柏，联系电话：0999-7654321，邮箱：qianxb@example.test

2017年3月6日
`

var secrets = []string{"钱小柏", "7654321", "13900001234", "246813579", "qianxb"}

// No output shows a planted telephone number, name, group number or address of
// mail, unless --contacts asks for it.
func TestPersonalDataIsMaskedInEveryOutput(t *testing.T) {
	dir := seeded(t)
	texts := t.TempDir()
	if err := os.WriteFile(filepath.Join(texts, "planted.txt"), []byte(planted), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"add", texts}, {"run"}} {
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	if _, out, _ := call(t, dir, "show", "planted.txt", "--json", "--contacts"); !strings.Contains(out, "钱小柏") || !strings.Contains(out, "13900001234") {
		t.Fatalf("--contacts does not show what was planted: %s", out)
	}
	if code, _, errs := call(t, dir, "correct", "accept", "planted.txt", "/deadlines/0", "--by", "wang"); code != 0 {
		t.Fatal(errs)
	}
	if code, _, errs := call(t, dir, "run"); code != 0 {
		t.Fatal(errs)
	}
	for _, args := range [][]string{
		{"show", "planted.txt"}, {"show", "planted.txt", "--json"}, {"text", "planted.txt"}, {"text", "planted.txt", "--json"},
		{"extract", filepath.Join(texts, "planted.txt"), "--json"}, {"export"}, {"search", "联系人"}, {"search", "联系电话", "--json"},
		{"search", "民政局", "--unit", "deadline", "--format", "csv"}, {"correct", "facts", "planted.txt"}, {"correct", "list"},
		{"compare", "990101"}, {"compare", "990101", "--format", "json"}, {"compare", "990101", "--format", "csv"}, {"compare", "990101", "--format", "html"},
		{"compare", "990101", "--baseline", "codebook", "--format", "html"}, {"timeline"}, {"timeline", "--format", "json"}, {"timeline", "--format", "csv"},
		{"timeline", "--format", "ics"}, {"verify"},
	} {
		code, out, errs := call(t, dir, args...)
		if code != exitOK && code != exitStale {
			t.Errorf("%v: exit %d %s", args, code, errs)
		}
		flatOut := strings.ReplaceAll(out, "\r\n ", "") + errs
		for _, s := range secrets {
			if i := strings.Index(flatOut, s); i >= 0 {
				t.Errorf("%v shows %s: …%s…", args, s, flatOut[max(0, i-60):min(len(flatOut), i+60)])
			}
		}
	}
}

// A text that begins like a formula is no formula in any table.
func TestFormulaCellsAreNeutralised(t *testing.T) {
	dir := seeded(t)
	texts := t.TempDir()
	evil := strings.ReplaceAll(planted, "（二）资产财务分离，规范财产关系。", "（二）资产财务分离，规范财产关系。\n\n=HYPERLINK(\"http://evil.example\")办公用房，")
	if err := os.WriteFile(filepath.Join(texts, "evil.txt"), []byte(evil), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"add", texts}, {"run"}} {
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	guarded := 0
	for _, args := range [][]string{{"search", "HYPERLINK", "--format", "csv"}, {"compare", "990101", "--format", "csv"}, {"timeline", "--format", "csv"},
		{"compare", "990101", "--baseline", "codebook", "--format", "events"}} {
		code, out, errs := call(t, dir, args...)
		if code != exitOK {
			t.Fatalf("%v: exit %d %s", args, code, errs)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, "\ufeff"))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("%v: %d rows, %v", args, len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.HasPrefix(cell, "'=") {
					guarded++
				}
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("%v: a spreadsheet would run the cell %q", args, cell)
				}
			}
		}
	}
	if guarded == 0 {
		t.Error("no cell began like a formula: the test looks at nothing")
	}
}
