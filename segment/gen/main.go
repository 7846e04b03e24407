// Command gen makes the packed dictionaries of package segment from the ones
// that come with the gojieba module named in go.mod:
//
//	go run ./segment/gen -out segment/data
//
// It is run by hand after a change of that module's version. The sums it
// writes are those of the files as jieba reads them, so a change shows there.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tuogou/segment/internal/pack"
)

const module = "github.com/yanyiwu/gojieba"

func main() {
	log.SetFlags(0)
	out := flag.String("out", "segment/data", "folder to write to")
	flag.Parse()
	if err := run(*out); err != nil {
		log.Fatal("gen: ", err)
	}
}

func run(out string) error {
	dir, err := moduleDir()
	if err != nil {
		return err
	}
	files, err := generate(filepath.Join(dir, "deps", "cppjieba", "dict"))
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return err
		}
		fmt.Printf("%s: %d bytes\n", name, len(data))
	}
	return nil
}

func moduleDir() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("find module %s: %w", module, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// generate is the packed files by name, from the dictionaries in dir.
func generate(dir string) (map[string][]byte, error) {
	dict, err := os.ReadFile(filepath.Join(dir, "jieba.dict.utf8"))
	if err != nil {
		return nil, err
	}
	hmm, err := os.ReadFile(filepath.Join(dir, "hmm_model.utf8"))
	if err != nil {
		return nil, err
	}
	words, numbers, err := pack.Pack(dict)
	if err != nil {
		return nil, err
	}
	plain, err := pack.Unpack(words, numbers)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{
		"sums.txt": []byte(sum("dict.utf8", plain) + sum("hmm.utf8", hmm)),
	}
	for name, data := range map[string][]byte{"words.gz": words, "numbers.gz": numbers, "hmm.gz": hmm} {
		if files[name], err = compress(data); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func sum(name string, data []byte) string {
	return fmt.Sprintf("%x %d %s\n", sha256.Sum256(data), len(data), name)
}

func compress(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
