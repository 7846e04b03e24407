package reader

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
)

// chars are the characters of s as they stand in data.
func chars(t *testing.T, data []byte, s string) []flow.Char {
	t.Helper()
	at := strings.Index(string(data), s)
	if at < 0 {
		t.Fatalf("%q is not in the stream", s)
	}
	var out []flow.Char
	for i, r := range s {
		out = append(out, flow.Char{R: r, Off: int32(at + i), N: int32(len(string(r)))})
	}
	return out
}

// fakePDF is a reader of files that hold one page, with a table, and a head and
// a foot that belong to the page.
func fakePDF(t *testing.T) flow.Func {
	return func(_ context.Context, data []byte, _ flow.Limits) (*flow.Document, error) {
		switch {
		case strings.Contains(string(data), "锁"):
			return nil, flow.Errorf("encrypted", "it opens only with a password")
		case strings.Contains(string(data), "空"):
			return &flow.Document{Pages: 1, Problems: []flow.Problem{{ID: "scan_page", Page: 1, Message: "page 1 is a picture"}}}, nil
		}
		doc := &flow.Document{Pages: 2, Streams: []flow.Stream{{Name: "page 1", Page: 1, Coding: flow.UTF8, Data: data[:4]},
			{Name: "page 2", Page: 2, Coding: flow.UTF8, Data: data}}}
		add := func(l flow.Line, s string) {
			l.Chars, l.Stream, l.Page = chars(t, data, s), 1, 2
			doc.Lines = append(doc.Lines, l)
		}
		add(flow.Line{Kind: flow.Running}, "页眉")
		add(flow.Line{Kind: flow.Para, Title: true}, "示例县行业协会商会与行政机关脱钩实施方案")
		add(flow.Line{Kind: flow.Para}, "２０１８年底前完成脱钩。")
		add(flow.Line{Kind: flow.Cell, Table: 1, Row: 1, Col: 1, Cols: 2}, "任务")
		add(flow.Line{Kind: flow.Cell, Table: 1, Row: 1, Col: 1, Cols: 2}, "分工")
		add(flow.Line{Kind: flow.Cell, Table: 1, Row: 2, Col: 1}, "县民政局")
		flowtest.Check(t, doc)
		return doc, nil
	}
}

const pdfText = "%PDF-1.7 页眉 示例县行业协会商会与行政机关脱钩实施方案 ２０１８年底前完成脱钩。 任务 分工 县民政局"

const noticePage = `<html><head><title>通知</title></head><body><div id="zoom">
<p>示例县民政局关于印发《示例县行业协会商会与行政机关脱钩实施方案》的通知</p><p>现印发给你们，请认真贯彻执行。</p>
<p>附件：<a href="plan.pdf">示例县行业协会商会与行政机关脱钩实施方案</a></p><p><a href="list.pdf">附件2：名单</a></p></div></body></html>`

func fileReader(t *testing.T) *Reader {
	return NewWith(newReader(t).page, Options{Files: map[string]flow.Reader{"application/pdf": fakePDF(t)}})
}

func open(files map[string]string) func(corpus.Link) (Input, bool) {
	return func(l corpus.Link) (Input, bool) {
		for name, data := range files {
			if strings.HasSuffix(l.URL, name) {
				return Input{Data: []byte(data), Name: name}, true
			}
		}
		return Input{}, false
	}
}

// A file of its own: what the layout says is kept, heads of pages are not.
func TestFile(t *testing.T) {
	x := read(t, fileReader(t), Input{Data: []byte(pdfText), Name: "plan.pdf"})
	want := "示例县行业协会商会与行政机关脱钩实施方案\n2018年底前完成脱钩。\n任务\n分工\n县民政局"
	if got := strings.NewReplacer("２", "2", "０", "0", "１", "1", "８", "8").Replace(x.Body); got != want {
		t.Errorf("body:\n%s\nwant:\n%s", x.Body, want)
	}
	if x.Blocks[0].Kind != corpus.BlockTitle || x.Blocks[0].Page != 2 {
		t.Errorf("first block %+v, want a title on page 2", x.Blocks[0])
	}
	cell := x.Blocks[2]
	if cell.Kind != corpus.BlockCell || cell.Span.In(x.Body) != "任务\n分工" || cell.Cols != 2 || cell.Table != 1 || cell.Row != 1 {
		t.Errorf("cell %+v %q", cell, cell.Span.In(x.Body))
	}
	if !slices.Contains(x.Noise, corpus.Noise{ID: "running", Count: 1}) {
		t.Errorf("noise %v, want one running head", x.Noise)
	}
	checkStreams(t, x, map[string]string{"page 2": pdfText})
}

// checkStreams proves that each character of the last block leads to its bytes
// in the stream it names.
func checkStreams(t *testing.T, x *corpus.Text, streams map[string]string) {
	t.Helper()
	last := x.Blocks[len(x.Blocks)-1].Span
	for _, s := range x.Map.Source(last) {
		k, off, ok := x.StreamAt(s.Start)
		if !ok {
			t.Fatalf("no stream at %d of %+v", s.Start, x.Streams)
		}
		if got := streams[k.Name][off : off+s.Len()]; got != last.In(x.Body) {
			t.Errorf("%q leads to %q in %s", last.In(x.Body), got, k.Name)
		}
	}
}

// A notice with its plan in an attachment reads as one work; what cannot be
// read is named and costs nothing else.
func TestAttachments(t *testing.T) {
	for _, c := range []struct {
		why      string
		files    map[string]string
		parts    []corpus.PartRole
		problems []string
		has      string
	}{
		{"the plan is at hand, the list is not", map[string]string{"plan.pdf": pdfText},
			[]corpus.PartRole{"body", "attachment", "attachment"}, []string{"part_missing"}, "2018年底前"},
		{"one opens with a password only", map[string]string{"plan.pdf": "%PDF 锁", "list.pdf": pdfText},
			[]corpus.PartRole{"body", "attachment", "attachment"}, []string{"part_encrypted"}, "年底前完成脱钩"},
		{"one is a picture", map[string]string{"plan.pdf": pdfText, "list.pdf": "%PDF 空"},
			[]corpus.PartRole{"body", "attachment", "attachment"}, []string{"part_scan_page"}, "年底前完成脱钩"},
		{"one is no file at all", map[string]string{"plan.pdf": "", "list.pdf": pdfText},
			[]corpus.PartRole{"body", "attachment", "attachment"}, []string{"part_empty"}, "年底前完成脱钩"},
	} {
		t.Run(c.why, func(t *testing.T) {
			x := read(t, fileReader(t), Input{Data: []byte(noticePage), URL: "http://www.example.cn/a/1.html", Open: open(c.files)})
			var roles []corpus.PartRole
			for _, p := range x.Parts {
				roles = append(roles, p.Role)
			}
			if !slices.Equal(roles, c.parts) {
				t.Errorf("parts %v, want %v", roles, c.parts)
			}
			var ids []string
			for _, p := range x.Problems {
				ids = append(ids, p.ID)
			}
			if !slices.Equal(ids, c.problems) {
				t.Errorf("problems %v, want %v", ids, c.problems)
			}
			if !strings.Contains(strings.NewReplacer("２０１８", "2018").Replace(x.Body), c.has) {
				t.Errorf("%q is not in the body:\n%s", c.has, x.Body)
			}
			if n := strings.Count(x.Body, "现印发给你们"); n != 1 {
				t.Errorf("the notice stands %d times in the body", n)
			}
		})
	}
}

// Streams of a work of several files do not run into one another.
func TestStreamsOfParts(t *testing.T) {
	x := read(t, fileReader(t), Input{Data: []byte(noticePage), URL: "http://www.example.cn/a/1.html",
		Open: open(map[string]string{"plan.pdf": pdfText, "list.pdf": pdfText})})
	end := 0
	for _, s := range x.Streams {
		if s.Base < end {
			t.Errorf("stream %q begins at %d, before %d where the last one ends", s.Name, s.Base, end)
		}
		end = s.Base + s.Size
	}
	checkStreams(t, x, map[string]string{"page 2": pdfText})
	for _, b := range x.Blocks[:2] {
		for _, s := range x.Map.Source(b.Span) {
			if got := noticePage[s.Start:s.End]; got != b.Span.In(x.Body) {
				t.Errorf("%q leads to %q", b.Span.In(x.Body), got)
			}
		}
	}
}

// An archive is read file by file; archives in archives end at a depth.
func TestArchive(t *testing.T) {
	files := map[string]flow.Reader{"application/pdf": fakePDF(t)}
	nest := 0
	files["application/x-rar-compressed"] = flow.Func(func(context.Context, []byte, flow.Limits) (*flow.Document, error) {
		if nest--; nest >= 0 {
			return &flow.Document{Files: []flow.File{{Name: "in.rar", Data: []byte("Rar!\x1a\x07")}}}, nil
		}
		return &flow.Document{Files: []flow.File{{Name: "方案.pdf", Data: []byte(pdfText)}, {Name: "x.bin", Data: []byte{1, 2, 3}}}}, nil
	})
	r := NewWith(newReader(t).page, Options{Files: files})
	rar := Input{Data: []byte("Rar!\x1a\x07"), Name: "a.rar"}

	x := read(t, r, rar)
	if len(x.Parts) != 2 || x.Parts[0].Title != "方案" || x.Parts[0].MediaType != "application/pdf" || x.Problems[0].ID != "part_binary" {
		t.Errorf("parts %+v, problems %+v", x.Parts, x.Problems)
	}
	nest = 100
	_, err := r.Read(rar)
	var e *Error
	if !errors.As(err, &e) || e.ID != "too_deep" {
		t.Errorf("100 archives in one another: %v, want too_deep", err)
	}
}

// A reader that does not end is given up, and says so.
func TestSlowFile(t *testing.T) {
	slow := flow.Func(func(ctx context.Context, _ []byte, _ flow.Limits) (*flow.Document, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	r := NewWith(newReader(t).page, Options{Limits: flow.Limits{Time: 1}, Files: map[string]flow.Reader{"application/pdf": slow}})
	_, err := r.Read(Input{Data: []byte(pdfText)})
	var e *Error
	if !errors.As(err, &e) || e.ID != "too_slow" {
		t.Errorf("%v, want too_slow", err)
	}
}

// A text split over pages reads as one, each page's headline and facts once.
func TestFurtherPages(t *testing.T) {
	page := func(n int, text string) string {
		return `<html><head><title>示例县行业协会商会与行政机关脱钩实施方案</title></head><body>
<h1>示例县行业协会商会与行政机关脱钩实施方案</h1><p>发布时间：2018-08-09 来源：示例县民政局</p><div id="zoom">` + text +
			`<p><a href="7.html">1</a> <a href="7_2.html">2</a> <a href="7_3.html">3</a></p></div></body></html>`
	}
	first := page(1, "<p>一、总体要求。加快形成政社分开、权责明确的现代社会组织体制，分期分批推进脱钩工作，稳妥有序。</p>")
	files := map[string]string{
		"7_2.html": page(2, "<p>二、主要任务。2018年底前完成机构分离，取消行政机关与行业协会商会的主管关系，逐步落实。</p>"),
		"7_3.html": page(3, "<p>三、组织实施。各单位要高度重视，由县民政局牵头落实，确保脱钩工作平稳有序完成。</p>"),
	}
	in := Input{Data: []byte(first), URL: "http://www.example.cn/a/7.html", Open: open(files)}
	x := read(t, newReader(t), in)
	var text []string
	for _, b := range x.Blocks {
		if b.Kind == corpus.BlockPara {
			text = append(text, b.Span.In(x.Body)[:len("一、")])
		}
	}
	if want := []string{"一、", "二、", "三、"}; !slices.Equal(text, want) {
		t.Errorf("paragraphs %q, want %q\n%s", text, want, x.Body)
	}
	if got := values(x, corpus.FieldPosted); len(got) != 1 || x.Truncated {
		t.Errorf("posted %q, truncated %v", got, x.Truncated)
	}
	delete(files, "7_3.html")
	in.Open = open(files)
	if x = read(t, newReader(t), in); !x.Truncated || !strings.HasPrefix(x.Why, "page_missing") {
		t.Errorf("a page is missing: truncated %v, %q", x.Truncated, x.Why)
	}
}
