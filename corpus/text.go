package corpus

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// BlockKind says what part of a page a block is.
type BlockKind string

// The kinds of blocks a reader tells apart.
const (
	BlockTitle   BlockKind = "title"   // the headline of the page or file
	BlockMeta    BlockKind = "meta"    // one field of the page's tags or disclosure block
	BlockPara    BlockKind = "para"    // a paragraph of the text itself
	BlockCell    BlockKind = "cell"    // one cell of a table
	BlockOutside BlockKind = "outside" // page furniture around the text: menus, related links, footers
)

// Block is one paragraph, cell or field of a body. Blocks are in body order,
// do not overlap, and hold no line end except inside a cell.
type Block struct {
	Span Span
	Kind BlockKind
	// Field is the folded name of a meta block (see [Field]); empty elsewhere.
	Field Field
	// Value is the part of a meta block after its label; zero elsewhere.
	Value Span
	// Table counts the tables of the text from 1; Row and Col from 1 within it.
	// All three are 0 outside tables.
	Table, Row, Col int
	// Rows and Cols are how many rows and columns a cell covers; 0 is 1.
	Rows, Cols int
	// Level is 1 to 9 where the file itself marks the block as a heading, 0 where
	// it does not say.
	Level int
	// Page is the page the block begins on, from 1; 0 where its file has none.
	Page int
}

// Field is a fact that a page states about its document, outside the text:
// in its meta tags or in the disclosure block (政府信息公开目录).
type Field string

// The fields, with the labels folded into them listed in rules/page.toml.
const (
	FieldTitle     Field = "title"      // 标题, 信息名称, ArticleTitle
	FieldIndex     Field = "index_no"   // 索引号
	FieldIssuer    Field = "issuer"     // 发文机关, 发布机构
	FieldDocNumber Field = "doc_no"     // 发文字号, 文号
	FieldSigned    Field = "signed"     // 成文日期, 生成日期
	FieldPrinted   Field = "printed"    // 印发日期
	FieldPosted    Field = "posted"     // 发布日期, PubDate
	FieldEffective Field = "effective"  // 生效日期, 施行日期
	FieldAbolished Field = "abolished"  // 废止日期, 失效日期
	FieldValidity  Field = "validity"   // 有效性, 时效性
	FieldTheme     Field = "theme"      // 主题分类
	FieldGenre     Field = "genre"      // 体裁分类, 公文种类
	FieldService   Field = "service"    // 服务对象
	FieldDisclose  Field = "disclosure" // 公开方式
	FieldRegister  Field = "register_no"
	FieldKeywords  Field = "keywords"
	FieldAbstract  Field = "abstract"
	FieldSource    Field = "source"    // 来源, ContentSource: often a newspaper, never the issuer by itself
	FieldSiteName  Field = "site_name" // SiteName
	FieldSiteCode  Field = "site_code" // SiteIDCode, 政府网站标识码
	FieldColumn    Field = "column"    // ColumnName, the breadcrumb
)

// Link is an attachment or related page that a page offers.
type Link struct {
	Title string `json:"title"` // the words of the link
	URL   string `json:"url"`   // absolute where the page's own address is known
}

// Stream is one run of source bytes: a file, an entry of a packed file, a page
// as the engine gives it. All streams of a text follow one another in the
// numbers that a [SourceMap] holds: this one from Base to Base+Size.
type Stream struct {
	Part       int    `json:"part"`           // index into Parts; 0 where there is one file
	Name       string `json:"name"`           // "word/document.xml", "page 3"; "" for a file as it is
	Page       int    `json:"page,omitempty"` // from 1, where the stream is one page; else 0
	Base, Size int    `json:"-"`
}

// StreamAt finds the stream that holds source offset at, and the offset in it.
// ok is false where no stream does.
func (t *Text) StreamAt(at int) (s Stream, off int, ok bool) {
	i := sort.Search(len(t.Streams), func(i int) bool { return t.Streams[i].Base+t.Streams[i].Size > at })
	if i == len(t.Streams) || at < t.Streams[i].Base {
		return Stream{}, 0, false
	}
	return t.Streams[i], at - t.Streams[i].Base, true
}

// Noise is something a reader repaired or took away, for the reader to judge
// how far the text can be trusted.
type Noise struct {
	ID    string `json:"id"` // pinyin, traditional, nul, invalid_utf8, control, …
	Count int    `json:"count"`
}

// Text is the clean body read from one published page or file.
type Text struct {
	// Body is valid UTF-8 with \n line ends, without NUL, in simplified
	// characters. Facts that the page states outside its text (meta tags, the
	// disclosure block) stand in it too, as meta blocks, so that a fact taken
	// from them has a place to point at.
	Body   string
	Blocks []Block
	// Map leads from Body back to the bytes that were read.
	Map SourceMap
	// MediaType and Charset are what the bytes turned out to be, whatever the
	// server or the page called them.
	MediaType string
	Charset   string
	Links     []Link
	// Next are the addresses of the pages that continue this one, in their order.
	Next  []string
	Noise []Noise
	// Parts are the files that the text was read from, in the order of the body:
	// the page itself, its further pages, its attachments. Empty where there is
	// only one file.
	Parts []Part
	// Streams divide the bytes that Map leads to. Empty where they are the bytes
	// of one file as it was read (a page, a plain text).
	Streams []Stream
	// Problems are what a person should know about how the text was read, with
	// the place in the body where there is one.
	Problems []Problem
	// Truncated says that the source itself is cut ("全文详见附件", a preview,
	// a size limit); Why names the sign seen.
	Truncated bool
	Why       string
}

// Check reports the first way in which t breaks its own promises, or nil.
func (t *Text) Check() error {
	if !utf8.ValidString(t.Body) {
		return errors.New("body is not valid UTF-8")
	}
	if strings.ContainsAny(t.Body, "\x00\r") {
		return errors.New("body holds a NUL or a carriage return")
	}
	at := 0
	for i, b := range t.Blocks {
		if err := b.Span.check(t.Body); err != nil {
			return fmt.Errorf("block %d: %w", i, err)
		}
		if b.Span.Start < at {
			return fmt.Errorf("block %d starts at %d, before %d where the last one ends", i, b.Span.Start, at)
		}
		if b.Kind == BlockMeta && !b.Span.Contains(b.Value) {
			return fmt.Errorf("block %d: its value lies outside it", i)
		}
		at = b.Span.End
	}
	return nil
}
