package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"

	"tuogou/extract/reader/flow"
)

func (u *unpacking) zip(data []byte) error {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return flow.Errorf("corrupt", "the directory of the archive is damaged or missing, as after a broken download: fetch it again")
	}
	if overlapping(r.File) {
		return flow.Errorf("too_packed", "files in the archive overlap, as in a bomb: it was not read")
	}
	for _, f := range r.File {
		if err := u.count(); err != nil {
			return err
		}
		name := nameOf(f)
		switch {
		case f.FileInfo().IsDir() || litter(name):
			continue
		case f.Mode()&fs.ModeType != 0:
			u.links = append(u.links, name)
			continue
		case f.Flags&1 != 0:
			u.locked = append(u.locked, name)
			continue
		}
		b, err := u.unzip(f)
		if err := u.add(name, b, err); err != nil {
			return err
		}
	}
	return nil
}

func (u *unpacking) unzip(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return u.budget.ReadAll(u.ctx, r)
}

// overlapping says whether entries share packed bytes, by which a small archive
// unpacks to a huge one.
func overlapping(files []*zip.File) bool {
	type span struct{ from, to int64 }
	var spans []span
	for _, f := range files {
		at, err := f.DataOffset()
		if err != nil || f.CompressedSize64 == 0 {
			continue
		}
		spans = append(spans, span{at, at + int64(min(f.CompressedSize64, 1<<40))})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return true
		}
	}
	return false
}

// nameOf is the name of an entry: as its flag says, or the extra field with the
// name in UTF-8, or a guess.
func nameOf(f *zip.File) string {
	if f.Flags&0x800 == 0 {
		if name := unicodePath(f.Extra); name != "" {
			return name
		}
	}
	return decode(f.Name)
}

// unicodePath is the name in the extra field 0x7075, which some programs write
// beside the one in the code page of the system.
func unicodePath(extra []byte) string {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if n > len(extra)-4 {
			return ""
		}
		if id == 0x7075 && n > 5 && extra[4] == 1 {
			return string(extra[9 : 4+n])
		}
		extra = extra[4+n:]
	}
	return ""
}
