package reader

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"path"
	"regexp"
	"strings"

	"tuogou/corpus"
	"tuogou/extract/reader/flow"
)

// format is one media type. One that cannot be read yet has no read function
// and says so in words for the user.
type format struct {
	mediaType string
	read      func(*Reader, Input) (*corpus.Text, error)
	refusal   string
}

func (f format) errorID() string {
	if f.mediaType == "application/octet-stream" {
		return "binary"
	}
	return "unsupported"
}

// formats is the table of all media types. Those without a function are read
// by [Options.Files], where it has a reader for them.
func formats() []format {
	other := func(mediaType, name string) format {
		return format{mediaType: mediaType, refusal: "cannot read " + name + ": save it as text or HTML, or keep it as an attachment"}
	}
	return []format{
		{mediaType: "text/plain", read: (*Reader).readPlain},
		{mediaType: "text/html", read: (*Reader).readHTML},
		other("application/pdf", "PDF"),
		other("application/x-ole-storage", "DOC, WPS or XLS"),
		other("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
		other("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
		other("application/ofd", "OFD"),
		other("application/zip", "ZIP"),
		other("application/x-rar-compressed", "RAR"),
		other("application/x-7z-compressed", "7Z"),
		other("application/rtf", "RTF"),
		{mediaType: "application/json", read: (*Reader).readJSON},
		other("image", "images"),
		{mediaType: "application/octet-stream", refusal: "the file holds binary data, not text"},
	}
}

func formatOf(mediaType string) format {
	list := formats()
	for _, f := range list {
		if f.mediaType == mediaType {
			return f
		}
	}
	return list[len(list)-1]
}

// unpack takes off gzip, which servers send unasked, at most twice.
func (r *Reader) unpack(data []byte) ([]byte, error) {
	for range 2 {
		if int64(len(data)) > r.limits.Bytes {
			return nil, flow.Errorf("too_large", "the file has %d bytes, more than %d", len(data), r.limits.Bytes)
		}
		if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
			break
		}
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return data, nil // two odd bytes, no gzip
		}
		// A stream that breaks off still gives what stands before the break.
		out, err := io.ReadAll(io.LimitReader(z, r.limits.Bytes+1))
		if err != nil && len(out) == 0 {
			return nil, flow.Errorf("corrupt", "unpack gzip: %v", err)
		}
		data = out
	}
	if int64(len(data)) > r.limits.Bytes {
		return nil, flow.Errorf("too_large", "the unpacked file has more than %d bytes", r.limits.Bytes)
	}
	return data, nil
}

// sniff finds the media type: magic bytes, then content, then what server and
// name say.
func sniff(data []byte, in Input) format {
	if t := magic(data); t != "" {
		return formatOf(t)
	}
	if looksBinary(data) {
		return formatOf("application/octet-stream")
	}
	head := data[:min(len(data), 4096)]
	sent, _, _ := mime.ParseMediaType(in.Type)
	ext := strings.ToLower(path.Ext(in.Name))
	switch {
	case jsonText.Match(bytes.TrimSpace(head)):
		return formatOf("application/json")
	case htmlHead(head):
		return formatOf("text/html")
	case jsonHead(head) && (strings.HasSuffix(sent, "json") || ext == ".json"):
		return formatOf("application/json")
	case htmlName(sent, ext) && bytes.IndexByte(data, '<') >= 0:
		return formatOf("text/html")
	}
	return formatOf("text/plain")
}

func htmlName(sent, ext string) bool {
	switch ext {
	case ".htm", ".html", ".shtml", ".jhtml", ".xhtml":
		return true
	}
	return sent == "text/html" || sent == "application/xhtml+xml"
}

// htmlHead looks for real tags: plans write 《…<…>的通知》 with bare angles too.
func htmlHead(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		head = bytes.ReplaceAll(head, []byte{0}, nil)
	}
	return realTag.Match(head)
}

var realTag = regexp.MustCompile(`(?i)<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|script|br|span)[\s/>]`)

func jsonHead(head []byte) bool {
	head = bytes.TrimSpace(head)
	return len(head) > 0 && (head[0] == '{' || head[0] == '[')
}

// jsonText is an object that begins with a key, with the call of a function
// around it or not: interfaces name it HTML or plain text as well.
var jsonText = regexp.MustCompile(`^(?:[\w.$]{1,80}\s*\(\s*)?[\[{][\s\[{]*"[^"]{1,60}"\s*:`)

// magic names the types that are known by their first bytes, or "".
func magic(data []byte) string {
	for _, m := range []struct{ prefix, mediaType string }{
		{"%PDF", "application/pdf"},
		{"\xD0\xCF\x11\xE0", "application/x-ole-storage"},
		{"Rar!\x1a\x07", "application/x-rar-compressed"},
		{"7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"},
		{"{\\rtf", "application/rtf"},
		{"\x89PNG", "image"}, {"\xFF\xD8\xFF", "image"}, {"GIF8", "image"}, {"II*\x00", "image"}, {"MM\x00*", "image"},
	} {
		if bytes.HasPrefix(data, []byte(m.prefix)) {
			return m.mediaType
		}
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return zipType(data)
	}
	// Some servers put a line before the file, which readers of PDF look past.
	if at := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-1.")); at > 0 && !htmlHead(data[:at]) {
		return "application/pdf"
	}
	return ""
}

// zipType tells office files from plain archives by the names inside.
func zipType(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "application/zip"
	}
	for _, f := range z.File {
		switch {
		case f.Name == "OFD.xml":
			return "application/ofd"
		case strings.HasPrefix(f.Name, "word/"):
			return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		case strings.HasPrefix(f.Name, "xl/"):
			return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		}
	}
	return "application/zip"
}

// looksBinary reports whether a third of the first bytes are control
// characters; of a large file a twentieth is enough, for chance gives a tenth and no
// text has so many. Ten megabytes of chance took minutes and gigabytes to clean. NUL
// alone is not enough: some pages are padded with it, and UTF-16 is full of it.
func looksBinary(data []byte) bool {
	head := data[:min(len(data), 1<<16)]
	if utf16Mark(head) != "" {
		return false
	}
	control := 0
	for _, b := range head {
		if b != 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b {
			control++
		}
	}
	if len(head) == 1<<16 {
		return control*20 > len(head)
	}
	return control*3 > len(head)
}
