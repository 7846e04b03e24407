package corpus

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var recordSchema []byte

// RecordSchema is the JSON Schema (draft 2020-12) of what [Encode] writes, in
// UTF-8. It is strict: a field that it does not name is an error. The caller may
// keep and change the slice.
func RecordSchema() []byte { return slices.Clone(recordSchema) }
