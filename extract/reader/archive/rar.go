package archive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/nwaples/rardecode/v2"

	"tuogou/extract/reader/flow"
)

// dictionary is the most memory, in bytes, that unpacking may ask for.
const dictionary = 64 << 20

func (u *unpacking) rar(data []byte) (err error) {
	defer func() {
		if recover() != nil { // see patient; and a decoder may run over its tables
			err = u.broken()
		}
	}()
	r, err := rardecode.NewReader(&patient{ctx: u.ctx, r: bytes.NewReader(data)}, rardecode.MaxDictionarySize(dictionary))
	if err != nil {
		return refused(err)
	}
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			if e := refused(err); e.ID == "encrypted" {
				return e
			}
			return u.broken()
		}
		if err := u.count(); err != nil {
			return err
		}
		name := decode(h.Name)
		switch {
		case h.IsDir || litter(name):
			continue
		case h.Mode()&fs.ModeType != 0:
			u.links = append(u.links, name)
			continue
		case h.Encrypted || h.HeaderEncrypted:
			u.locked = append(u.locked, name)
			continue
		}
		b, err := u.budget.ReadAll(u.ctx, r)
		if err := u.add(name, b, err); err != nil {
			return err
		}
	}
}

// patient reads for the decoder, which on damaged files may ask for more behind
// the end without end, and knows no context. Then its reading panics, which rar
// turns into an error.
type patient struct {
	ctx context.Context
	r   *bytes.Reader
	eof int
}

// Read reads on.
func (p *patient) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if n == 0 {
		p.eof++
	}
	if p.eof > 100 || p.ctx.Err() != nil {
		panic("read behind the end")
	}
	return n, err
}

// broken ends the reading of an archive in the middle: what came before stays.
func (u *unpacking) broken() error {
	if len(u.doc.Files) == 0 {
		return flow.Errorf("corrupt", "the archive is damaged or breaks off: fetch it again")
	}
	last := u.doc.Files[len(u.doc.Files)-1].Name
	u.problem("damaged_archive", "the archive is damaged behind this file, the last one that was read: ", []string{last})
	return nil
}

func refused(err error) *flow.Error {
	switch {
	case errors.Is(err, rardecode.ErrArchiveEncrypted), errors.Is(err, rardecode.ErrBadPassword):
		return flow.Errorf("encrypted", "the archive opens only with a password: unpack it and read its files")
	case errors.Is(err, rardecode.ErrFileNameRequired), errors.Is(err, rardecode.ErrBadVolumeNumber):
		return flow.Errorf("unsupported", "this is one volume of several: unpack all together and read the files")
	case errors.Is(err, rardecode.ErrDictionaryTooLarge):
		return flow.Errorf("too_packed", "unpacking needs more memory than the limit of %d MiB", dictionary>>20)
	}
	return flow.Errorf("corrupt", "the archive is damaged or breaks off: fetch it again")
}
