package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"tuogou/crawler"
	"tuogou/extract/reader/archive"
	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/ofd"
	"tuogou/extract/reader/office"
	"tuogou/extract/reader/pdf"
	"tuogou/extract/reader/program"
)

// beyond are the programs that read what the binary alone cannot. A path is
// empty where the program is not installed.
type beyond struct {
	tesseract string // scans
	soffice   string // XLS, Word 6 and 95
}

// install says how to get what is missing.
const (
	installTesseract = "for scans install tesseract with Chinese (Debian, Ubuntu: apt install tesseract-ocr tesseract-ocr-chi-sim), then: tuogou extract --retry"
	installSoffice   = "for XLS and Word 6 files install LibreOffice (Debian, Ubuntu: apt install libreoffice-calc libreoffice-writer), then: tuogou extract --retry"
)

func findBeyond() beyond {
	look := func(name string) string {
		path, err := exec.LookPath(name)
		if err != nil {
			return ""
		}
		return path
	}
	return beyond{tesseract: look("tesseract"), soffice: look("soffice")}
}

// cacheDir is a folder for what is made once on a machine; empty where there is none.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "tuogou")
}

// files are the readers of file formats.
func (a *app) files() map[string]flow.Reader {
	if a.pdf == nil {
		a.pdf = &pdf.Reader{Cache: cacheDir(), OCR: a.ocr()}
	}
	office := office.Reader{Convert: converter()}
	const openxml = "application/vnd.openxmlformats-officedocument."
	return map[string]flow.Reader{
		"application/pdf":                     a.pdf,
		"image":                               pdf.Images{OCR: a.ocr()},
		"application/x-ole-storage":           office,
		"application/rtf":                     office,
		openxml + "wordprocessingml.document": office,
		openxml + "spreadsheetml.sheet":       office,
		"application/ofd":                     ofd.Reader{},
		"application/zip":                     archive.Reader{},
		"application/x-rar-compressed":        archive.Reader{},
		"application/x-7z-compressed":         archive.Reader{},
	}
}

// converter turns XLS and old Word files into new ones, or is nil where
// LibreOffice is missing.
func converter() func(context.Context, []byte, string, string) ([]byte, error) {
	if path := findBeyond().soffice; path != "" {
		return program.Soffice{Path: path}.Convert
	}
	return nil
}

// ocr reads pictures, or is nil where tesseract is missing.
func (a *app) ocr() func(context.Context, []byte) ([]program.Word, error) {
	if path := findBeyond().tesseract; path != "" {
		return program.Tesseract{Path: path}.Words
	}
	return nil
}

// doctorFormats tells which files can be read.
func (a *app) doctorFormats() {
	a.print("reads     %s\n", "HTML, TXT, JSON, PDF, DOC, DOCX, WPS, XLSX, RTF, OFD, ZIP, RAR")
	b := findBeyond()
	for _, p := range []struct{ path, what, missing string }{
		{b.tesseract, "scans and pictures", installTesseract},
		{b.soffice, "XLS, Word 6 and 95", installSoffice},
		{crawler.FindBrowser(), "pages that scripts build (crawl --browser)", crawler.InstallBrowser},
	} {
		if p.path == "" {
			a.print("cannot    %s: %s\n", p.what, p.missing)
			continue
		}
		a.print("reads     %s (%s)\n", p.what, p.path)
	}
}
