package corpus

import (
	"errors"
	"fmt"
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
	Noise     []Noise
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
