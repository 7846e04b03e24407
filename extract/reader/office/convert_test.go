package office_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/office"
)

// TestConvert: what only a program can read is read as that program wrote it,
// and its streams say so.
func TestConvert(t *testing.T) {
	old := bytes.Clone(fixture(t, "plan.doc"))
	fib := bytes.Index(old, []byte{0xec, 0xa5})
	old[fib], old[fib+1] = 0xdc, 0xa5
	asked := ""
	r := office.Reader{Convert: func(_ context.Context, data []byte, from, to string) ([]byte, error) {
		asked = from + " to " + to
		return fixture(t, "plan.docx"), nil
	}}
	doc := flowtest.Read(t, r, old)
	if asked != "doc to docx" || !strings.HasPrefix(doc.Streams[0].Name, "converted/word/") {
		t.Errorf("asked for %s, got %s", asked, doc.Streams[0].Name)
	}
	for name, answer := range map[string][]byte{"an error": nil, "no package": []byte("x")} {
		r.Convert = func(context.Context, []byte, string, string) ([]byte, error) {
			if answer == nil {
				return nil, errors.New("it failed")
			}
			return answer, nil
		}
		_, err := r.ReadFile(t.Context(), old, flow.Limits{})
		var e *flow.Error
		if !errors.As(err, &e) || e.ID != "corrupt" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
