package service

import (
	"os"
	"path/filepath"

	"github.com/patchcord/patchcord/internal/config"
)

// fixedFiles are the files that a command must not change, whatever it names: by one of them it could leave its sandbox at
// the next start.
func fixedFiles(c *config.Config) (list []string, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	list = []string{program, c.Config, c.Path(PinsFile)}
	if policy := c.File.Policy; policy != "" {
		list = append(list, c.Path(policy))
	}
	for i := range list {
		if list[i], err = filepath.Abs(list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
