// Package ofd reads OFD, the format of GB/T 33190 for documents as they are
// printed: a ZIP of XML in which each page draws its characters at their places.
//
// Lines become paragraphs and rules become tables by the layout of package pdf,
// so that a document reads the same in both formats. A stream is the content of
// one page, templates behind it; characters point at their bytes in that XML.
// Seals and annotations stand in files of their own and are no text.
package ofd

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/packed"
	"tuogou/extract/reader/pdf"
	"tuogou/extract/reader/xmlscan"
)

// Reader reads OFD files. The zero value works.
type Reader struct{}

var _ flow.Reader = Reader{}

// file is an OFD that is being read into doc.
type file struct {
	*packed.Zip
	ctx       context.Context
	limits    flow.Limits
	doc       *flow.Document
	pages     []pdf.Drawn
	templates map[string]string // of the document at hand, by id
	box       []float64
	pictures  int // pages that hold pictures only
}

// ReadFile reads all documents of an OFD, one after the other.
func (Reader) ReadFile(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	l = l.WithDefaults()
	switch {
	case len(data) == 0:
		return nil, flow.Errorf("empty", "the file is empty")
	case int64(len(data)) > l.Bytes:
		return nil, flow.Errorf("too_large", "the file is larger than the limit of %d MiB", l.Bytes>>20)
	}
	z, err := packed.Open(ctx, data, l)
	if err != nil {
		return nil, err
	}
	f := &file{Zip: z, ctx: ctx, limits: l, doc: &flow.Document{}}
	roots, err := f.roots()
	if err != nil {
		return nil, err
	}
	for _, root := range roots {
		if err := f.document(root); err != nil {
			return nil, err
		}
	}
	if len(f.pages) == 0 {
		return nil, flow.Errorf("corrupt", "the OFD file has no page that can be read")
	}
	pdf.Lay(f.doc, f.pages, flow.XML)
	if f.pictures > 0 {
		f.problem("pages_without_text", fmt.Sprintf("%d pages are pictures without text: find a version with text", f.pictures))
	}
	if ctx.Err() != nil {
		return nil, flow.Errorf("too_slow", "reading took too long and was given up")
	}
	return f.doc, nil
}

func (f *file) problem(id, message string) {
	if !slices.ContainsFunc(f.doc.Problems, func(p flow.Problem) bool { return p.ID == id }) {
		f.doc.Problems = append(f.doc.Problems, flow.Problem{ID: id, Message: message, Lost: true})
	}
}

// open starts a part. A part that is not there has no elements.
func (f *file) open(name string) (*xmlscan.Scanner, []byte, error) {
	data, err := f.Read(name)
	var limit *flow.Error
	if errors.As(err, &limit) {
		return nil, nil, err
	}
	if err != nil || data == nil {
		f.problem("ofd_part_lost", "in the OFD file, "+name+" is missing or damaged: the text may not be whole")
	}
	data = xmlscan.UTF8(data)
	return xmlscan.New(data, f.limits.Nesting), data, nil
}

// roots reads OFD.xml: what the file says about itself, and its documents.
func (f *file) roots() ([]string, error) {
	if !f.Has("OFD.xml") {
		return nil, flow.Errorf("unsupported", "there is no OFD.xml inside: this is no OFD file")
	}
	s, _, err := f.open("OFD.xml")
	if err != nil {
		return nil, err
	}
	var out []string
	if s.Root() == "OFD" {
		s.Each(func(string) {
			s.Each(func(name string) {
				switch name {
				case "DocInfo":
					f.info(s)
				case "DocRoot":
					out = append(out, packed.Resolve("", s.String()))
				}
			})
		})
	}
	switch {
	case len(out) > 0 && f.Has(out[0]):
		return out, nil
	case f.Has("Encryptions.xml") || f.Has("Encrypt.xml"):
		return nil, flow.Errorf("encrypted", "the OFD file is encrypted: find a version that is not")
	}
	return nil, flow.Errorf("corrupt", "the OFD file is damaged: it does not say where its document begins")
}

func (f *file) info(s *xmlscan.Scanner) {
	s.Each(func(name string) {
		p := &f.doc.Props
		switch name {
		case "Title":
			p.Title = s.String()
		case "Author":
			p.Author = s.String()
		case "CreationDate":
			p.Created = s.String()
		case "ModDate":
			p.Modified = s.String()
		}
	})
}

// document reads one document by its root part.
func (f *file) document(root string) error {
	s, _, err := f.open(root)
	if err != nil {
		return err
	}
	dir := path.Dir(root)
	f.templates, f.box = map[string]string{}, []float64{0, 0, 210, 297}
	var pages []string
	attachments := ""
	s.Root()
	s.Each(func(name string) {
		switch name {
		case "CommonData":
			s.Each(func(name string) {
				switch name {
				case "PageArea":
					f.area(s, &f.box)
				case "TemplatePage":
					f.templates[s.Attr("ID")] = packed.Resolve(dir, s.Attr("BaseLoc"))
				}
			})
		case "Pages":
			s.Each(func(string) { pages = append(pages, packed.Resolve(dir, s.Attr("BaseLoc"))) })
		case "Attachments":
			attachments = packed.Resolve(dir, s.String())
		}
	})
	if len(f.pages)+len(pages) > f.limits.Pages {
		return flow.Errorf("too_many", "the OFD file has more pages than the limit of %d", f.limits.Pages)
	}
	for _, part := range pages {
		if f.ctx.Err() != nil {
			return flow.Errorf("too_slow", "reading took too long and was given up")
		}
		if err := f.page(part); err != nil {
			return err
		}
	}
	if attachments != "" {
		return f.attachments(attachments)
	}
	return nil
}

// area reads the size of the paper.
func (f *file) area(s *xmlscan.Scanner, box *[]float64) {
	s.Each(func(name string) {
		if name == "PhysicalBox" {
			if b := numbers(s.String()); len(b) == 4 && b[2] > 0 && b[3] > 0 {
				*box = b
			}
		}
	})
}

// attachments hands over the files that are attached to a document.
func (f *file) attachments(part string) error {
	s, _, err := f.open(part)
	if err != nil {
		return err
	}
	s.Root()
	s.Each(func(string) {
		name, loc := s.Attr("Name"), ""
		s.Each(func(string) { loc = packed.Resolve(path.Dir(part), s.String()) })
		data, e := f.Read(loc)
		var limit *flow.Error
		switch {
		case errors.As(e, &limit):
			err = e
		case e != nil || len(data) == 0:
			f.problem("ofd_part_lost", "in the OFD file, the attachment "+packed.BaseName(name)+" is missing or damaged")
		default:
			if path.Ext(name) == "" {
				name += path.Ext(loc)
			}
			f.doc.Files = append(f.doc.Files, flow.File{Name: packed.BaseName(name), Data: data})
		}
	})
	return err
}
