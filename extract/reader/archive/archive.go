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
		return nil, flow.Errorf("too_large", "文件超过 %d MiB 的上限", l.Bytes>>20)
	}
	u := &unpacking{ctx: ctx, limits: l, budget: packed.NewBudget(int64(len(data)), l), doc: &flow.Document{}}
	var err error
	switch {
	case len(data) == 0:
		return nil, flow.Errorf("empty", "文件是空的")
	case bytes.HasPrefix(data, []byte("PK")):
		err = u.zip(data)
	case bytes.HasPrefix(data, []byte("Rar!\x1a\x07\x00")), bytes.HasPrefix(data, []byte("Rar!\x1a\x07\x01\x00")):
		err = u.rar(data)
	case bytes.HasPrefix(data, []byte("7z\xbc\xaf\x27\x1c")):
		return nil, flow.Errorf("unsupported", "不能读取 7z 压缩包，请解压后再读其中的文件，或改存为 ZIP")
	default:
		return nil, flow.Errorf("unsupported", "不是 ZIP 或 RAR 压缩包")
	}
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, flow.Errorf("too_slow", "解压超时，没有读完")
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
		return flow.Errorf("too_many", "压缩包里的文件超过 %d 个的上限", u.limits.Entries)
	}
	if u.ctx.Err() != nil {
		return flow.Errorf("too_slow", "解压超时，没有读完")
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
		return nil, flow.Errorf("encrypted", "压缩包有密码，请解压后再读其中的文件")
	case len(u.damaged) > 0:
		return nil, flow.Errorf("corrupt", "压缩包里的文件都已损坏，请重新下载")
	default:
		return nil, flow.Errorf("empty", "压缩包里没有文件")
	}
	u.problem("encrypted_entry", "压缩包里有密码的文件没有读取，请解压后另读：", u.locked)
	u.problem("damaged_entry", "压缩包里损坏的文件没有读取，请重新下载：", u.damaged)
	u.problem("linked_entry", "压缩包里的链接没有读取：", u.links)
	return u.doc, nil
}

func (u *unpacking) problem(id, message string, names []string) {
	const most = 5
	if len(names) == 0 {
		return
	}
	list := strings.Join(names[:min(len(names), most)], "、")
	if len(names) > most {
		list += fmt.Sprintf("等 %d 个", len(names))
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
