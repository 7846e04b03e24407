package program

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
)

// Soffice converts office files with LibreOffice.
type Soffice struct {
	Path string // of the program
	// Temp is the folder for its files; empty: that of the system.
	Temp string
	// MaxBytes bounds the converted file; default 256 MiB.
	MaxBytes int64
}

var extension = regexp.MustCompile(`^[a-z0-9]{1,8}$`)

// settings forbid what a file could ask for: macros never run, links are never
// followed, and nothing is asked of the network.
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
`

// Convert turns the bytes of a file with extension from ("xls") into one with
// extension to ("xlsx"). The program has a profile of its own, made for this
// file and removed with it, so that two runs never meet.
func (s Soffice) Convert(ctx context.Context, data []byte, from, to string) ([]byte, error) {
	if !extension.MatchString(from) || !extension.MatchString(to) {
		return nil, fmt.Errorf("soffice: no conversion from %q to %q", from, to)
	}
	dir, err := os.MkdirTemp(s.Temp, "tuogou-soffice-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	profile := filepath.Join(dir, "profile")
	if err := os.MkdirAll(filepath.Join(profile, "user"), 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(settings), 0o600); err != nil {
		return nil, err
	}
	in := filepath.Join(dir, "in."+from)
	if err := os.WriteFile(in, data, 0o600); err != nil {
		return nil, err
	}
	env := url.URL{Scheme: "file", Path: filepath.ToSlash(profile)}
	_, err = run(ctx, dir, s.Path, 1<<20, nil, "-env:UserInstallation="+env.String(),
		"--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
		"--convert-to", to, "--outdir", filepath.Join(dir, "out"), in)
	if err != nil {
		return nil, err
	}
	return s.result(filepath.Join(dir, "out", "in."+to))
}

func (s Soffice) result(name string) ([]byte, error) {
	limit := s.MaxBytes
	if limit <= 0 {
		limit = 256 << 20
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("soffice could not convert the file")
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("soffice: %w", ErrTooLarge)
	}
	return os.ReadFile(name)
}
