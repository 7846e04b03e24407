package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"
)

// DocID names one published work for good: made from its address, or from its
// bytes where it has none, so that the same work has the same name everywhere.
type DocID string

// Hash is the SHA-256 of some bytes in lower-case hexadecimal.
type Hash string

// HashBytes is the hash of data.
func HashBytes(data []byte) Hash {
	sum := sha256.Sum256(data)
	return Hash(hex.EncodeToString(sum[:]))
}

// HashReader is the hash of all that r gives.
func HashReader(r io.Reader) (Hash, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return Hash(hex.EncodeToString(h.Sum(nil))), nil
}

// IDOf names the document found at url, or, where url is empty, the document
// with these bytes.
func IDOf(url string, bytes Hash) DocID {
	if url == "" {
		return DocID("f" + bytes[:16])
	}
	return DocID("u" + HashBytes([]byte(url))[:16])
}

// Source says where bytes came from.
type Source struct {
	URL       string `json:"url,omitempty"`
	Path      string `json:"path,omitempty"`    // base name of a local file: a machine's folders are nobody's business
	Fetched   string `json:"fetched,omitempty"` // RFC 3339, UTC
	SHA256    Hash   `json:"sha256"`
	MediaType string `json:"media_type,omitempty"`
	Charset   string `json:"charset,omitempty"`
	SiteCode  string `json:"site_code,omitempty"` // 政府网站标识码
}

// Capture is one set of bytes taken from one place at one time. It is written
// once and never changed.
type Capture struct {
	Doc     DocID
	URL     string // as asked for; empty for a local file
	Final   string // after redirects; empty where equal to URL
	Path    string // of a local file
	Fetched time.Time
	Status  int    // HTTP status; 0 for a local file
	Type    string // the Content-Type header, as it was sent
	SHA256  Hash
	Size    int64 // bytes
	// Title, Number and Listed are what the list page said of the document: a
	// hint for focus, never a fact of the record.
	Title, Number, Listed string
	Parent                string // the address of the page that led here
}

// Outcome is how one unit of work ended. A bad document is an outcome, not an
// error: the run goes on.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"    // new or changed, and worked on
	Same    Outcome = "same"    // unchanged since the last time
	Skipped Outcome = "skipped" // left out for a stated reason
	Failed  Outcome = "failed"  // could not be worked on, for a stated reason
)
