package reader

import (
	"bytes"
	"net/url"
	"testing"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html/charset"
)

// peerText is what go-readability takes for the text of a page.
func peerText(t testing.TB, in Input) string {
	t.Helper()
	page, err := charset.NewReader(bytes.NewReader(in.Data), in.Type)
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(in.URL)
	if err != nil {
		t.Fatal(err)
	}
	article, err := readability.FromReader(page, address)
	if err != nil || article.Node == nil {
		return "" // a page it finds no text in
	}
	var out bytes.Buffer
	if err := article.RenderText(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The reader's own choice of the text must not fall behind that of a general
// reader of articles, also where no rule names the element: the ids and classes
// of all containers are taken off.
func TestPagesBesidePeer(t *testing.T) {
	bare := newReader(t)
	page := *bare.page
	page.Containers = nil
	bare = New(&page)
	r := newReader(t)
	var ours, unnamed, peer float64
	n := 0.0
	for _, f := range fixtures(t) {
		if f.want.Encode == "big5" || f.in.Name[len(f.in.Name)-4:] == "json" {
			continue // the peer knows neither traditional script nor JSON
		}
		want := ""
		for _, l := range f.want.Body {
			want += l + "\n"
		}
		n++
		ours += bigramF1(bodyText(read(t, r, f.in)), want)
		score := bigramF1(bodyText(read(t, bare, f.in)), want)
		unnamed += score
		peer += bigramF1(peerText(t, f.in), want)
		if score < 0.9 {
			t.Logf("%s: F1 %.3f without named containers", f.name, score)
		}
	}
	t.Logf("mean F1 over %.0f pages: %.3f, without named containers %.3f, go-readability %.3f", n, ours/n, unnamed/n, peer/n)
	if unnamed/n < 0.97 {
		t.Error("pages of unknown systems are read worse than before")
	}
	if ours < peer || unnamed < peer {
		t.Error("go-readability reads these pages better")
	}
}

// One core: pages of 14 KB as sites send them, ours and the peer's.
func BenchmarkPages(b *testing.B) {
	var list []Input
	size := 0
	for _, f := range fixtures(b) {
		if f.want.Encode == "" && f.want.Sent == "" {
			in := f.in
			// Menus, scripts and styles of real pages make up most of their bytes.
			in.Data = bytes.Replace(in.Data, []byte("</head>"), bytes.Repeat([]byte("<style>.a{margin:0 auto;width:1200px}</style>\n"), 100), 1)
			in.Data = bytes.Replace(in.Data, []byte("<body>"), append([]byte("<body>"), bytes.Repeat([]byte(`<li><a href="/zwgk/zcwj/" target="_blank" title="政务公开">政务公开</a></li>`), 50)...), 1)
			list = append(list, in)
			size += len(in.Data)
		}
	}
	r := newReader(b)
	run := func(b *testing.B, one func(Input)) float64 {
		i := 0
		for b.Loop() {
			one(list[i%len(list)])
			i++
		}
		rate := float64(b.N) / b.Elapsed().Seconds()
		b.ReportMetric(rate, "pages/s")
		return rate
	}
	b.Logf("%d pages of %d bytes on average", len(list), size/len(list))
	var peer float64
	b.Run("go-readability", func(b *testing.B) {
		peer = run(b, func(in Input) { peerText(b, in) })
	})
	b.Run("reader", func(b *testing.B) {
		rate := run(b, func(in Input) {
			if _, err := r.Read(in); err != nil {
				b.Fatal(err)
			}
		})
		b.ReportMetric(rate/peer, "x-readability")
	})
}
