package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	opensearch "github.com/opensearch-project/opensearch-go/v4"
)

// Config says where the index is kept.
type Config struct {
	Addresses []string // http://host:9200, any nodes of one cluster; user:password@ before the host where it asks for them
	Name      string   // of the alias; empty means tuogou
	Shards    int      // of a new index; 0 means 1
	Replicas  int      // copies of each shard beside the first; 0 means none
	// Patience is how long a write goes on trying while the cluster does not take
	// it; 0 means two minutes.
	Patience time.Duration
	// Transport carries the requests; nil means the usual one.
	Transport http.RoundTripper
}

// obj is a JSON object.
type obj = map[string]any

// statusError is an answer that says no.
type statusError struct {
	Status int
	Reason string
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Reason) }

// passing reports whether the same request may go through later.
func passing(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500
}

func newClient(c Config) (*opensearch.Client, error) {
	return opensearch.NewClient(opensearch.Config{
		Addresses: c.Addresses, Transport: c.Transport,
		RetryOnStatus: []int{429, 502, 503, 504}, MaxRetries: 6, EnableRetryOnTimeout: true, RequestTimeout: time.Minute,
		RetryBackoff:            func(attempt int) time.Duration { return min(100*time.Millisecond<<attempt, 2*time.Second) },
		ResurrectTimeoutInitial: time.Second,
	})
}

// request is one request; its path begins with a slash.
type request struct {
	path, kind string
	body       []byte
}

func (r request) GetRequest(method string) (*http.Request, error) {
	req, err := http.NewRequest(method, r.path, bytes.NewReader(r.body))
	if err == nil && len(r.body) > 0 {
		req.Header.Set("Content-Type", r.kind)
	}
	return req, err
}

// call sends body as JSON, or as it is where it is bytes of lines, and reads the
// answer into out, which may be nil.
func (h *Home) call(ctx context.Context, method, path string, body, out any) error {
	r := request{path: path, kind: "application/json"}
	switch b := body.(type) {
	case nil:
	case []byte:
		r.body, r.kind = b, "application/x-ndjson"
	default:
		data, err := json.Marshal(b)
		if err != nil {
			return err
		}
		r.body = data
	}
	var raw json.RawMessage
	resp, err := opensearch.Do(ctx, h.client, method, r, &raw)
	if resp != nil && resp.IsError() {
		data, _ := io.ReadAll(resp.Body)
		return &statusError{resp.StatusCode, reason(data)}
	}
	if err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("answer of %s: %w", path, err)
	}
	return nil
}

// reason is what an error says, and what caused it.
func reason(data []byte) string {
	var e struct {
		Error struct {
			Type, Reason string
			RootCause    []struct{ Type, Reason string } `json:"root_cause"`
			Caused       struct{ Type, Reason string }   `json:"caused_by"`
		}
	}
	if json.Unmarshal(data, &e) != nil || e.Error.Type == "" {
		return string(data[:min(len(data), 300)])
	}
	s := e.Error.Type + ": " + e.Error.Reason
	if len(e.Error.RootCause) > 0 && e.Error.RootCause[0].Reason != e.Error.Reason {
		s += "; " + e.Error.RootCause[0].Type + ": " + e.Error.RootCause[0].Reason
	}
	return s
}
