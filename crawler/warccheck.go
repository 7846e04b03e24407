package crawler

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/nlnwa/gowarc"
)

// CheckWARC reads archives as a whole: the length and digests of every record, and
// that every revisit record names one that is there. each gets what is wrong, with
// the name of the file and the record. It returns how many records there are; an
// error is one of reading the files.
func CheckWARC(names []string, each func(file, record, problem string)) (int, error) {
	c := archiveCheck{ids: map[string]bool{}, each: each}
	for _, name := range names {
		if err := c.file(name); err != nil {
			return c.n, err
		}
	}
	for _, r := range c.revisits {
		if !c.ids[r.to] {
			each(r.file, r.id, "repeats the record "+r.to+", which is in none of these archives")
		}
	}
	return c.n, nil
}

type archiveCheck struct {
	ids      map[string]bool
	revisits []revisit
	n        int
	each     func(file, record, problem string)
}

type revisit struct{ file, id, to string }

func (c *archiveCheck) file(name string) error {
	base := filepath.Base(name)
	r, err := openArchive(name, gowarc.WithNoValidation(), gowarc.WithAddMissingDigest(false), gowarc.WithUnknownRecordTypePolicy(gowarc.ErrIgnore))
	if err != nil {
		return fmt.Errorf("read %s: %w", base, err)
	}
	defer r.Close()
	first := c.n
	for {
		rec, at, err := r.next()
		if errors.Is(err, io.EOF) {
			if c.n == first && r.size > 0 {
				c.each(base, "", "it holds no record")
			}
			return nil
		}
		if err != nil {
			c.each(base, fmt.Sprintf("at byte %d", at), "broken, and so is what may follow: "+err.Error())
			return nil
		}
		c.n++
		if problem := c.record(base, rec); problem != "" {
			c.each(base, rec.RecordId(), problem)
		}
	}
}

// record is what is wrong with one record; empty is nothing.
func (c *archiveCheck) record(file string, rec gowarc.WarcRecord) string {
	h := rec.WarcHeader()
	c.ids[rec.RecordId()] = true
	if to := strings.Trim(h.Get(gowarc.WarcRefersTo), "<>"); to != "" && rec.Type() == gowarc.Revisit {
		c.revisits = append(c.revisits, revisit{file, rec.RecordId(), to})
	}
	raw, err := rec.Block().RawBytes()
	if err != nil {
		return "its block cannot be read: " + err.Error()
	}
	block, err := io.ReadAll(raw)
	if err != nil {
		return "its block cannot be read: " + err.Error()
	}
	if want := h.Get(gowarc.ContentLength); want != fmt.Sprint(len(block)) {
		return fmt.Sprintf("its length is said to be %s and is %d", want, len(block))
	}
	if rec.Type() == gowarc.Response && h.Get(gowarc.WarcBlockDigest) == "" && h.Get(gowarc.WarcPayloadDigest) == "" {
		return "it carries no digest by which its bytes could be proved"
	}
	if problem := digestProblem("block", h.Get(gowarc.WarcBlockDigest), block); problem != "" {
		return problem
	}
	if rec.Type() != gowarc.Response || !strings.HasPrefix(h.Get(gowarc.ContentType), "application/http") {
		return ""
	}
	_, payload, ok := bytes.Cut(block, []byte("\r\n\r\n"))
	if !ok {
		return "it holds no answer of a server"
	}
	return digestProblem("payload", h.Get(gowarc.WarcPayloadDigest), payload)
}

func digestProblem(what, said string, data []byte) string {
	if said == "" {
		return ""
	}
	algorithm, want, _ := strings.Cut(said, ":")
	var sum []byte
	switch strings.ToLower(strings.ReplaceAll(algorithm, "-", "")) {
	case "sha1":
		s := sha1.Sum(data)
		sum = s[:]
	case "sha256":
		s := sha256.Sum256(data)
		sum = s[:]
	case "md5":
		s := md5.Sum(data)
		sum = s[:]
	default:
		return "" // by a digest that we do not know
	}
	if strings.EqualFold(want, hex.EncodeToString(sum)) || strings.EqualFold(strings.TrimRight(want, "="), strings.TrimRight(base32.StdEncoding.EncodeToString(sum), "=")) {
		return ""
	}
	return fmt.Sprintf("its %s is not that of its digest %s", what, said)
}
