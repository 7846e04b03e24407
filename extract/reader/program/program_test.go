package program

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// script writes a program for the test.
func script(t *testing.T, body string) string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	name := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(name, []byte("#!"+sh+"\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

const tsv = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
	"1\t1\t0\t0\t0\t0\t0\t0\t600\t800\t-1\t\n" +
	"5\t1\t1\t1\t2\t1\t10\t20\t30\t40\t96.5\t示例县\n" +
	"5\t1\t1\t1\t2\t2\t50\t20\t30\t40\t91\t \n" +
	"5\t1\t1\tx\t2\t2\t50\t20\t30\t40\t91\t坏\n"

func TestTesseract(t *testing.T) {
	p := script(t, "cat >/dev/null; cat <<'END'\n"+tsv+"END\n")
	got, err := Tesseract{Path: p}.Words(context.Background(), []byte("picture"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Word{{Text: "示例县", Left: 10, Top: 20, Right: 40, Bottom: 60, Page: 1, Block: 1, Par: 1, Line: 2, Confidence: 96.5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFailuresSayWhy(t *testing.T) {
	p := script(t, "echo 'Error opening data file chi_sim.traineddata' >&2; exit 1")
	_, err := Tesseract{Path: p}.Words(context.Background(), nil)
	if err == nil || !strings.Contains(err.Error(), "chi_sim.traineddata") {
		t.Errorf("%v", err)
	}
	if _, err := (Tesseract{}).Words(context.Background(), nil); err == nil {
		t.Error("no program, no error")
	}
	if _, err := (Tesseract{Path: script(t, "yes | head -c 40000000")}).Words(context.Background(), nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("endless output: %v", err)
	}
}

// A child that goes on alone would hold the CPU and the folder for ever.
func TestTimeoutEndsChildren(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "alive")
	p := script(t, "(sleep 3; echo late > '"+mark+"') & sleep 60")
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := (Tesseract{Path: p}).Words(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if d := time.Since(start); d > 2500*time.Millisecond {
		t.Errorf("ended after %v", d)
	}
	time.Sleep(3200 * time.Millisecond)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a child went on")
	}
}

func TestSofficeFolder(t *testing.T) {
	temp := t.TempDir()
	// in a profile of its own that forbids macros; the result is where --outdir says
	p := script(t, `for a; do case "$a" in -env:*) grep -q DisableMacrosExecution "${a#-env:UserInstallation=file://}/user/registrymodifications.xcu" || exit 9;; esac; done
mkdir out; cat in.xls in.xls > out/in.xlsx`)
	got, err := Soffice{Path: p, Temp: temp}.Convert(context.Background(), []byte("x"), "xls", "xlsx")
	if err != nil || string(got) != "xx" {
		t.Errorf("%q, %v", got, err)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := (Soffice{Path: p, Temp: temp, MaxBytes: 1}).Convert(context.Background(), []byte("x"), "xls", "xlsx"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
	if _, err := (Soffice{Path: p, Temp: temp}).Convert(context.Background(), nil, "../x", "pdf"); err == nil {
		t.Error("an extension that is a path was taken")
	}
}

// With the real program, where there is one.
func TestSofficeItself(t *testing.T) {
	path, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("soffice is not installed, or -short")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	got, err := Soffice{Path: path, Temp: t.TempDir()}.Convert(ctx, []byte(`{\rtf1\ansi 2018 example}`), "rtf", "pdf")
	if err != nil || !bytes.HasPrefix(got, []byte("%PDF-")) {
		t.Errorf("%.20q, %v", got, err)
	}
}

func FuzzTSV(f *testing.F) {
	f.Add(tsv)
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range parseTSV(s) {
			if w.Text == "" || w.Left != w.Left {
				t.Errorf("%+v", w)
			}
		}
	})
}
