package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
)

// remembered is the memory of all runs of these tests.
var remembered memory

// call runs one command in this process.
func call(t *testing.T, data string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(context.Background(), append([]string{"--data", data}, args...), Env{
		Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e,
		Getenv: func(k string) string {
			if k == "HOME" {
				return data
			}
			return ""
		},
		Now:    func() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) },
		memory: &remembered,
	})
	return code, o.String(), e.String()
}

const plan = `示例区行业协会商会与行政机关脱钩实施方案

示政发〔2017〕7号

一、总体要求

按照上级部署，稳妥推进行业协会商会与行政机关脱钩。

（一）机构分离，规范综合监管关系。取消主管关系。

（二）资产财务分离，规范财产关系。2018年底前完成办公用房清理腾退。（区财政局负责）

联系电话：0999-0000000

2017年3月6日
`

// Each kind of bad input costs one document and one clear line, never the run.
func TestBadInput(t *testing.T) {
	t.Parallel() // a line of 10 MB takes its time
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("good.txt", plan)
	write("empty.txt", "")
	write("binary.bin", "\x7fELF\x02\x01\x01"+strings.Repeat("\x00\x01\x02\xff", 500))
	write("invalid.txt", plan+"\xff\xfe\xc3残缺")
	write("nul.txt", strings.ReplaceAll(plan, "一、", "一\x00、"))
	write("line.txt", "示例区行业协会商会脱钩方案\n"+strings.Repeat("各业务主管单位应当按照要求推进行业协会商会脱钩工作，", 10<<20/78))
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "dangling.txt")); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o000); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	code, _, errs := call(t, data, "add", dir, filepath.Join(dir, "missing.txt"))
	if code != exitFailures {
		t.Errorf("add ends with %d, want %d\n%s", code, exitFailures, errs)
	}
	want := []string{"empty.txt: the file is empty", "dangling.txt: there is no such file", "missing.txt: there is no such file", "add: done 5"}
	if os.Geteuid() != 0 { // root may read everything
		want = append(want, "closed: no right to read it")
	}
	for _, w := range want {
		if !strings.Contains(errs, w) {
			t.Errorf("add does not say %q:\n%s", w, errs)
		}
	}
	code, _, errs = call(t, data, "run")
	if code != exitFailures || !strings.Contains(errs, "failed binary.bin: ") || !strings.Contains(errs, "extract: done 4, same 0, skipped 0, failed 1") {
		t.Errorf("run ends with %d and says\n%s", code, errs)
	}
	if code, _, errs = call(t, data, "run"); code != exitOK {
		t.Errorf("a second run ends with %d: what failed is tried again without a reason\n%s", code, errs)
	}
	if code, out, _ := call(t, data, "search", "办公用房"); code != exitOK || !strings.HasPrefix(out, "3 documents") {
		t.Errorf("search ends with %d and finds\n%s", code, out)
	}
}

func TestExtractFile(t *testing.T) {
	p := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(p, []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := call(t, t.TempDir(), "extract", "--json", p, p+"x")
	if code != exitFailures || strings.Count(out, "\n") != 1 {
		t.Fatalf("ends with %d and prints\n%s\n%s", code, out, errs)
	}
	r, err := corpus.Decode([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	if strings.Contains(out, "0999-0000000") {
		t.Error("the telephone number is not masked")
	}
	if len(r.Deadlines) != 1 || r.Deadlines[0].EDTF != "../2018-12-31" {
		t.Errorf("deadlines %+v", r.Deadlines)
	}
	_, out, _ = call(t, t.TempDir(), "extract", "--json", "--contacts", p)
	if !strings.Contains(out, "0999-0000000") {
		t.Error("--contacts masks the telephone number all the same")
	}
}

func TestExitCodes(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	p := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(p, []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want int
		says string
	}{
		{[]string{"nonsense"}, exitUsage, "unknown command"},
		{[]string{"search", "--nonsense"}, exitUsage, "unknown flag"},
		{[]string{"show"}, exitUsage, "arg"},
		{[]string{"search", "脱钩"}, exitError, "there is nothing in"},
		{[]string{"add", p}, exitOK, "done 1"},
		{[]string{"search", "脱钩"}, exitError, "run tuogou run"},
		{[]string{"run"}, exitOK, "index: done 1"},
		{[]string{"search", "脱钩"}, exitOK, ""},
		{[]string{"search", `"脱钩`}, exitUsage, "^"},
		{[]string{"show", "no-such"}, exitUsage, "no document"},
		{[]string{"compare", "12"}, exitUsage, "no place has the code"},
		{[]string{"compare", "--format", "pdf"}, exitUsage, "not one of"},
		{[]string{"eval", data}, exitUsage, "--gold"},
		{[]string{"verify"}, exitOK, ""},
		{[]string{"--rules", data + "/none", "doctor"}, exitUsage, "is not a folder"},
		{[]string{"status"}, exitOK, ""},
		{[]string{"extract", "--all"}, exitOK, "done 1"},
	} {
		code, out, errs := call(t, data, c.args...)
		if code != c.want || !strings.Contains(errs, c.says) {
			t.Errorf("%v ends with %d, want %d, and says\n%s%s", c.args, code, c.want, out, errs)
		}
	}
}

// Every command says what it is for, ends its help with an example and, where
// it does work, names its exit codes.
func TestHelp(t *testing.T) {
	a := &app{Env: Env{Getenv: func(string) string { return "" }}}
	for _, c := range a.root().Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.Short == "" || c.Long == "" || c.Example == "" {
			t.Errorf("%s: no short text, long text or example", c.Name())
		}
		if c.RunE != nil && !c.HasSubCommands() && !strings.Contains(c.Long, "Exit codes:") {
			t.Errorf("%s: does not name its exit codes", c.Name())
		}
		doc, err := os.ReadFile("../../docs/cli.md")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(doc), "`"+c.Name()) {
			t.Errorf("%s is not in docs/cli.md", c.Name())
		}
	}
}

// The demo prints what the README shows, on every run of a clean folder.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tuogou-demo")
	code, out, errs := call(t, dir, "demo", "--dir", dir, "--lang", "en")
	if code != exitOK {
		t.Fatalf("ends with %d\n%s", code, errs)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(readme), "$ go run ./cmd/tuogou demo\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !found || !closed {
		t.Fatal("README.md shows no output of the demo")
	}
	got := strings.ReplaceAll(out, dir, "tuogou-demo")
	if trimLines(got) != trimLines(block) {
		t.Errorf("the demo prints other things than README.md shows. It prints:\n%s", got)
	}
	for _, f := range []string{"report.html", "deadlines.ics"} {
		if info, err := os.Stat(filepath.Join(dir, f)); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", f, err)
		}
	}
	if code, again, _ := call(t, dir, "demo", "--dir", dir, "--lang", "en"); code != exitOK || !strings.Contains(again, "0 failed") {
		t.Errorf("a second demo ends with %d\n%s", code, again)
	}
	code, out, _ = call(t, dir, "search", "办公用房", "place:991100", "--json")
	var total struct {
		Total int `json:"total"`
	}
	if err := json.Unmarshal([]byte(strings.SplitN(out, "\n", 2)[0]), &total); err != nil || code != exitOK || total.Total < 3 {
		t.Errorf("search below 991100 ends with %d and finds %d documents (%v)", code, total.Total, err)
	}
	// References of the demo lead from document to document; that is nothing to prove.
	if code, out, _ := call(t, dir, "verify"); code != exitOK {
		t.Errorf("verify ends with %d\n%s", code, out)
	}
}

func trimLines(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestMessages(t *testing.T) {
	m, err := messages()
	if err != nil {
		t.Fatal(err)
	}
	for key, n := range m {
		if n.ZH == "" || n.EN == "" {
			t.Errorf("%s is missing in a language", key)
		}
		if strings.Count(n.ZH, "%") != strings.Count(n.EN, "%") {
			t.Errorf("%s has other values in the two languages", key)
		}
	}
}
