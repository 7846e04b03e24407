package prove

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// mostSheet bounds what one sheet may unpack to, in bytes.
const mostSheet = 512 << 20

// xlsx proves each sheet like a table. It reads the workbooks that the program writes:
// words in the cells themselves, days as numbers.
func (f *fileProver) xlsx(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
	}
	for _, file := range z.File {
		name, ok := strings.CutPrefix(file.Name, "xl/worksheets/")
		if !ok || !strings.HasSuffix(name, ".xml") {
			continue
		}
		in, err := file.Open()
		if err == nil {
			err = f.sheet(strings.TrimSuffix(name, ".xml"), io.LimitReader(in, mostSheet))
			in.Close()
		}
		if err != nil {
			return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
		}
	}
	return nil
}

func (f *fileProver) sheet(name string, in io.Reader) error {
	var t table
	d := xml.NewDecoder(in)
	for n := 1; ; n++ {
		row, err := nextRow(d)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n == 1 {
			t = f.table(row)
			continue
		}
		if err := f.row(fmt.Sprintf("%s row %d", name, n), t, row); err != nil {
			return err
		}
	}
}

// nextRow is the cells of the next row, io.EOF after the last.
func nextRow(d *xml.Decoder) ([]string, error) {
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "row" {
			continue
		}
		var r struct {
			Cells []struct {
				Ref   string   `xml:"r,attr"`
				Value string   `xml:"v"`
				Words []string `xml:"is>t"`
			} `xml:"c"`
		}
		if err := d.DecodeElement(&r, &e); err != nil {
			return nil, err
		}
		var row []string
		for _, c := range r.Cells {
			text := strings.Join(c.Words, "")
			if c.Value != "" {
				text = dayOf(c.Value)
			}
			at := len(row)
			if i, ok := columnOf(c.Ref); ok && i >= at && i < 1<<14 {
				at = i
			}
			for len(row) < at { // a cell that was taken out leaves its place
				row = append(row, "")
			}
			row = append(row, text)
		}
		return row, nil
	}
}

// columnOf is the number of the column that a reference (AB12) names, from 0.
func columnOf(ref string) (int, bool) {
	n := 0
	for i, c := range ref {
		if c < 'A' || c > 'Z' {
			return n - 1, i > 0
		}
		n = n*26 + int(c-'A') + 1
	}
	return 0, false
}

// dayOf is the day that a number of Excel means; the number itself where it is none.
func dayOf(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil {
		return s
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
}
