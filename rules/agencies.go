package rules

import (
	"io/fs"
	"sort"
	"strings"

	"tuogou/corpus"
)

// Agencies reads the prefixes of document numbers (机关代字), from agencies.toml.
type Agencies struct {
	fixed map[string]Agency
	parts []agencyPart // longest letters first
}

// Agency is the organ behind a prefix.
type Agency struct {
	Issuer string // full name; × stands for the place where Code is empty
	Organ  string // kind of organ; "" where unknown
	Code   string // of its place, where the prefix alone decides
}

type agencyPart struct {
	letters                 string
	issuer, province, organ string
}

func loadAgencies(fsys fs.FS) (*Agencies, error) {
	var f struct {
		Agency []struct {
			Prefix string `toml:"prefix"`
			Issuer string `toml:"issuer"`
			Code   string `toml:"code"`
		} `toml:"agency"`
		Part []struct {
			Letters  []string `toml:"letters"`
			Issuer   string   `toml:"issuer"`
			Province string   `toml:"issuer_province"`
			Organ    string   `toml:"organ"`
		} `toml:"part"`
	}
	if err := decode(fsys, "agencies.toml", &f); err != nil {
		return nil, err
	}
	a := &Agencies{fixed: map[string]Agency{}}
	for _, g := range f.Agency {
		a.fixed[g.Prefix] = Agency{Issuer: g.Issuer, Code: g.Code}
	}
	for _, p := range f.Part {
		if p.Province == "" {
			p.Province = p.Issuer
		}
		for _, l := range p.Letters {
			a.parts = append(a.parts, agencyPart{l, p.Issuer, p.Province, p.Organ})
		}
	}
	sort.SliceStable(a.parts, func(i, j int) bool { return len(a.parts[i].letters) > len(a.parts[j].letters) })
	return a, nil
}

// Fixed is the owner of a prefix that needs no place.
func (a *Agencies) Fixed(prefix string) (Agency, bool) {
	g, ok := a.fixed[prefix]
	return g, ok
}

// Split reads prefix as place letters and an organ: 佛府办 is 佛 and the
// government office. The place letters are never empty.
func (a *Agencies) Split(prefix string, level corpus.Level) (place string, g Agency, ok bool) {
	for _, p := range a.parts {
		head, found := strings.CutSuffix(prefix, p.letters)
		if !found || head == "" {
			continue
		}
		issuer := p.issuer
		if level == corpus.Province {
			issuer = p.province
		}
		return head, Agency{Issuer: issuer, Organ: p.organ}, true
	}
	return "", Agency{}, false
}
