package index_test

import (
	"path/filepath"
	"testing"

	"tuogou/index"
	"tuogou/index/indextest/enginetest"
)

// The index in a folder does what every engine must.
func TestFolderIsAnEngine(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) index.Home { return index.Folder(filepath.Join(t.TempDir(), "index")) })
}
