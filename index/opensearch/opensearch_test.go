package opensearch

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tuogou/index"
	"tuogou/index/indextest/enginetest"
)

// server is the address of a cluster for tests, which scripts/opensearch-for-tests
// starts. Each test uses indices of its own and removes them.
func server(t testing.TB) []string {
	t.Helper()
	if testing.Short() {
		t.Skip("not in short runs")
	}
	a := os.Getenv("TUOGOU_TEST_OPENSEARCH")
	if a == "" {
		t.Skip("no OpenSearch: TUOGOU_TEST_OPENSEARCH is not set; scripts/opensearch-for-tests starts one where java and mvn are")
	}
	return strings.Split(a, ",")
}

func home(t testing.TB, c Config) *Home {
	t.Helper()
	if c.Addresses == nil {
		c.Addresses = server(t)
	}
	c.Name = fmt.Sprintf("test-%d", time.Now().UnixNano())
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.call(context.Background(), http.MethodDelete, "/"+c.Name+"-*?ignore_unavailable=true", nil, nil); err != nil {
			t.Error(err)
		}
		h.Close()
	})
	return h
}

func TestOpenSearchIsAnEngine(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) index.Home { return home(t, Config{Shards: 2}) })
}

// Whatever is asked, the answers of both engines are the same to the last digit.
func TestAnswersAreThoseOfTheFolder(t *testing.T) {
	records := enginetest.Records(200)
	got := enginetest.Fill(t, home(t, Config{Shards: 2}), records)
	enginetest.Same(t, enginetest.Fill(t, index.Folder(filepath.Join(t.TempDir(), "index")), records), got)
}
