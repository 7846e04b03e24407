package store

import (
	"net/url"
	"strings"
	"time"

	"tuogou/corpus"
)

// Target is an address that the crawler may fetch.
type Target struct {
	URL      string
	Host     string // set from URL where empty
	Source   string // the source it belongs to
	Kind     string // list, page, attachment: the crawler's words
	Depth    int    // steps from the source's first page
	Priority int    // higher is handed out first
	// Due is the earliest time to fetch it; zero is at once.
	Due time.Time
	// Parent, Title, Number and Listed are kept for the capture.
	Parent, Title, Number, Listed string
	// Round counts the crawls. A target added again in a later round is pending
	// again, keeping what its server sent for conditional requests.
	Round int
	// Work is what the crawler needs to go on with it, in its own form.
	Work string
}

// TargetState says where a target stands.
type TargetState string

// The states of a target.
const (
	Pending  TargetState = "pending"
	Claimed  TargetState = "claimed"
	Finished TargetState = "finished"
)

// Queued is a target with what is known from earlier visits.
type Queued struct {
	Target
	State TargetState
	// Attempts counts how often it was handed out since it was added, requeued,
	// or ended Done or Same. It counts claims, not visits, so that an address
	// that kills the program each time can be seen.
	Attempts int
	// Last is the last visit; zero where there was none.
	Last Visit
}

// Visit is how one fetch of a target ended.
type Visit struct {
	URL     string
	Outcome corpus.Outcome
	Reason  string
	At      time.Time
	// ETag and LastModified are what the server sent, to be sent back with the
	// next request. A visit that ended Done sets both; one that ended Same sets
	// what it brings (a 304 often sends neither); others leave them alone.
	ETag, LastModified string
	// Again, where not zero, makes the target pending from that time on: a
	// retry after a failure, or the next look at a list page.
	Again time.Time
}

// Claim asks for pending targets.
type Claim struct {
	Host  string // empty is any
	Limit int    // at most so many; 0 is 1
	// Sources leaves out the targets of all others; empty is any.
	Sources []string
	// Now leaves out what is due later.
	Now time.Time
}

// HostQueue is what is waiting on one host for one source.
type HostQueue struct {
	Host, Source     string
	Pending, Claimed int
	// Due is when the first pending target may be fetched; zero is at once, or
	// that none is pending.
	Due time.Time
}

// Requeue chooses finished targets to be fetched again. Zero fields choose
// everything.
type Requeue struct {
	URL     string
	Source  string
	Kind    string
	Outcome corpus.Outcome
	Before  time.Time // only those last visited before
	// Round, where not 0, chooses those of earlier rounds and puts them into this
	// one.
	Round int
}

// HostOf is the host of an address in lower case, with its port, or empty.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}
