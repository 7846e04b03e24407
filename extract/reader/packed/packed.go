// Package packed opens ZIP files that strangers made. Sizes that a file states
// about itself are never believed: a [Budget] counts what is really unpacked and
// stops the reading where the limits are.
package packed

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"tuogou/extract/reader/flow"
)

// freely is how much may be unpacked, in bytes, before the ratio counts.
const freely = 16 << 20

// Budget is what may still be unpacked from one file.
type Budget struct {
	left int64
	over *flow.Error
}

// NewBudget is the budget of a file of size bytes.
func NewBudget(size int64, l flow.Limits) *Budget {
	b := &Budget{left: l.Unpacked, over: flow.Errorf("too_large",
		"unpacked it is larger than the limit of %d MiB: look at the file, or raise --limit unpacked", l.Unpacked>>20)}
	if byRatio := max(freely, size*int64(l.Ratio)); byRatio < b.left {
		b.left, b.over = byRatio, flow.Errorf("too_packed",
			"unpacked it is more than %d times as large, as a bomb is: it was not read", l.Ratio)
	}
	return b
}

// ReadAll reads r to its end, or returns the *flow.Error of the limit it runs into.
// Bytes read before another error are returned with it.
func (b *Budget) ReadAll(ctx context.Context, r io.Reader) ([]byte, error) {
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(withContext{ctx, r}, b.left+1))
	if n > b.left {
		b.left = 0
		return nil, b.over
	}
	b.left -= n
	return out.Bytes(), err
}

type withContext struct {
	ctx context.Context
	r   io.Reader
}

// Read reads as long as the context lives.
func (c withContext) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, flow.Errorf("too_slow", "reading took too long and was given up")
	}
	return c.r.Read(p)
}

// Zip is an open package: a DOCX, an XLSX, an OFD.
type Zip struct {
	ctx    context.Context
	budget *Budget
	names  []string
	files  map[string]*zip.File
}

// Open reads the directory of a package. What is no ZIP is an *flow.Error.
func Open(ctx context.Context, data []byte, l flow.Limits) (*Zip, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, flow.Errorf("corrupt", "the directory of the archive is damaged or missing, as after a broken download: fetch it again")
	}
	if len(r.File) > l.Entries {
		return nil, flow.Errorf("too_many", "the archive has %d files, more than the limit of %d", len(r.File), l.Entries)
	}
	z := &Zip{ctx: ctx, budget: NewBudget(int64(len(data)), l), files: map[string]*zip.File{}}
	for _, f := range r.File {
		name := clean(f.Name)
		if _, twice := z.files[name]; twice || strings.HasSuffix(f.Name, "/") {
			continue
		}
		z.files[name] = f
		z.names = append(z.names, name)
	}
	return z, nil
}

// clean is the name that parts refer to each other by: no leading slash, folders
// divided by slashes. Some writers put "word\document.xml" or "/Doc_0/Document.xml".
func clean(name string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
}

// Resolve is the name of the part that target means when it stands in a part of folder base.
func Resolve(base, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return clean(target)
	}
	return clean(path.Join(base, target))
}

// Names are the names of all parts in the order of the directory.
func (z *Zip) Names() []string { return z.names }

// Has says whether there is a part of this name.
func (z *Zip) Has(name string) bool { return z.files[clean(name)] != nil }

// Read unpacks a part. A part that is not there is nil. A damaged part is what
// could be read of it and an error that is no *flow.Error; limits are an *flow.Error.
func (z *Zip) Read(name string) ([]byte, error) {
	f := z.files[clean(name)]
	if f == nil {
		return nil, nil
	}
	if f.Flags&1 != 0 {
		return nil, flow.Errorf("encrypted", "the file opens only with a password: save it without one")
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return z.budget.ReadAll(z.ctx, r)
}

// BaseName is the last part of a name that a stranger gave, without folders, drive
// letters and what no file system takes; "file" when nothing is left.
func BaseName(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
	if name = strings.Trim(name, " ."); name == "" {
		return "file"
	}
	return name
}
