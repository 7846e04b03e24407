package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// A crawl's own archive, added to another data folder, gives the same documents
// with their attachments; so does the same archive inside a WACZ.
func TestAddArchive(t *testing.T) {
	dir := t.TempDir()
	files := website()
	page := files["mzj.lanxi.example/zwgk/tz/a0.html"]
	page.Data = []byte(strings.Replace(string(page.Data), "</div>", "<a href='P1.doc'>附件1：任务分工表</a></div>", 1))
	files["mzj.lanxi.example/zwgk/tz/P1.doc"] = &fstest.MapFile{Data: []byte("\xd0\xcf\x11\xe0 示例")}
	first := filepath.Join(dir, "first")
	if code, _, errs := on(t, files, first, "sources", "add", "http://mzj.lanxi.example/zwgk/tz/", "--code", "330000", "--id", "own", "--save", "--delay", "-1ns"); code != exitOK {
		t.Fatal(errs)
	}
	if code, _, errs := on(t, files, first, "crawl", "own", "--delay", "-1ns"); code != exitOK || !strings.Contains(errs, "crawl: done 5") {
		t.Fatal(code, errs)
	}
	archives, err := filepath.Glob(filepath.Join(first, "warc", "*.warc.gz"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("archives: %v %v", archives, err)
	}
	name := archives[len(archives)-1]
	second := filepath.Join(dir, "second")
	if code, _, errs := on(t, files, second, "add", name); code != exitOK || !strings.Contains(errs, "add: done 5, same 0, skipped 1, failed 0") {
		t.Errorf("add WARC: %d %s", code, errs)
	}
	if _, out, _ := on(t, files, second, "status"); !strings.Contains(out, "documents 4 with 1 attachments") {
		t.Errorf("status: %s", out)
	}
	wacz := filepath.Join(dir, "a.wacz")
	pack(t, wacz, "archive/data.warc.gz", name)
	if code, _, errs := on(t, files, second, "add", wacz); code != exitOK || !strings.Contains(errs, "add: done 0, same 5") {
		t.Errorf("add WACZ: %d %s", code, errs)
	}
	if err := os.WriteFile(filepath.Join(dir, "bad.warc"), []byte("WARC/1.1\r\nno record"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := on(t, files, second, "add", filepath.Join(dir, "bad.warc")); code != exitFailures {
		t.Errorf("a broken archive: %d %s", code, errs)
	}
}

// A page that was saved with its files is one document with parts, and one record.
func TestAddSavedPage(t *testing.T) {
	for _, tt := range []struct{ why, head, file string }{
		{"it says where it came from, its file lies beside it", "<!-- saved from url=(0044)http://mzj.lanxi.example/zwgk/tz/a0.html -->", "P1.txt"},
		{"it does not say, its file lies in the browser's folder", "", "方案_files/P1.txt"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			dir := t.TempDir()
			folder := filepath.Join(dir, "in")
			if err := os.MkdirAll(filepath.Join(folder, "方案_files"), 0o755); err != nil {
				t.Fatal(err)
			}
			text := "<html>" + tt.head + "<head><meta charset='utf-8'><title>示例区行业协会商会与行政机关脱钩实施方案</title></head><body><div id='zoom'><p>示例区行业协会商会与行政机关脱钩实施方案</p><p>各单位：详见附件。</p><p><a href='./" + tt.file + "'>附件：任务分工表</a></p></div></body></html>"
			for name, data := range map[string]string{"方案.html": text, tt.file: "任务分工表\n\n2018年底前完成办公用房清理腾退。（区财政局负责）\n", "方案_files/style.css": "p{}"} {
				if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			data := filepath.Join(dir, "data")
			if code, _, errs := call(t, data, "add", folder); code != exitOK || !strings.Contains(errs, "done 2") {
				t.Fatalf("add: %d %s", code, errs)
			}
			if code, _, errs := call(t, data, "extract"); code != exitOK || !strings.Contains(errs, "done 1") {
				t.Fatalf("extract: %d %s", code, errs)
			}
			if _, out, _ := call(t, data, "export"); !strings.Contains(out, "办公用房清理腾退") {
				t.Errorf("the attachment is not in the record: %.400s", out)
			}
		})
	}
}

func pack(t *testing.T, to, name, from string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
