package crawler

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"tuogou/rules"
)

const (
	maxFrames = 3  // of one page that are looked into
	maxCalls  = 3  // of a page's scripts that are asked
	shellText = 60 // runes of text that a page has at most which only leads on
)

var (
	refreshTo = regexp.MustCompile(`(?i)url\s*=\s*["']?\s*([^"'\s>]+)`)
	scriptTo  = regexp.MustCompile(`(?:^|[\s;{(.])location(?:\.href)?\s*(?:=|\.(?:replace|assign)\s*\()\s*(?:encodeURI\s*\()?\s*["']([^"'\s]{1,300})["']`)
	// setsCookie is the mark of a challenge: it is not followed.
	setsCookie = regexp.MustCompile(`document\.cookie\s*=|\beval\s*\(|\bunescape\s*\(`)
	// furniture are frames that hold no text: heads, feet, sharing, counters.
	furniture = regexp.MustCompile(`(?i)share|count|stat|login|weather|tianqi|banner|head|foot|\btop\b|nav|menu|search|calendar|map`)
)

// leadsTo is the address to which a page sends its reader at once: by a refresh
// of no or few seconds, or by a script in a page that has no text of its own.
// It is "" where the page stands for itself.
func leadsTo(base *url.URL, page string, doc *goquery.Document, web *rules.Web) string {
	to := ""
	doc.Find("meta[http-equiv]").EachWithBreak(func(_ int, m *goquery.Selection) bool {
		content := m.AttrOr("content", "")
		wait, _, _ := strings.Cut(content, ";")
		seconds, err := strconv.ParseFloat(strings.TrimSpace(wait), 64)
		if found := refreshTo.FindStringSubmatch(content); strings.EqualFold(m.AttrOr("http-equiv", ""), "refresh") && err == nil && seconds <= 10 && found != nil {
			to = found[1]
		}
		return to == ""
	})
	if script := doc.Find("script:not([src])").Text(); to == "" && len(page) < 16<<10 && !setsCookie.MatchString(script) {
		if m := scriptTo.FindStringSubmatch(script); m != nil {
			to = m[1]
		}
	}
	address := resolve(base, to, web)
	if address == "" || address == CleanURL(base.String(), web) || doc.Find("frame, iframe").Length() > 0 ||
		utf8.RuneCountInString(squash(pageText("", doc, nil))) > shellText {
		return ""
	}
	return address
}

// frames are the pages of the same host that a page shows inside itself, from
// the first container of its text on.
func frames(base *url.URL, doc *goquery.Document, containers []string, web *rules.Web) []string {
	root := doc.Selection
	for _, sel := range containers {
		if found := doc.Find(sel); found.Length() > 0 {
			root = found.First()
			break
		}
	}
	var out []string
	root.Find("iframe[src], frame[src]").Each(func(_ int, f *goquery.Selection) {
		address := resolve(base, f.AttrOr("src", ""), web)
		u, err := url.Parse(address)
		hidden := f.AttrOr("width", "") == "0" || f.AttrOr("height", "") == "0" || strings.Contains(squash(f.AttrOr("style", "")), "display:none")
		if address == "" || err != nil || hidden || len(out) >= maxFrames || !sameHost(u, base) || isHome(u) || isFile(u, web) ||
			viewed.MatchString(u.RequestURI()) || furniture.MatchString(u.Path) || address == CleanURL(base.String(), web) {
			return
		}
		out = append(out, address)
	})
	return out
}

// whole are the links of a page that shows the head of a list only: 更多, more.
func whole(p *Page) []Next {
	var out []Next
	p.Doc().Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		words := strings.ToLower(strings.Trim(squash(linkTitle(a)), ">》»+…. []"))
		address := resolve(p.URL, a.AttrOr("href", ""), p.Web)
		u, err := url.Parse(address)
		if words != "更多" && words != "more" && words != "查看更多" || address == "" || err != nil || len(out) >= maxFrames || !sameHost(u, p.URL) || isHome(u) {
			return
		}
		out = append(out, Next{URL: address, Branch: true})
	})
	return out
}

var (
	// callHead is a request of a script: $.ajax({, $.post("…", fetch("…", axios.get("….
	callHead  = regexp.MustCompile(`(?:\$\s*\.\s*(?:ajax|post|get|getJSON)|\bfetch|\baxios(?:\s*\.\s*(?:post|get))?)\s*\(`)
	callURL   = regexp.MustCompile(`(?:\burl\s*:\s*|^\s*)["']([^"'\s]{1,300})["']`)
	callPost  = regexp.MustCompile(`(?i)(?:type|method)\s*:\s*["']post["']`)
	callData  = regexp.MustCompile(`(?:\b(?:data|params|body)\s*:\s*(?:JSON\.stringify\s*\(\s*)?|,\s*)(\{[^{}]{1,1000}\})`)
	callPair  = regexp.MustCompile(`["']?(\w+)["']?\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|(-?\d+|true|false))\s*[,}]`)
	callPaged = regexp.MustCompile(`(?i)page|^pn$|^p$|^rows$|limit`)
)

// calls are the interfaces that the scripts of a page ask for its rows. Nothing
// is run: the address and the values are read where they stand, and a request
// counts only when all its values are literals and one of them is of a page.
func calls(p *Page) []Next {
	script := p.Doc().Find("script:not([src])").Text()
	var out []Next
	for _, at := range callHead.FindAllStringIndex(script, 50) {
		head, rest := script[at[0]:at[1]], script[at[1]:]
		if end := callHead.FindStringIndex(rest); end != nil {
			rest = rest[:end[0]]
		}
		rest = rest[:min(len(rest), 3000)]
		ref, data := callURL.FindStringSubmatch(rest), callData.FindStringSubmatch(rest)
		if ref == nil || data == nil || len(out) >= maxCalls {
			continue
		}
		address := resolve(p.URL, ref[1], p.Web)
		u, err := url.Parse(address)
		values, asJSON, paged := callValues(data[1])
		if address == "" || err != nil || !p.own(u) || !paged {
			continue
		}
		next := Next{URL: address, List: "json", Branch: true}
		switch {
		case !strings.Contains(head, "post") && !callPost.MatchString(rest):
			u.RawQuery = joinQuery(u.RawQuery, values.Encode())
			next.URL = CleanURL(u.String(), p.Web)
		case strings.Contains(rest, "JSON.stringify") || strings.Contains(rest, "application/json") || strings.HasPrefix(head, "axios"):
			next.Form = asJSON
		default:
			next.Form = values.Encode()
		}
		out = append(out, next)
	}
	return out
}

func joinQuery(a, b string) string {
	if a == "" {
		return b
	}
	return a + "&" + b
}

// callValues reads an object of literals, as a form and as JSON; paged says
// whether one of its keys is that of a page.
func callValues(object string) (values url.Values, asJSON string, paged bool) {
	values = url.Values{}
	var b strings.Builder
	// Two pairs share no comma, so each match ends before the next begins.
	for _, m := range callPair.FindAllStringSubmatch(object, 40) {
		value := m[2] + m[3] + m[4]
		values.Set(m[1], value)
		paged = paged || callPaged.MatchString(m[1])
		if m[4] == "" {
			value = strconv.Quote(value)
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(m[1]) + ":" + value)
	}
	return values, "{" + b.String() + "}", paged
}
