package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is Chromium on the pages of the demo. It collects what must not happen: words
// on the console, and requests to another host.
type browser struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu    sync.Mutex
	wrong []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("Chromium is not installed (apt install chromium): the pages were not opened in a browser")
	}
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	data := t.TempDir()
	if code, out, errs := call(t, data, "demo", "--dir", data); code != exitOK {
		t.Fatalf("the demo ends with %d:\n%s%s", code, out, errs)
	}
	a := &app{Env: Env{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Getenv: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2017, 9, 1, 4, 0, 0, 0, time.UTC) }}, data: data}
	h, ix, err := a.pages(t.Context(), "let-me-in")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	ctx, late := context.WithTimeout(context.Background(), 3*time.Minute)
	ctx, stop := chromedp.NewExecAllocator(ctx, chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("lang", "zh-CN"))
	ctx, cancel := chromedp.NewContext(ctx)
	b := &browser{t: t, ctx: ctx, base: server.URL}
	t.Cleanup(func() {
		cancel()
		stop()
		late()
		server.Close()
		_ = ix.Close()
		a.close()
	})
	console, requests := chromedp.Console(ctx), chromedp.Events(ctx, network.RequestWillBeSent)
	go func() {
		for m, err := range console {
			if err == nil {
				b.note("console " + m.String() + " " + m.URL)
			}
		}
	}()
	go func() {
		for e, err := range requests {
			if err == nil && !strings.HasPrefix(e.Request.URL, b.base) && !strings.HasPrefix(e.Request.URL, "data:") {
				b.note("request to " + e.Request.URL)
			}
		}
	}()
	return b
}

func (b *browser) note(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, what)
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// key presses keys one after another.
func (b *browser) key(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
	}
}

// open goes to a page and reports what went wrong on the way.
func (b *browser) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
	b.right(path)
}

func (b *browser) right(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.wrong {
		if !strings.Contains(w, "/nothing") { // its 404 is on the console by right
			b.t.Errorf("%s: %s", where, w)
		}
	}
	b.wrong = nil
}

// eval is the value of a script in words.
func (b *browser) eval(script string, opts ...chromedp.EvaluateOption) string {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]byte](script, opts...))
	if err != nil {
		b.t.Fatalf("%s: %v", script[:min(len(script), 200)], err)
	}
	var text string
	if json.Unmarshal(out, &text) == nil {
		return text
	}
	return string(out)
}

// click presses an element by a selector.
func (b *browser) click(selector string) {
	b.t.Helper()
	if b.eval(fmt.Sprintf("((x) => { if (x) x.click(); return !!x })(document.querySelector(%q))", selector)) != "true" {
		b.t.Fatalf("there is no %s", selector)
	}
}

func (b *browser) want(script, want string) {
	b.t.Helper()
	if got := b.eval(script); got != want {
		b.t.Errorf("%s is %q, want %q", script, got, want)
	}
}

// until waits for what a script or a new page does after a moment.
func (b *browser) until(script string) {
	b.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		out, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+script+")"))
		if err == nil && out { // an error: the page is being changed for the next one
			return
		}
	}
	b.t.Fatalf("never: %s", script)
}

// planID is the id of the plan of 芷棠区.
func (b *browser) planID() string {
	b.open("/search?q=" + url.QueryEscape("place:991101 kind:plan"))
	return b.eval(`document.querySelector(".hits a").pathname.split("/").pop()`)
}

// TestBrowser goes through the pages as a reader does.
func TestBrowser(t *testing.T) {
	t.Parallel() // it waits for other processes
	b := newBrowser(t)
	id := b.planID()
	all := []string{"/", "/search", "/search?q=" + url.QueryEscape("办公用房") + "&explain=1&coverage=1", "/search?unit=duty&q=" + url.QueryEscape("lead:财政局"), "/search?q=zzzz&kind=plan",
		"/doc/" + id, "/doc/" + id + "/versions", "/compare", "/compare?places=991101,991102", "/compare?places=991101,991102&part=adoption", "/compare?places=991101&baseline=codebook&part=coverage",
		"/timeline", "/timeline?view=month", "/timeline?view=bars", "/timeline?view=changes&vague=1", "/timeline?state=past&organ=finance", "/obligation/" + b.obligation(), "/coverage", "/help", "/review", "/review?doc=" + id, "/jobs", "/nothing"}
	t.Run("pages", func(t *testing.T) { b.t = t; everyPage(b, all) })
	t.Run("search", func(t *testing.T) { b.t = t; searchFlow(b) })
	t.Run("reader", func(t *testing.T) { b.t = t; readerFlow(b, id) })
	t.Run("compare", func(t *testing.T) { b.t = t; compareFlow(b) })
	t.Run("timeline", func(t *testing.T) { b.t = t; timelineFlow(b) })
	t.Run("review", func(t *testing.T) { b.t = t; reviewFlow(b, id) })
	t.Run("jobs", func(t *testing.T) { b.t = t; jobsFlow(b) })
	t.Run("print", func(t *testing.T) { b.t = t; printed(b, id) })
	t.Run("axe", func(t *testing.T) { b.t = t; accessible(b, all) })
}

// everyPage opens each page in both languages, wide and narrow: nothing on the
// console, no request elsewhere, nothing wider than the window.
func everyPage(b *browser, all []string) {
	for _, lang := range []string{"zh", "en"} {
		for _, width := range []int64{1400, 420} {
			b.do(chromedp.EmulateViewport(width, 900))
			for _, p := range all {
				sep := "?"
				if strings.Contains(p, "?") {
					sep = "&"
				}
				b.open(p + sep + "lang=" + lang)
				if b.eval("document.documentElement.scrollWidth > innerWidth + 1") != "false" {
					b.t.Errorf("%s in %s at %d: the page is wider than the window", p, lang, width)
				}
			}
		}
	}
	b.do(chromedp.EmulateViewport(1400, 900))
}

// searchFlow types a word, takes a suggestion, narrows, and comes back, by keys alone.
func searchFlow(b *browser) {
	b.open("/")
	b.key("/")
	b.want("document.activeElement.id", "q")
	b.eval(`((q) => { q.value = "财政"; q.setSelectionRange(2, 2); q.dispatchEvent(new Event("input")) })(document.querySelector("#q"))`)
	b.until(`!document.querySelector("#suggest").hidden`)
	b.key(kb.ArrowDown)
	b.until(`document.querySelector("#suggest [aria-selected=true]")`)
	b.key(kb.Enter)
	b.until(`document.querySelector("#q").value.trim() === "organ:finance"`)
	b.key(kb.Enter)
	b.until(`document.querySelector(".hits")`)
	before := b.eval(`document.querySelectorAll(".hits > li").length`)
	b.click(`.facets a[href*="year"]`)
	b.until(`document.querySelector(".chips")`)
	if after := b.eval(`document.querySelectorAll(".hits > li").length`); after == before {
		b.t.Errorf("a facet leaves %s hits of %s", after, before)
	}
	b.click(".chips a")
	b.until(`document.querySelector(".hits") && !document.querySelector(".chips")`)
	b.want(`document.querySelectorAll(".hits > li").length`, before)
	b.key("j", "j")
	b.want(`[...document.querySelectorAll(".hits > li > h2 > a")].indexOf(document.activeElement)`, "1")
	b.click("button[data-save]")
	b.want(`document.querySelectorAll("#saved li").length`, "1")
	b.right("search")
}

// readerFlow goes from a fact to its words and back.
func readerFlow(b *browser, id string) {
	b.open("/doc/" + id)
	b.click("#g-deadlines li.fact a")
	b.until(`document.querySelector(".text span:target")`)
	b.want(`document.querySelector(".text span:target").classList.contains("deadline")`, "true")
	b.want(`(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector(".text span:target").getBoundingClientRect())`, "true")
	b.until(`document.querySelector("#g-deadlines li.fact.on")`)
	b.key("n", "n")
	b.want(`document.querySelectorAll(".text .on").length`, "1")
	b.click(".text span.organ[data-fact]")
	b.until(`document.querySelector("#g-duties li.fact.on")`)
	if quote := b.eval(`document.querySelector("#citation").textContent`); !strings.Contains(quote, "[EB/OL]") {
		b.t.Errorf("the citation is %q", quote)
	}
	b.right("reader")
}

// compareFlow chooses two places, opens the words behind a cell, and two documents side
// by side.
func compareFlow(b *browser) {
	b.open("/compare")
	b.click("input[value='991101']")
	b.click("input[value='991102']")
	b.click("form[action='/compare'] button")
	b.until(`document.querySelector("#grid")`)
	b.click("#grid td .pop")
	b.until(`document.querySelector(".evidence:popover-open blockquote")`)
	b.key(kb.Escape)
	b.until(`!document.querySelector(".evidence:popover-open")`)
	b.eval(`location.href = document.querySelector(".evidence a[href*=pair]").href`)
	b.until(`document.querySelector(".pairs tbody tr")`)
	if n := b.eval(`document.querySelectorAll(".pairs tr.changed, .pairs tr.reworded, .pairs tr.equal").length`); n == "0" {
		b.t.Error("no sentence is paired")
	}
	b.right("compare")
}

// obligation is one that another document gives another date.
func (b *browser) obligation() string {
	b.t.Helper()
	b.open("/timeline")
	return b.eval(`fetch("/timeline.json").then((r) => r.json()).then((a) => a.obligations.find((o) => o.shifts).uid)`, chromedp.EvalAwaitPromise)
}

// timelineFlow asks for one state, opens an obligation, and goes to its sentence.
func timelineFlow(b *browser) {
	b.open("/timeline?places=991000")
	all := b.eval(`document.querySelectorAll(".obligations tbody tr").length`)
	b.click(`.chips a[href*="past"]`)
	b.until(`document.querySelector(".chips a[aria-current]")`)
	if some := b.eval(`document.querySelectorAll(".obligations tbody tr").length`); some == all || some == "0" {
		b.t.Errorf("%s obligations of %s are past", some, all)
	}
	sentence := b.eval(`document.querySelector(".obligations a.words").textContent`)
	b.click(".obligations a.day")
	b.until(`document.querySelector(".changes tbody tr")`)
	b.want(`document.querySelector(".sentence").textContent`, sentence)
	b.click(".sentence a")
	b.until(`location.pathname.startsWith("/doc/") && document.querySelector(location.hash)`)
	if words := b.eval(`document.querySelector(location.hash).textContent`); words == "" || !strings.Contains(sentence, words) {
		b.t.Errorf("the sentence %q leads to %q", sentence, words)
	}
	b.right("timeline")
}

// reviewFlow corrects a date by keys; the document shows it, and it is taken back.
func reviewFlow(b *browser, id string) {
	b.open("/jobs")
	b.eval(`document.querySelector("input[name=token]").value = "let-me-in"`)
	b.click("form[action='/login'] button")
	b.until(`document.querySelector("#jobs")`)
	b.open("/review?doc=" + id)
	b.eval(`((x) => { x.value = "wang"; x.dispatchEvent(new Event("input")) })(document.querySelector("#by"))`)
	row := `[...document.querySelectorAll(".review li")].find((x) => x.querySelector("input[name=field]").value === "/dates/signed")`
	b.eval(row + `.focus()`)
	b.key("e")
	b.want(`document.activeElement.name`, "value")
	b.eval(`document.activeElement.value = "2018-05-15"; document.activeElement.closest("form").querySelector("button[value=fix]").click()`)
	b.until(row + ` && ` + row + `.querySelector(".reviewed")`)
	b.open("/doc/" + id)
	b.want(`document.querySelector("dl.facts").textContent.includes("2018-05-15")`, "true")
	b.open("/review?doc=" + id)
	b.eval(row + `.querySelector("button[value=undo]").click()`)
	b.until(row + ` && !` + row + `.querySelector(".reviewed")`)
	b.right("review")
}

// jobsFlow starts a job and sees its end without asking again.
func jobsFlow(b *browser) {
	b.open("/jobs")
	b.click("form.inline button")
	b.until(`document.querySelector(".state-done")`)
	if words := b.eval(`document.querySelector(".job pre").textContent`); !strings.Contains(words, "index: done") {
		b.t.Errorf("the job says %q", words)
	}
	b.right("jobs")
}

// printed makes a PDF of a document: it is not empty and takes no more pages than a
// document of that length may.
func printed(b *browser, id string) {
	b.open("/doc/" + id)
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	if err != nil {
		b.t.Fatal(err)
	}
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n < 1 || n > 12 {
		b.t.Errorf("%d printed pages", n)
	}
}

// accessible runs axe-core on each page, where it is at hand (TUOGOU_AXE names axe.min.js).
func accessible(b *browser, all []string) {
	path := os.Getenv("TUOGOU_AXE")
	if path == "" {
		b.t.Skip("TUOGOU_AXE does not name axe.min.js: accessibility was not checked")
	}
	script, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatal(err)
	}
	await := func(p *runtime.EvaluateParams) { yes := true; p.AwaitPromise = &yes }
	for i, p := range all {
		b.do(chromedp.EmulateViewport([]int64{1400, 420}[i%2], 900))
		b.do(chromedp.Navigate(b.base + p))
		b.eval(string(script) + "\n;0")
		out := b.eval(`axe.run(document, {resultTypes: ["violations"]}).then((r) => JSON.stringify(r.violations.map((v) => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 3)}))))`, await)
		var found []struct {
			ID, Impact, Help string
			Nodes            []string
		}
		if err := json.Unmarshal([]byte(out), &found); err != nil {
			b.t.Fatal(err)
		}
		for _, v := range found {
			if v.Impact == "serious" || v.Impact == "critical" {
				b.t.Errorf("%s: %s (%s): %s\n  %s", p, v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n  "))
			}
		}
	}
}
