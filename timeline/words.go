package timeline

import (
	_ "embed"
	"fmt"
	"regexp"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed words.toml
var wordFile []byte

// cues are the patterns of words.toml.
type cues struct {
	Issued, Done, Open *regexp.Regexp
}

type cue struct {
	Pattern     string   `toml:"pattern"`
	Examples    []string `toml:"examples"`
	Nonexamples []string `toml:"nonexamples"`
}

// words are the built-in cues. A test proves that they can be read; none matches
// where they cannot.
var words = sync.OnceValue(func() cues {
	c, err := readWords(wordFile)
	if err != nil {
		never := regexp.MustCompile(`$.^`)
		return cues{never, never, never}
	}
	return c
})

// readWords reads cues and proves their examples.
func readWords(data []byte) (c cues, err error) {
	var file struct {
		Issued, Done, Open cue
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return c, fmt.Errorf("words of the timeline: %w", err)
	}
	for _, x := range []struct {
		name string
		cue  cue
		to   **regexp.Regexp
	}{{"issued", file.Issued, &c.Issued}, {"done", file.Done, &c.Done}, {"open", file.Open, &c.Open}} {
		re, err := regexp.Compile(x.cue.Pattern)
		if err != nil || x.cue.Pattern == "" || len(x.cue.Examples) == 0 || len(x.cue.Nonexamples) == 0 {
			return c, fmt.Errorf("words of the timeline: %s has no pattern, or no examples: %w", x.name, err)
		}
		for _, e := range x.cue.Examples {
			if !re.MatchString(e) {
				return c, fmt.Errorf("words of the timeline: %s does not match %q", x.name, e)
			}
		}
		for _, e := range x.cue.Nonexamples {
			if re.MatchString(e) {
				return c, fmt.Errorf("words of the timeline: %s matches %q", x.name, e)
			}
		}
		*x.to = re
	}
	return c, nil
}
