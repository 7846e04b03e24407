//go:build !cgo

package segment

import "errors"

// errCompiler is what a build without a C++ compiler says. Go leaves cgo out by
// itself where it finds no compiler, so that this line can be printed in place
// of a page of build errors.
var errCompiler = errors.New("a C++ compiler is needed (jieba is C++): install gcc and g++ " +
	"(Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install), then run the same command again")

// Available reports why this build cannot cut with jieba, or nil.
func Available() error { return errCompiler }

func newEngine(_, _, _, _, _ string) (engine, error) { return nil, errCompiler }
