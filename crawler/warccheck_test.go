package crawler_test

import (
	"crypto/sha1"
	"encoding/base32"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuogou/crawler"
)

func sha1Of(s string) string {
	sum := sha1.Sum([]byte(s))
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// record is a WARC record; more are further headers.
func record(kind, id, block string, more ...string) string {
	head := "WARC/1.1\r\nWARC-Type: " + kind + "\r\nWARC-Record-ID: <urn:uuid:" + id + ">\r\nWARC-Date: 2026-11-25T00:00:00Z\r\n" +
		"WARC-Target-URI: http://www.example.test/1\r\nContent-Type: application/http;msgtype=response\r\n"
	return head + strings.Join(more, "\r\n") + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(block), block)
}

func TestCheckWARC(t *testing.T) {
	const payload = "行业协会商会脱钩"
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + payload
	good := []string{"WARC-Block-Digest: " + sha1Of(answer), "WARC-Payload-Digest: " + sha1Of(payload)}
	for _, c := range []struct{ reason, file, want string }{
		{"a whole one", record("response", "a", answer, good...), ""},
		{"another block than that of its digest", record("response", "a", answer+"!", good[0]), "block"},
		{"another payload", record("response", "a", answer, "WARC-Payload-Digest: "+sha1Of("x")), "payload"},
		{"a repeat of one that is there", record("response", "a", answer, good...) + record("revisit", "b", "", "WARC-Refers-To: <urn:uuid:a>", "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"), ""},
		{"a repeat of one that is not", record("revisit", "b", "", "WARC-Refers-To: <urn:uuid:z>", "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"), "in none"},
	} {
		name := filepath.Join(t.TempDir(), "x.warc")
		if err := os.WriteFile(name, []byte(c.file), 0o644); err != nil {
			t.Fatal(err)
		}
		var said []string
		n, err := crawler.CheckWARC([]string{name}, func(_, record, problem string) { said = append(said, record+" "+problem) })
		if err != nil || n == 0 {
			t.Errorf("%s: %d records, %v", c.reason, n, err)
		}
		if all := strings.Join(said, "\n"); (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
			t.Errorf("%s: said %q, want %q", c.reason, all, c.want)
		}
	}
}
