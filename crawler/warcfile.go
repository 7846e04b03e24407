package crawler

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nlnwa/gowarc"
)

// archiveFile reads the records of a WARC file, packed or not.
type archiveFile struct {
	file   *os.File
	reader *gowarc.WarcFileReader
	packed *untilBroken // nil where it is not packed
	size   int64        // of the file, in bytes
}

// openArchive unpacks by itself: where packed bytes are damaged, the library would read
// the same empty line forever.
func openArchive(name string, opts ...gowarc.WarcRecordOption) (*archiveFile, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	a, err := archiveOver(file, opts...)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return a, nil
}

func archiveOver(file *os.File, opts ...gowarc.WarcRecordOption) (*archiveFile, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", file.Name())
	}
	a := &archiveFile{file: file, size: info.Size()}
	buffered := bufio.NewReader(file)
	var in io.Reader = buffered
	if magic, err := buffered.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		a.packed = &untilBroken{}
		if a.packed.in, a.packed.err = gzip.NewReader(buffered); a.packed.err != nil {
			a.packed.in = bytes.NewReader(nil)
		}
		in = a.packed
	}
	a.reader, err = gowarc.NewWarcFileReaderFromStream(in, 0, opts...)
	return a, err
}

// next is the next record, io.EOF after the last. The library panics at some broken
// heads ("WARC/\n0"); that is an error like others.
func (a *archiveFile) next() (rec gowarc.WarcRecord, at int64, err error) {
	defer func() {
		if p := recover(); p != nil {
			rec, err = nil, fmt.Errorf("broken record: %v", p)
		}
	}()
	rec, at, _, err = a.reader.Next()
	if broken := a.broken(); broken != nil && (rec == nil || errors.Is(err, io.EOF)) {
		return nil, at, broken
	}
	if err == nil && rec == nil {
		err = io.EOF
	}
	return rec, at, err
}

// broken says why packed bytes could not be unpacked to the end, so far.
func (a *archiveFile) broken() error {
	if a.packed == nil {
		return nil
	}
	return a.packed.err
}

func (a *archiveFile) Close() error {
	return errors.Join(a.reader.Close(), a.file.Close())
}

// untilBroken ends where the bytes below it cannot be read, and keeps why.
type untilBroken struct {
	in  io.Reader
	err error
}

func (u *untilBroken) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	if err != nil && err != io.EOF {
		u.err, err = err, io.EOF
	}
	return n, err
}
