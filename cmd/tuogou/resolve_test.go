package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuogou/corpus"
)

// A plan cites a notice that is added later: the next run leads it there.
func TestReferencesAreLedToDocuments(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"add", filepath.Join(dir, name)}, {"extract"}} {
			if code, _, errs := call(t, data, args...); code != exitOK {
				t.Fatalf("%v: %s", args, errs)
			}
		}
	}
	target := func() corpus.DocID {
		t.Helper()
		_, out, _ := call(t, data, "export")
		for line := range strings.Lines(out) {
			var r corpus.Record
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			for _, ref := range r.References {
				if ref.DocNumber != nil && ref.DocNumber.Normal == "示政发〔2017〕9号" {
					return ref.Target
				}
			}
		}
		t.Fatal("the plan cites nothing")
		return ""
	}
	put("plan.txt", "示例区行业协会商会与行政机关脱钩实施方案\n\n根据《示例市关于推进行业协会商会与行政机关脱钩的通知》（示政发〔2017〕9号），制定本方案。\n\n2018年底前完成脱钩。\n\n示例区民政局\n2018年3月1日\n")
	if got := target(); got != "" {
		t.Errorf("the cited notice is not here, and yet it is %s", got)
	}
	put("notice.txt", "示例市关于推进行业协会商会与行政机关脱钩的通知\n\n示政发〔2017〕9号\n\n各区人民政府：\n\n现就脱钩工作通知如下，请认真贯彻执行。\n\n示例市人民政府\n2017年5月3日\n")
	if got := target(); got == "" {
		t.Error("the cited notice is here, and the plan does not lead to it")
	}
}
