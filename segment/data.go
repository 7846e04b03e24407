package segment

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tuogou/segment/internal/pack"
)

// The packed dictionaries, made by segment/gen. They cannot be embedded from
// the gojieba module itself: go:embed does not reach outside its own module.
var (
	//go:embed data/words.gz
	packedWords []byte
	//go:embed data/numbers.gz
	packedNumbers []byte
	//go:embed data/hmm.gz
	packedHMM []byte
	//go:embed data/sums.txt
	sums string
)

// The two files that cppjieba wants for keyword extraction, which is not used
// here. It aborts the process on an empty one, and reading its own weights
// takes as long as reading the dictionary.
const (
	idfText  = "脱钩 1.0\n"
	stopText = "的\n"
)

// cached are the files of the cache folder; the user words are not among them.
var cached = [...]string{"dict.utf8", "hmm.utf8", "idf.utf8", "stop.utf8"}

// wanted is the sum line of each cached file: SHA-256, size, name.
func wanted() map[string]string {
	want := map[string]string{
		"idf.utf8":  sumLine("idf.utf8", []byte(idfText)),
		"stop.utf8": sumLine("stop.utf8", []byte(stopText)),
	}
	for l := range strings.Lines(sums) {
		l = strings.TrimSpace(l)
		want[l[strings.LastIndexByte(l, ' ')+1:]] = l
	}
	return want
}

func sumLine(name string, data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]) + " " + strconv.Itoa(len(data)) + " " + name
}

// verify reads every cached file in dir and compares it with its sum. Jieba
// aborts the whole process on a file it cannot use, so nothing else is passed.
func verify(dir string) error {
	want := wanted()
	for _, name := range cached {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if sumLine(name, data) != want[name] {
			return fmt.Errorf("%s is not the dictionary it should be", filepath.Join(dir, name))
		}
	}
	return nil
}

// unpack writes the cached files into dir, which exists.
func unpack(dir string) error {
	files, err := unpacked()
	if err != nil {
		return err
	}
	for _, name := range cached {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil {
			return err
		}
	}
	return verify(dir)
}

func unpacked() (map[string][]byte, error) {
	words, err := inflate(packedWords)
	if err != nil {
		return nil, err
	}
	numbers, err := inflate(packedNumbers)
	if err != nil {
		return nil, err
	}
	dict, err := pack.Unpack(words, numbers)
	if err != nil {
		return nil, err
	}
	hmm, err := inflate(packedHMM)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"dict.utf8": dict, "hmm.utf8": hmm,
		"idf.utf8": []byte(idfText), "stop.utf8": []byte(stopText),
	}, nil
}

func inflate(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// install returns a folder that holds the verified dictionaries: the cache
// folder named by their sums where that can be used, else work itself.
//
// The cache folder is made beside its final name and renamed, so that another
// process sees all of it or nothing. One that fails its sums is moved away
// first. Where two processes do this at once, either result is good.
func install(cache, work string) (string, error) {
	if cache != "" {
		dir := filepath.Join(cache, "jieba-"+dataHash()[:16])
		if verify(dir) == nil {
			return dir, nil
		}
		if publish(cache, dir) == nil && verify(dir) == nil {
			return dir, nil
		}
	}
	if err := unpack(work); err != nil {
		return "", err
	}
	return work, nil
}

func publish(cache, dir string) error {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(cache, "new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	fresh, old := filepath.Join(tmp, "fresh"), filepath.Join(tmp, "old")
	if err := os.Mkdir(fresh, 0o755); err != nil {
		return err
	}
	if err := unpack(fresh); err != nil {
		return err
	}
	// Fails where there is nothing to move away, which is the usual case.
	_ = os.Rename(dir, old)
	return os.Rename(fresh, dir)
}

// dataHash names the dictionaries.
func dataHash() string {
	sum := sha256.Sum256([]byte(sums + idfText + stopText))
	return hex.EncodeToString(sum[:])
}
