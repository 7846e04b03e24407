package crawler

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"sort"
	"strings"
	"time"

	"tuogou/corpus"
)

// Health is how a source is doing, measured by what it listed the last time.
type Health struct {
	Site  string
	Rows  int // rows listed in this run
	New   int // of those, not listed before
	Lists int // list pages read
	Docs  int // documents kept before or now
	Kept  int // of those, new or changed in this run
	// Before is Rows of the last complete visit, -1 where there was none.
	Before int
	// Newest is the latest full date beside a row: 2019-11-18.
	Newest string
	Forms  []string // list forms seen
	// Missed says why its lists were not read to the end; empty where they were.
	Missed string
	// Warnings say in words what a person should look at.
	Warnings []string
}

// healthNote is what is remembered of a source between complete visits.
type healthNote struct {
	Rows   int       `json:"rows"`
	Forms  []string  `json:"forms"`
	News   time.Time `json:"news"` // when something new was listed
	Newest string    `json:"newest"`
}

const (
	silentAfter = 180 * 24 * time.Hour
	manyFewer   = 2 // a list with less than one in so many of its rows has changed its layout
)

// remember counts the rows of a list page for the health of its source and says
// whether it lists anything that its list did not have at the last visit.
func (w *worker) remember(ctx context.Context, t Target, form List, l Listing) (news bool, err error) {
	key := "rows " + t.Site + " " + t.First
	data, err := w.opts.Notes.Note(ctx, key)
	if err != nil {
		return false, fmt.Errorf("crawl: notes: %w", err)
	}
	known := map[string]bool{}
	for i := 0; i+rowSum <= len(data); i += rowSum {
		known[string(data[i:i+rowSum])] = true
	}
	newest, added := "", 0
	for _, r := range l.Rows {
		if len(r.Date) == len(time.DateOnly) {
			newest = max(newest, r.Date)
		}
		sum := rowHash(r)
		if !known[sum] {
			known[sum] = true
			data = append(slices.Clip(data), sum...)
			added++
		}
	}
	w.mu.Lock()
	h := w.health[t.Site]
	h.Rows += len(l.Rows)
	h.New += added
	h.Lists++
	h.Newest = max(h.Newest, newest)
	if !slices.Contains(h.Forms, form.Name()) {
		h.Forms = append(h.Forms, form.Name())
	}
	w.mu.Unlock()
	if added == 0 {
		return false, nil
	}
	if err := w.opts.Notes.PutNote(context.WithoutCancel(ctx), key, data); err != nil {
		return false, fmt.Errorf("crawl: notes: %w", err)
	}
	return true, nil
}

const rowSum = 8 // bytes

func rowHash(r Row) string {
	h := fnv.New64a()
	h.Write([]byte(r.URL))
	return string(h.Sum(nil))
}

// complete looks at a list that came to its end: it should have given as many
// rows as it says it has.
func (w *worker) complete(t Target, l Listing) {
	if got := t.Rows + len(l.Rows); l.Sealed == "" && l.Total > 0 && got < l.Total && t.Depth == 0 {
		w.shortfall(t, fmt.Sprintf("a list says it has %d rows and gave %d", l.Total, got))
	}
}

// shortfall notes that a list could not be read whole.
func (w *worker) shortfall(t Target, why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if h := w.health[t.Site]; h != nil && !slices.Contains(h.Warnings, why) {
		h.Warnings = append(h.Warnings, why)
	}
}

// healths compares each source with its last complete visit and, where this
// one was complete, remembers it.
func (r *run) healths(ctx context.Context, complete bool) ([]Health, error) {
	ended := map[string]string{}
	failed := map[string]int{}
	for _, rep := range r.reports {
		for _, i := range rep.Items {
			h := r.health[i.Site]
			if h == nil {
				continue
			}
			switch {
			case i.Kind != ListPage && (i.Outcome == corpus.Done || i.Outcome == corpus.Same):
				h.Docs++
				if i.Outcome == corpus.Done {
					h.Kept++
				}
			case i.Kind == ListPage && i.Outcome == corpus.Failed:
				failed[i.Site]++
			}
			if rep.Ended != "" {
				ended[i.Site] = rep.Host + ": " + rep.Ended
			}
		}
	}
	var out []Health
	for _, id := range r.order {
		h := r.health[id]
		h.Before = -1
		var last healthNote
		if err := r.note(ctx, "health "+id, &last); err != nil {
			return nil, err
		}
		whole := complete && ended[id] == ""
		if !last.News.IsZero() {
			h.Before = last.Rows
		}
		if whole {
			h.judge(last, r.now())
		}
		if !complete {
			h.Missed = "the crawl ended before"
		}
		if n := failed[id]; n > 0 {
			h.Missed = fmt.Sprintf("%d list pages could not be read", n)
			h.Warnings = append(h.Warnings, h.Missed)
		}
		if why := ended[id]; why != "" {
			h.Missed = "not read to the end: " + why
			h.Warnings = append(h.Warnings, h.Missed)
		}
		out = append(out, *h)
		if !whole || h.Rows == 0 {
			continue
		}
		next := healthNote{Rows: h.Rows, Forms: h.Forms, News: last.News, Newest: max(last.Newest, h.Newest)}
		if h.New > 0 || last.News.IsZero() {
			next.News = r.now()
		}
		if err := r.putNote(ctx, "health "+id, next); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// judge puts into words what differs from the last visit.
func (h *Health) judge(last healthNote, now time.Time) {
	sort.Strings(h.Forms)
	if h.Lists == 0 {
		return
	}
	if last.News.IsZero() {
		h.quiet(now)
		return
	}
	if h.Rows == 0 && last.Rows > 0 {
		h.Warnings = append(h.Warnings, fmt.Sprintf("the layout has changed: no rows, %d the last time", last.Rows))
	} else if h.Rows*manyFewer < last.Rows && h.New > 0 {
		h.Warnings = append(h.Warnings, fmt.Sprintf("the layout may have changed: %d rows, %d the last time", h.Rows, last.Rows))
	}
	if !slices.Equal(h.Forms, last.Forms) {
		h.Warnings = append(h.Warnings, fmt.Sprintf("the layout has changed: list form %s, the last time %s", strings.Join(h.Forms, "+"), strings.Join(last.Forms, "+")))
	}
	if h.New == 0 {
		if d := now.Sub(last.News); d > silentAfter {
			h.Warnings = append(h.Warnings, fmt.Sprintf("silent: nothing new for %d days", int(d.Hours()/24)))
		}
	}
}

// quiet looks at the dates of a source that is visited for the first time.
func (h *Health) quiet(now time.Time) {
	if day, err := time.Parse(time.DateOnly, h.Newest); err == nil && now.Sub(day) > 3*365*24*time.Hour {
		h.Warnings = append(h.Warnings, "silent: the newest date in its lists is "+h.Newest)
	}
}

func (r *run) now() time.Time {
	if r.opts.Clock != nil {
		return r.opts.Clock.Now()
	}
	return realClock{}.Now()
}
