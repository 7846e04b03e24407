package office_test

import (
	"testing"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/office"
)

const (
	bookXML  = `<workbook><sheets><sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>`
	bookRels = `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="b" Type="x/styles" Target="styles.xml"/></Relationships>`
)

func book(t testing.TB, rows, styles string) []byte {
	return zipped(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", bookRels,
		"xl/worksheets/sheet1.xml", "<worksheet>"+rows+"</worksheet>", "xl/styles.xml", styles)
}

func TestFormats(t *testing.T) {
	tests := []struct{ code, value, want string }{
		{`yyyy"年"m"月"d"日"`, "44012", "2020年6月30日"},
		{"[$-804]yyyy/mm/dd;@", "44012", "2020/06/30"},
		{"yyyy-m-d h:mm", "44012.5", "2020-6-30 12:00"},
		{`yyyy"年"m"月"`, "44012", "2020年6月"},
		{"mm:ss", "0.5006944", "01:00"},
		{"aaaa", "44012", ""}, // unknown letters are no date
		{"0%", "0.5", "50%"},
		{"#,##0.00", "1234567.5", "1,234,567.50"},
		{"0.0_ ", "-2.25", "-2.2"},
		{"General", "0.30000000000000004", "0.3"},
		{"General", "2019", "2019"},
		{"yyyy", "1e300", "1e300"}, // no day
	}
	for _, tt := range tests {
		styles := `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="` + quote(tt.code) + `"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>`
		doc := flowtest.Read(t, office.Reader{}, book(t, `<sheetData><row r="1"><c r="A1" s="0"><v>`+tt.value+`</v></c></row></sheetData>`, styles))
		got := ""
		for _, c := range doc.Lines[len(doc.Lines)-1].Chars {
			got += string(c.R)
		}
		if got != tt.want && tt.want != "" {
			t.Errorf("%s as %s: got %q, want %q", tt.value, tt.code, got, tt.want)
		}
	}
}

func quote(s string) string {
	out := ""
	for _, r := range s {
		if r == '"' {
			out += "&quot;"
			continue
		}
		out += string(r)
	}
	return out
}

// TestCellLimit: a sheet with more cells than allowed is read up to there.
func TestCellLimit(t *testing.T) {
	data := book(t, `<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row><row r="1048576"><c r="B1048576"><v>3</v></c></row></sheetData>`, "")
	doc, err := office.Reader{}.ReadFile(t.Context(), data, flow.Limits{Cells: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := flowtest.Text(doc); got != "表\n1 | 2" || problems(doc) != "cells_left_out" {
		t.Errorf("got %q, %s", got, problems(doc))
	}
}

func FuzzXLSX(f *testing.F) {
	data := fixture(f, "features.xlsx")
	f.Add(part(f, data, "xl/worksheets/sheet1.xml"), part(f, data, "xl/styles.xml"))
	f.Fuzz(func(t *testing.T, sheet, styles string) {
		flowtest.Hostile(t, office.Reader{}, zipped(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", bookRels,
			"xl/worksheets/sheet1.xml", sheet, "xl/styles.xml", styles), small)
	})
}
