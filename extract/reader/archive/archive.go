// Package archive takes the files out of ZIP and RAR archives, to be read on
// their own.
//
// An archive from a stranger says nothing that is believed: names are cut to
// their last part, sizes are counted while unpacking, links and overlapping
// entries are refused. One bad entry costs that entry only. Archives inside are
// handed over like any file; who reads them counts the depth.
package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/packed"
)

// Reader reads ZIP and RAR archives by their content.
type Reader struct{}

var _ flow.Reader = Reader{}

// ReadFile unpacks the archive data.
func (Reader) ReadFile(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	l = l.WithDefaults()
	if int64(len(data)) > l.Bytes {
		return nil, flow.Errorf("too_large", "the file is larger than the limit of %d MiB", l.Bytes>>20)
	}
	u := &unpacking{ctx: ctx, limits: l, budget: packed.NewBudget(int64(len(data)), l), doc: &flow.Document{}}
	var err error
	switch {
	case len(data) == 0:
		return nil, flow.Errorf("empty", "the file is empty")
	case bytes.HasPrefix(data, []byte("PK")):
		err = u.zip(data)
	case bytes.HasPrefix(data, []byte("Rar!\x1a\x07\x00")), bytes.HasPrefix(data, []byte("Rar!\x1a\x07\x01\x00")):
		err = u.rar(data)
	case bytes.HasPrefix(data, []byte("7z\xbc\xaf\x27\x1c")):
		return nil, flow.Errorf("unsupported", "cannot read 7Z: unpack it and read its files, or save it as ZIP")
	default:
		return nil, flow.Errorf("unsupported", "this is no ZIP or RAR")
	}
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, flow.Errorf("too_slow", "unpacking took too long and was given up")
	}
	return u.finish()
}

// unpacking is an archive that is being read into doc.
type unpacking struct {
	ctx     context.Context
	limits  flow.Limits
	budget  *packed.Budget
	doc     *flow.Document
	entries int
	locked  []string // names of entries with a password
	damaged []string
	links   []string
}

// count says whether one more entry is too many.
func (u *unpacking) count() error {
	if u.entries++; u.entries > u.limits.Entries {
		return flow.Errorf("too_many", "the archive has more files than the limit of %d", u.limits.Entries)
	}
	if u.ctx.Err() != nil {
		return flow.Errorf("too_slow", "unpacking took too long and was given up")
	}
	return nil
}

// add hands over what was unpacked of an entry. An error that is a limit ends
// the reading of the archive.
func (u *unpacking) add(name string, data []byte, err error) error {
	var limit *flow.Error
	switch {
	case errors.As(err, &limit):
		return err
	case err != nil:
		u.damaged = append(u.damaged, packed.BaseName(name))
	default:
		u.doc.Files = append(u.doc.Files, flow.File{Name: packed.BaseName(name), Data: data})
	}
	return nil
}

// finish turns what could not be read into problems.
func (u *unpacking) finish() (*flow.Document, error) {
	switch {
	case len(u.doc.Files) > 0:
	case len(u.locked) > 0:
		return nil, flow.Errorf("encrypted", "the archive opens only with a password: unpack it and read its files")
	case len(u.damaged) > 0:
		return nil, flow.Errorf("corrupt", "all files in the archive are damaged: fetch it again")
	default:
		return nil, flow.Errorf("empty", "there is no file in the archive")
	}
	u.problem("encrypted_entry", "files with a password were not read, unpack them: ", u.locked)
	u.problem("damaged_entry", "damaged files were not read, fetch the archive again: ", u.damaged)
	u.problem("linked_entry", "links in the archive were not followed: ", u.links)
	return u.doc, nil
}

func (u *unpacking) problem(id, message string, names []string) {
	const most = 5
	if len(names) == 0 {
		return
	}
	list := strings.Join(names[:min(len(names), most)], ", ")
	if len(names) > most {
		list += fmt.Sprintf(" and others, %d in all", len(names))
	}
	u.doc.Problems = append(u.doc.Problems, flow.Problem{ID: id, Message: message + list})
}

// litter says whether an entry is what systems and programs leave beside the
// files that a person put there.
func litter(name string) bool {
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	switch strings.ToLower(base) {
	case ".ds_store", "thumbs.db", "desktop.ini", "":
		return true
	}
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, "~$") || strings.HasPrefix(base, "._")
}

// decode is the name of an entry that does not say how it is spelled. Programs on
// Chinese Windows write GBK, those on Macs UTF-8 without saying so.
func decode(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().String(name)
	if err != nil {
		return strings.ToValidUTF8(name, "")
	}
	return out
}
