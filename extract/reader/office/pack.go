package office

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/packed"
	"tuogou/extract/reader/xmlscan"
)

// pack is an Office Open XML package that is being read into doc.
type pack struct {
	*packed.Zip
	ctx    context.Context
	limits flow.Limits
	doc    *flow.Document
}

// rel is a relationship: what another part is to this one, and its name.
type rel struct {
	kind   string // last part of the type's address, the same in the transitional and the strict form
	target string
}

// rels are the relationships of a part by their ids.
func (p *pack) rels(part string) map[string]rel {
	dir, file := path.Split(part)
	data, err := p.Read(dir + "_rels/" + file + ".rels")
	out := map[string]rel{}
	if err != nil {
		return out
	}
	s := xmlscan.New(xmlscan.UTF8(data), p.limits.Nesting)
	s.Root()
	s.Each(func(string) {
		if s.Attr("TargetMode") != "External" {
			out[s.Attr("Id")] = rel{path.Base(s.Attr("Type")), packed.Resolve(dir, s.Attr("Target"))}
		}
	})
	return out
}

// mainPart is the part that the package is about.
func (p *pack) mainPart() string {
	for _, r := range p.rels("") {
		if r.kind == "officeDocument" && p.Has(r.target) {
			return r.target
		}
	}
	for _, name := range []string{"word/document.xml", "xl/workbook.xml"} {
		if p.Has(name) {
			return name
		}
	}
	return ""
}

// kind is the name of the outermost element of a part: "document", "workbook".
func (p *pack) kind(part string) string {
	switch {
	case part == "":
		return ""
	case strings.HasPrefix(part, "xl/"):
		return "workbook"
	case strings.HasPrefix(part, "word/"):
		return "document"
	}
	data, err := p.Read(part)
	if err != nil {
		return ""
	}
	return xmlscan.New(xmlscan.UTF8(data), p.limits.Nesting).Root()
}

// target is the part of one kind that another one relates to.
func target(rels map[string]rel, kind string) string {
	var out []string
	for _, r := range rels {
		if r.kind == kind {
			out = append(out, r.target)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return slices.Min(out)
}

// open reads a part for its text. A damaged part is read as far as it goes.
func (p *pack) open(name string) ([]byte, error) {
	data, err := p.Read(name)
	var limit *flow.Error
	if errors.As(err, &limit) {
		return nil, err
	}
	if err != nil {
		p.problem("damaged_part", "in the file, "+name+" is damaged: only its beginning was read")
	}
	return xmlscan.UTF8(data), nil
}

// stream adds a part as a stream and returns its index.
func (p *pack) stream(name string, data []byte) int {
	p.doc.Streams = append(p.doc.Streams, flow.Stream{Name: name, Coding: flow.XML, Data: data})
	return len(p.doc.Streams) - 1
}

// loses reports whether some of the text is missing after a problem.
func loses(id string) bool {
	return id == "damaged_part" || id == "too_deep" || id == "cells_left_out"
}

// problem adds a problem, each id once.
func (p *pack) problem(id, message string) {
	for _, q := range p.doc.Problems {
		if q.ID == id {
			return
		}
	}
	p.doc.Problems = append(p.doc.Problems, flow.Problem{ID: id, Message: message, Lost: loses(id)})
}

// finished looks at how the walk through a part ended.
func (p *pack) finished(s *xmlscan.Scanner, name string) {
	if s.Deep() {
		p.problem("too_deep", "in the file, "+name+" is nested too deep: what lies deeper was not read")
	}
	if s.Incomplete() {
		p.problem("damaged_part", "in the file, "+name+" breaks off: only its beginning was read")
	}
}

// props reads what the package says about itself.
func (p *pack) props() {
	part := target(p.rels(""), "core-properties")
	data, err := p.Read(part)
	if err != nil || data == nil {
		return
	}
	s := xmlscan.New(xmlscan.UTF8(data), p.limits.Nesting)
	s.Root()
	s.Each(func(name string) {
		switch name {
		case "title":
			p.doc.Props.Title = s.String()
		case "creator":
			p.doc.Props.Author = s.String()
		case "created":
			p.doc.Props.Created = s.String()
		case "modified":
			p.doc.Props.Modified = s.String()
		}
	})
}

// embedded hands over the files inside this one that can be documents.
func (p *pack) embedded(folder string) {
	for _, name := range p.Names() {
		if !strings.HasPrefix(name, folder) {
			continue
		}
		data, err := p.Read(name)
		if err != nil || len(data) == 0 {
			p.problem("embedded_unread", "some files embedded in this one were not read")
			continue
		}
		if f, ok := embeddedFile(path.Base(name), data); ok {
			p.doc.Files = append(p.doc.Files, f)
		}
	}
}
