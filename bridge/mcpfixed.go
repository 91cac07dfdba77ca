package bridge

import (
	"os"
	"path/filepath"
)

// fixedFiles are the files that a command must not change, whatever it names: by one of them it could leave its sandbox at
// the next start.
func fixedFiles(c *config) (list []string, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	list = []string{program, c.Config, c.path(pinsFile)}
	if policy := c.file.Policy; policy != "" {
		list = append(list, c.path(policy))
	}
	for i := range list {
		if list[i], err = filepath.Abs(list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
