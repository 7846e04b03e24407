package main

import (
	_ "embed"
	"fmt"
	"sync"

	"tuogou/compare/render"
)

//go:embed messages.toml
var messageFile []byte

// messages is read once; a test reads it too, so that a defect cannot ship.
var messages = sync.OnceValues(func() (render.Labels, error) { return render.ParseLabels(messageFile) })

// msg is a message in the user's language.
func (a *app) msg(key string, args ...any) string {
	m, err := messages()
	if err != nil {
		return key
	}
	s := m.Get(key, a.lang())
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// say prints a message to standard output.
func (a *app) say(key string, args ...any) { fmt.Fprint(a.Stdout, a.msg(key, args...)) }
