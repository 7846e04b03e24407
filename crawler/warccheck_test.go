package crawler_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/base32"
	"fmt"
	"io"
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
		{"no digest at all", record("response", "a", answer, "X-Note: none"), "no digest"},
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

// In an archive as the program writes them, packed, no byte can be another one: it is
// told, or what is unpacked is the same.
func TestEveryChangedByteOfAnArchiveIsFound(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n行业协会商会脱钩"
	var file bytes.Buffer
	plain := record("response", "a", answer, "WARC-Block-Digest: "+sha1Of(answer))
	z := gzip.NewWriter(&file)
	if _, err := io.WriteString(z, plain); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "x.warc.gz")
	found := 0
	for i := range file.Bytes() {
		forged := bytes.Clone(file.Bytes())
		forged[i] ^= 0x10
		if err := os.WriteFile(name, forged, 0o644); err != nil {
			t.Fatal(err)
		}
		said := false
		_, err := crawler.CheckWARC([]string{name}, func(string, string, string) { said = true })
		if said || err != nil {
			found++
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(forged))
		if err != nil {
			t.Errorf("byte %d: not told, and it cannot be unpacked: %v", i, err)
			continue
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != plain {
			t.Errorf("byte %d: not told: %v", i, err)
		}
	}
	if found < file.Len()/2 {
		t.Errorf("only %d of %d changes were told", found, file.Len())
	}
}
