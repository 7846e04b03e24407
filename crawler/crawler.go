// Package crawler turns sources into captures: it reads the list pages of
// government sites, follows their rows to articles and attachments, and hands
// the bytes to a Sink, each exactly as it came.
//
// It is polite and honest. It names itself, obeys robots.txt (RFC 9309), keeps
// one connection and a pause per host, and never gets past a refusal: a
// challenge, or a status 403, 412 or 521, ends the host for the run and is
// reported with the sign that was seen.
//
// Algorithm: hosts are worked on in parallel, each by one loop that claims a
// target from the Frontier, fetches it, reads it, adds what it leads to and
// finishes it with one Outcome. Nothing is kept only in memory, so a run that
// was stopped goes on where it stood. A list ends at a page without a new
// link, a page seen before, a stub, the home page, or the page limit. Soft
// errors (status 200, but no document) are never stored.
package crawler

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"tuogou/corpus"
	"tuogou/rules"
)

// Kind is what a target is fetched for.
type Kind string

// The kinds of targets.
const (
	ListPage   Kind = "list"
	Article    Kind = "article"
	Attachment Kind = "attachment"
	Further    Kind = "further" // a further page of an article
)

// Target is one address to fetch and what is known of it. It holds everything
// that its work needs, so that another run can do it.
type Target struct {
	URL    string // clean, see CleanURL
	Form   string // of a POST: its body, form encoded; empty means GET
	Host   string // of URL, with its port if it names one
	Kind   Kind
	Site   string // ID of the rules.Site
	Parent string // address of the page that led here
	// Title, Number and Listed are what the list row said; hints only.
	Title, Number, Listed string

	// List is the list form of a ListPage; empty means not told yet.
	List string
	// Page is the number of a list page, from 1. Rows counts the rows of the
	// pages before it, and Trail holds a hash of the rows of each of them.
	Page, Rows int
	Trail      []corpus.Hash
	// Depth counts the lists that led to this list, 0 for an entry page.
	Depth int
	// First is the Key of the list's first page, and Quiet counts the pages in a
	// row up to this one's predecessor that listed nothing new since the last
	// visit.
	First string
	Quiet int
}

// Key tells targets apart: the address, and the form for a POST.
func (t Target) Key() string {
	if t.Form == "" {
		return t.URL
	}
	return t.URL + "\n" + t.Form
}

// Result is how the work on a target ended. The zero Outcome means that the
// work was interrupted and the target is open again.
type Result struct {
	Outcome corpus.Outcome
	Reason  string // for Skipped and Failed, and sometimes for the others
	Status  int    // HTTP status, 0 if there was none

	changed, gone bool   // as in Item
	copyOf        string // as in Item
}

// Frontier is the list of work of one round of crawling. It is safe for
// concurrent use. An implementation that outlives the process opens again,
// when it is opened, what a dead process had claimed.
type Frontier interface {
	// Add puts in the targets whose Key is not known in this round, finished
	// ones included, all or none, and returns how many were new.
	Add(ctx context.Context, targets ...Target) (int, error)
	// Claim takes the oldest open target of the host; false means none.
	Claim(ctx context.Context, host string) (Target, bool, error)
	// Finish closes a claimed target, or opens it again at a zero Outcome.
	Finish(ctx context.Context, t Target, r Result) error
	// Open counts the targets that are not finished, by host.
	Open(ctx context.Context) (map[string]int, error)
	// Again adds the articles, further pages and attachments of a site that an
	// earlier round kept and that this one does not know yet, and returns how
	// many: what is listed no more may be gone, or changed.
	Again(ctx context.Context, site string) (int, error)
}

// Sink keeps captures. Put returns corpus.Done for bytes that are new for the
// document and corpus.Same for bytes it had. The note is kept with the capture,
// both or neither, for Notes to give back: a run that is killed after them
// knows the page again although its counter has moved. It is safe for
// concurrent use.
type Sink interface {
	Put(ctx context.Context, c corpus.Capture, body []byte, n Note) (corpus.Outcome, error)
}

// Note is a value of Notes with its key.
type Note struct {
	Key   string
	Value []byte
}

// Notes keeps between runs what the crawler remembers of addresses and sites,
// in a form of its own. It is safe for concurrent use.
type Notes interface {
	// Note is the value kept under a key, or nil.
	Note(ctx context.Context, key string) ([]byte, error)
	PutNote(ctx context.Context, key string, value []byte) error
}

// Options says how to crawl. Frontier and Sink are needed; for all other
// fields the zero value works.
type Options struct {
	Frontier Frontier
	Sink     Sink
	// Notes makes a second visit know of the first: requests are conditional,
	// what differs only in counters is the same, what is gone is told. Nil
	// remembers nothing.
	Notes Notes

	// Fetcher answers all requests. Nil means a polite Client made from the
	// fields below, which is what is wanted outside of tests.
	Fetcher Fetcher
	// Transport carries the requests of that Client; nil means the network.
	Transport http.RoundTripper
	// Turns and Endings are for several processes that crawl at once; nil is for one.
	Turns   Turns
	Endings Endings
	// Resolve gives the addresses of a host name. Hosts with the same first
	// address are one server: one connection and one pause. Nil asks the
	// system where Transport is nil, and else takes each host for a server.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// AllowPrivate lets hosts be fetched whose address is not public: this
	// machine, the local network.
	AllowPrivate bool
	// Agent is the User-Agent without contact; empty means "tuogou". Contact is
	// an address at which the crawl's owner can be reached.
	Agent, Contact string
	// Delay is the pause between two requests to a server, before jitter; 0 means
	// 2 s, below 0 means none, which is for sites on loopback only. What a site's
	// entry or its robots.txt asks for counts all the same.
	Delay time.Duration
	// Timeout bounds one exchange; 0 means 60 s. MaxWait bounds what a
	// Retry-After may ask for before the host ends; 0 means 2 min.
	Timeout, MaxWait time.Duration
	// MaxBytes bounds one body, decompressed; 0 means 50 MiB.
	MaxBytes int64
	// WARCDir is the folder for the run's WARC file; empty means none.
	WARCDir string
	// Clock tells and waits time; nil means the real one.
	Clock Clock

	// Hosts is how many hosts are worked on at once; 0 means 4.
	Hosts int
	// MaxPages bounds the pages of one list; 0 means 100.
	MaxPages int
	// LookBack is how many pages of a list are read beyond the last one that
	// lists something new since the last visit, so that what is posted with an
	// old date on an older page is found; 0 means 20, below 0 all pages.
	LookBack int
	// MaxDocs bounds the documents fetched per host in this run; 0 is no bound.
	MaxDocs int
	// KeepAll fetches and keeps what is off topic too.
	KeepAll bool

	// Browser is the path of a Chromium, in which pages are opened that their
	// scripts build, of sources that ask for it; empty means that there is none,
	// see FindBrowser. Render opens such pages of all sources.
	Browser string
	Render  bool

	// Focus, Signs and Web are the knowledge from the rules folder. Without
	// Focus all is on topic; without Signs only the statuses count; without Web
	// lists are read poorly.
	Focus *rules.Focus
	Signs []rules.Sign
	Web   *rules.Web

	// Log takes every outcome; nil means none.
	Log *slog.Logger
	// Progress is called every few seconds, by one goroutine at a time; nil is
	// not called.
	Progress func(Progress)
}

// Progress is how far a run is.
type Progress struct {
	Finished, Open int // targets
	Host           string
}

// Item is one target and how it ended.
type Item struct {
	URL     string
	Kind    Kind
	Site    string
	Outcome corpus.Outcome
	Reason  string
	Status  int
	// Changed says that the document was known and has new bytes.
	Changed bool `json:",omitempty"`
	// Gone says that the document was kept before and is there no more.
	Gone bool `json:",omitempty"`
	// CopyOf is the address at which the same text was found before.
	CopyOf string `json:",omitempty"`
}

// HostReport is what happened at one host.
type HostReport struct {
	Host                        string
	Lists                       int // list pages read
	Done, Same, Skipped, Failed int // as in Report
	// Ended says why the host was left before its work was done, with the sign
	// seen; empty means that nothing stood in the way.
	Ended string
	// Items are the targets finished in this run, in order.
	Items []Item
}

// Report is the result of a run. The counts are of documents (articles, their
// further pages, attachments) and of list pages that could not be read.
type Report struct {
	Done, Same, Skipped, Failed int
	// Changed are those of Done that had other bytes before, Gone those of Failed
	// that were kept before, Copies those whose text stands elsewhere too.
	Changed, Gone, Copies int
	Hosts                 []HostReport // by host name
	Sites                 []Health     // in the order in which they were given
	WARC                  string       // path of the WARC file, if one was written
	// Resumed says that the run went on with an interrupted one: its counts are
	// those of the rest.
	Resumed bool
}

func (h *HostReport) add(t Target, r Result) {
	h.Items = append(h.Items, Item{t.URL, t.Kind, t.Site, r.Outcome, r.Reason, r.Status, r.changed, r.gone, r.copyOf})
	if t.Kind == ListPage && r.Outcome == corpus.Done {
		h.Lists++
		return
	}
	switch r.Outcome {
	case corpus.Done:
		h.Done++
	case corpus.Same:
		h.Same++
	case corpus.Skipped:
		h.Skipped++
	case corpus.Failed:
		h.Failed++
	}
}
