package rules

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestCatalogueLoads(t *testing.T) {
	sites, err := LoadSites(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if len(sites) != 135 {
		t.Errorf("%d sites, want the 135 of the catalogue", len(sites))
	}
	level := map[string]int{}
	for _, s := range sites {
		level[string(s.Level)]++
		if s.Checked {
			t.Errorf("site %s claims to be checked live; nobody has done so yet", s.ID)
		}
		if s.Evidence == "" || s.Place == "" {
			t.Errorf("site %s has no evidence or no place", s.ID)
		}
		if s.Level == "nation" != (s.Code == "000000") {
			t.Errorf("site %s: level %s with code %s", s.ID, s.Level, s.Code)
		}
	}
	if diff := cmp.Diff(map[string]int{"nation": 17, "province": 78, "prefecture": 39, "county": 1}, level); diff != "" {
		t.Error(diff)
	}
}

const goodSite = `[[site]]
id = "990000-a"
level = "province"
code = "990000"
name = "示例省民政厅"
organ = "civil_affairs"
pages = ["http://mzt.shili.example/a/{page}.html"]
`

func TestBadSitesAreRefused(t *testing.T) {
	for _, tt := range []struct{ why, text, want string }{
		{"unknown key", goodSite + "url = 'x'\n", "unknown key"},
		{"same id twice", goodSite + goodSite, "already"},
		{"placeholder in the host", strings.Replace(goodSite, "mzt.", "{n}.", 1), "placeholder in its host"},
		{"relative address", strings.Replace(goodSite, "http://mzt.shili.example", "", 1), "no absolute"},
		{"cut address", strings.Replace(goodSite, "/a/", "/…/", 1), "no address"},
		{"bad pattern", goodSite + "article = '('\n", "missing closing"},
		{"short code", strings.Replace(goodSite, `"990000"`, `"99"`, 1), "six digits"},
		{"unknown level", strings.Replace(goodSite, `"province"`, `"state"`, 1), "unknown level"},
		{"no pages", strings.Replace(goodSite, `pages = ["http://mzt.shili.example/a/{page}.html"]`, "", 1), "no pages"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			_, err := LoadSites(fstest.MapFS{"sites/a.toml": {Data: []byte(tt.text)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
	if s, err := LoadSites(fstest.MapFS{"sites/a.toml": {Data: []byte(goodSite)}}); err != nil || len(s) != 1 {
		t.Errorf("the good one: %d sites, %v", len(s), err)
	}
}

func TestArticlePatternsAndDialects(t *testing.T) {
	sites, err := LoadSites(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	web, err := LoadWeb(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	single := 0
	for _, s := range sites {
		if s.List != "page" {
			continue
		}
		single++
		u, err := url.Parse(s.Pages[0])
		if err != nil {
			t.Fatal(err)
		}
		if !web.IsArticle(u.RequestURI()) {
			t.Logf("no dialect for the page %s", s.Pages[0])
		}
		if is, known := s.IsArticle(s.Pages[0]); known && !is {
			t.Errorf("site %s: its own page is no article", s.ID)
		}
	}
	if single != 9 {
		t.Errorf("%d single pages, want 9", single)
	}
}

func TestFocusExplainsItself(t *testing.T) {
	f, err := LoadFocus(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Score("示例市行业协会商会与行政机关脱钩实施方案", "")
	if want := "12: 脱钩 in title +8, 行业协会 in title +4"; s.String() != want {
		t.Errorf("got %q, want %q", s, want)
	}
	if s := f.Score("关于春节放假的通知", ""); s.Total != 0 || s.String() != "0: no search word" {
		t.Errorf("got %q", s)
	}
	var none *Focus
	if !none.Empty() || none.Score("脱钩", "").Total != 0 {
		t.Error("a nil focus must be empty and score nothing")
	}
}

func TestFocusProvesItsCases(t *testing.T) {
	for _, bad := range []string{
		"fetch=1\nkeep=1\n[[word]]\nid='a'\npattern='脱钩'\nweight=1\nexamples=['挂钩']\n",
		"fetch=1\nkeep=1\n[[word]]\nid='a'\npattern='脱钩'\nweight=1\nexamples=['脱钩']\nnonexamples=['脱钩了']\n",
		"fetch=1\nkeep=9\n[[word]]\nid='a'\npattern='脱钩'\nweight=1\nexamples=['脱钩']\n[[case]]\ntitle='脱钩'\nkeep=true\n",
	} {
		if _, err := LoadFocus(fstest.MapFS{"focus.toml": {Data: []byte(bad)}}); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}

func TestSigns(t *testing.T) {
	signs, err := LoadSigns(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	first := func(status int, h http.Header, body string) string {
		for i := range signs {
			if signs[i].Match(status, h, []byte(body)) {
				return signs[i].ID
			}
		}
		return ""
	}
	article := "<html><head><title>关于印发方案的通知</title></head><body>" + strings.Repeat("<p>示例正文。</p>", 40) + "</body></html>"
	if got := first(200, http.Header{}, article); got != "" {
		t.Errorf("an article shows the sign %s", got)
	}
	if got := first(521, http.Header{"X-Via-Jsl": {"1"}}, ""); got != "jiasule" {
		t.Errorf("got %q, want jiasule", got)
	}
}
