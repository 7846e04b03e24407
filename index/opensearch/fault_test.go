package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/indextest"
	"tuogou/index/indextest/enginetest"
	"tuogou/segment/segmenttest"
)

// tripper is a transport that a test disturbs.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answered(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
}

// ids are the documents of an index as they come from Each.
func ids(t *testing.T, r index.Reader, q index.Query) []string {
	t.Helper()
	var out []string
	if _, err := r.Each(context.Background(), q, func(h index.Hit) bool { out = append(out, string(h.Doc)); return true }); err != nil {
		t.Fatal(err)
	}
	return out
}

// A cluster that has too much to do says so, for a request (429) or for some
// documents of it; they are sent again until they are taken.
func TestTooManyRequestsAreSentAgain(t *testing.T) {
	var refused, partly atomic.Int32
	h := home(t, Config{Addresses: server(t)[:1], Shards: 1, Transport: tripper(func(r *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(r.URL.Path, "/_bulk") {
			return http.DefaultTransport.RoundTrip(r)
		}
		if refused.Add(1)%3 == 1 {
			return answered(429, `{"error":{"type":"circuit_breaking_exception","reason":"too much"},"status":429}`), nil
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil || partly.Add(1)%2 == 0 {
			return resp, err
		}
		// Every second document was taken, but the answer says it was not.
		defer resp.Body.Close()
		var got struct{ Items []map[string]obj }
		if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
			return nil, err
		}
		for i := 0; i < len(got.Items); i += 2 {
			for what := range got.Items[i] {
				got.Items[i][what] = obj{"status": 429, "error": obj{"type": "rejected", "reason": "queue is full"}}
			}
		}
		data, err := json.Marshal(obj{"items": got.Items})
		return answered(200, string(data)), err
	})})
	records := enginetest.Records(100)
	r := enginetest.Fill(t, h, records)
	if got := ids(t, r, index.Query{}); len(got) != len(records) || refused.Load() < 2 || partly.Load() < 2 {
		t.Errorf("%d documents, want %d; %d requests, %d answers", len(got), len(records), refused.Load(), partly.Load())
	}
}

// A connection that breaks before the request arrives or after it was carried out
// loses nothing and doubles nothing.
func TestAConnectionIsCut(t *testing.T) {
	var n, cut atomic.Int32
	h := home(t, Config{Addresses: server(t)[:1], Shards: 1, Transport: tripper(func(r *http.Request) (*http.Response, error) {
		k := n.Add(1)
		if r.Method == http.MethodPut || strings.HasSuffix(r.URL.Path, "/_aliases") { // of which one arrives: see TestAWriteThatFailsLeavesTheOldIndex
			return http.DefaultTransport.RoundTrip(r)
		}
		if k%4 == 1 {
			cut.Add(1)
			return nil, &netError{}
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && k%4 == 3 && strings.HasSuffix(r.URL.Path, "/_bulk") {
			cut.Add(1)
			resp.Body.Close()
			return nil, &netError{}
		}
		return resp, err
	})})
	records := enginetest.Records(100)
	r := enginetest.Fill(t, h, records)
	if got := ids(t, r, index.Query{}); len(got) != len(records) || cut.Load() < 3 {
		t.Errorf("%d documents, want %d; %d cuts", len(got), len(records), cut.Load())
	}
}

type netError struct{}

func (*netError) Error() string   { return "connection reset by peer" }
func (*netError) Timeout() bool   { return false }
func (*netError) Temporary() bool { return true }
func (*netError) Unwrap() error   { return syscall.ECONNRESET }

// What the cluster refuses for good ends the work at once, and the old index stays.
func TestAWriteThatFailsLeavesTheOldIndex(t *testing.T) {
	var refuse atomic.Bool
	h := home(t, Config{Addresses: server(t)[:1], Transport: tripper(func(r *http.Request) (*http.Response, error) {
		if refuse.Load() && strings.HasSuffix(r.URL.Path, "/_bulk") {
			return answered(403, `{"error":{"type":"cluster_block_exception","reason":"index is read-only: disk usage exceeded"},"status":403}`), nil
		}
		return http.DefaultTransport.RoundTrip(r)
	})})
	records := enginetest.Records(20)
	r := enginetest.Fill(t, h, records)
	refuse.Store(true)
	b := index.Build{Segmenter: segmenttest.Fake{}}
	_, err := h.Rebuild(context.Background(), b, each(records[:5]))
	if err == nil || !strings.Contains(err.Error(), "disk usage exceeded") {
		t.Errorf("error %v", err)
	}
	if fresh, err := r.Refresh(); fresh || err != nil || len(ids(t, r, index.Query{})) != len(records) {
		t.Errorf("the old index has changed: %v, %v", fresh, err)
	}
	var all map[string]any
	if err := h.call(context.Background(), http.MethodGet, "/"+h.cfg.Name+"-2*/_alias", nil, &all); err != nil || len(all) != 1 {
		t.Errorf("%d indices are left, %v", len(all), err)
	}
}

// A cluster that does not answer is no damaged index, which a rebuild would mend.
func TestUnreachable(t *testing.T) {
	h, err := New(Config{Addresses: []string{"http://user:secret@127.0.0.1:1"}, Transport: tripper(func(*http.Request) (*http.Response, error) {
		return nil, syscall.ECONNREFUSED
	})})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	r, state, err := h.Open(index.Fingerprint{}, index.Options{})
	if r != nil || state != index.Unreachable || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%s, %v", state, err)
	}
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func each(records []*corpus.Record) iter.Seq2[*corpus.Record, error] {
	return func(yield func(*corpus.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// One node of three is killed in the middle of indexing, while others search. No
// document is lost or doubled, and when the node is back the answers are those of
// an index in a folder.
func TestANodeIsKilled(t *testing.T) {
	addresses := server(t)
	dir := os.Getenv("TUOGOU_TEST_OPENSEARCH_DIR")
	if dir == "" || len(addresses) < 3 {
		t.Skip("no cluster whose nodes may be killed: TUOGOU_TEST_OPENSEARCH_DIR is not set")
	}
	n := 1000
	if s, err := strconv.Atoi(os.Getenv("TUOGOU_FAULT_DOCS")); err == nil {
		n = s
	}
	old := enginetest.Records(60)
	oldHome, h := home(t, Config{Shards: 3, Replicas: 1}), home(t, Config{Shards: 3, Replicas: 1})
	reader := enginetest.Fill(t, oldHome, old)
	want := ids(t, reader, index.Query{Text: "会"})

	var wg sync.WaitGroup
	stop := make(chan struct{})
	searches := 0
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			res, err := reader.Search(context.Background(), index.Query{Text: "会", Limit: 100})
			var got []string
			for _, h := range res.Hits {
				got = append(got, string(h.Doc))
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("search %d: %d hits of %d, %v", searches, len(got), len(want), err)
			}
			searches++
			time.Sleep(50 * time.Millisecond)
		}
	})
	records := make([]*corpus.Record, n)
	for i := range records {
		records[i] = indextest.Record(i, 1000, 1)
	}
	var kill sync.Once
	b := index.Build{Segmenter: segmenttest.Fake{Words: []string{"办公用房", "牵头", "财政局"}}, BatchDocs: 50}
	b.Progress = func(done int) {
		if done > n/4 {
			kill.Do(func() { killNode(t, dir, 2) })
		}
	}
	defer startNode(t, dir, 2, len(addresses))
	at := time.Now()
	got, err := h.Rebuild(context.Background(), b, each(records))
	if err != nil || got != n {
		t.Errorf("%d documents of %d, %v", got, n, err)
	}
	t.Logf("%d documents in %s, %d searches meanwhile", got, time.Since(at).Round(time.Millisecond), searches)
	close(stop)
	wg.Wait()
	folder := index.Folder(filepath.Join(t.TempDir(), "index"))
	if _, err := folder.Rebuild(context.Background(), b, each(records)); err != nil {
		t.Fatal(err)
	}
	same(t, folder, h, n)
	startNode(t, dir, 2, len(addresses))
	same(t, folder, h, n)
}

// same compares seven of the fifty queries, with all hits in order, and all documents.
func same(t *testing.T, a, b index.Home, n int) {
	t.Helper()
	var readers []index.Reader
	for _, h := range []index.Home{a, b} {
		r, state, err := h.Open(index.Fingerprint{}, index.Options{})
		if err != nil || state != index.Current {
			t.Fatalf("%s: %s, %v", h, state, err)
		}
		defer r.Close()
		readers = append(readers, r)
	}
	all := ids(t, readers[1], index.Query{Sort: index.ByDate})
	slices.Sort(all)
	if len(slices.Compact(all)) != n {
		t.Errorf("%d different documents, want %d", len(all), n)
	}
	for i, q := range indextest.Asks() {
		if i%8 != 0 {
			continue
		}
		if x, y := ids(t, readers[0], index.Query{Text: q.Text, Snippets: -1}), ids(t, readers[1], index.Query{Text: q.Text, Snippets: -1}); !slices.Equal(x, y) {
			t.Errorf("%s: %d hits in the folder, %d here, or in another order", q.Text, len(x), len(y))
		}
	}
}

func pid(t *testing.T, dir string, n int) int {
	data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("node%d", n), "pid"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := strconv.Atoi(string(bytes.TrimSpace(data)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func killNode(t *testing.T, dir string, n int) {
	if err := syscall.Kill(pid(t, dir, n), syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	t.Logf("node %d was killed", n)
}

// startNode starts a node that was killed, and waits until all copies are whole.
func startNode(t *testing.T, dir string, n, nodes int) {
	if err := syscall.Kill(pid(t, dir, n), 0); err != nil {
		out, err := exec.Command("../../scripts/opensearch-for-tests", "node", dir, strconv.Itoa(n)).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	path := fmt.Sprintf("/_cluster/health?wait_for_nodes=%d&wait_for_status=green&timeout=2s", nodes)
	h, err := New(Config{Addresses: server(t)[:1]})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for range 45 {
		if err = h.call(context.Background(), http.MethodGet, path, nil, nil); err == nil {
			return
		}
	}
	t.Fatalf("the cluster is not whole again: %v", err)
}
