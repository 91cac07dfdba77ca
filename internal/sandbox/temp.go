package sandbox

import (
	"os"
	"strings"
)

// makeTemp makes the folder that a command's environment names as TMPDIR.
func makeTemp(env []string) error {
	for _, v := range env {
		if dir, ok := strings.CutPrefix(v, "TMPDIR="); ok && dir != "" {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
		}
	}
	return nil
}
