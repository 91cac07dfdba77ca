package service

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/sandbox"
	"github.com/patchcord/patchcord/tools"
)

// setCommand fills in how a server's command is started.
func setCommand(c *config.Config, s *tools.MCPConfig, m config.MCPBlock) error {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	s.Command = slices.Clone(m.Command)
	var named []string // files and folders
	for i, word := range s.Command {
		if s.Command[i] = BesideFile(dir, word, i == 0); i > 0 {
			if path := flagValue(s.Command[i]); filepath.IsAbs(path) {
				named = append(named, path)
			}
		}
	}
	for _, v := range m.Env {
		s.Env = append(s.Env, v+"="+c.Vars[v])
	}
	s.Explain = sandbox.Reason
	s.Prepare = func(cmd *exec.Cmd) error { return prepareCommand(c, s.Name, m, named, cmd) }
	return nil
}

// BesideFile is a word of a command: the absolute path of what it names in the folder of bridge.yaml, if that is there.
// Of a program it must be a file that can be run, or be written with a slash.
func BesideFile(dir, word string, program bool) string {
	value := word
	if !program {
		value = flagValue(word)
	}
	if value == "" || filepath.IsAbs(value) {
		return word
	}
	path := filepath.Join(dir, value)
	info, err := os.Stat(path)
	switch slash := strings.ContainsRune(value, filepath.Separator); {
	case program && slash: // also if it isn't there: the error then names where it was looked for
	case err != nil, program && (!info.Mode().IsRegular() || info.Mode()&0o111 == 0):
		return word
	}
	return strings.TrimSuffix(word, value) + path
}

// flagValue is what a word of a command may name: all of it, or what follows the = of a flag.
func flagValue(word string) string {
	if name, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(name, "-") {
		return value
	}
	return word
}

// prepareCommand has a command start in a folder of its own, kept from our secrets.
func prepareCommand(c *config.Config, name string, m config.MCPBlock, named []string, cmd *exec.Cmd) error {
	if cmd.Err != nil { // the program was not found
		return cmd.Err
	}
	kind := sandbox.Best()
	if m.Sandbox == "off" {
		kind = sandbox.None
	}
	folder, err := mcpFolder(c, name, kind)
	if err != nil {
		return err
	}
	for _, v := range []string{"TMPDIR=" + filepath.Join(folder, "tmp"), "XDG_CACHE_HOME=" + filepath.Join(folder, "cache"), "XDG_DATA_HOME=" + filepath.Join(folder, "share"),
		"XDG_STATE_HOME=" + filepath.Join(folder, "state"), "npm_config_cache=" + filepath.Join(folder, "npm")} {
		if name, _, _ := strings.Cut(v, "="); !slices.Contains(m.Env, name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	fixed, err := fixedFiles(c)
	if err != nil {
		return err
	}
	p := sandbox.Policy{Kind: kind, Folder: folder, Write: named, Fixed: fixed}
	if p.Hidden, err = HiddenFiles(c); err != nil {
		return err
	}
	p.Hidden = append(p.Hidden, filepath.Dir(folder)) // the others' folders
	if dir, err := filepath.Abs(c.Dir); err == nil {
		p.List = []string{dir}
	}
	return sandbox.Wrap(cmd, p)
}

// keptOfHome are files and folders of a user's that hold keys, by their names in HOME.
var keptOfHome = []string{".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".config/gcloud", ".config/gh", ".netrc", ".pgpass", ".git-credentials", ".vault-token"}

// keptOfMachine are those of the machine's.
var keptOfMachine = []string{"/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/ssl/private", "/run/secrets", "/var/run/secrets", "/run/credentials"}

// HiddenFiles are the files and folders that a command must not read: our data, what our settings were read from, and the keys
// of whoever runs us.
func HiddenFiles(c *config.Config) ([]string, error) {
	list := slices.Concat([]string{c.DataDir, ".env"}, keptOfMachine)
	for _, dir := range []string{".", c.Dir} {
		more, err := filepath.Glob(filepath.Join(dir, ".env*"))
		if err != nil {
			return nil, err
		}
		list = append(list, filepath.Join(dir, ".env"))
		list = append(list, more...)
	}
	for name, path := range c.Vars { // X_FILE, where X was read from it: SSL_CERT_FILE is others' and no secret
		if of, ok := strings.CutSuffix(name, "_FILE"); ok && path != "" && c.Vars[of] != "" {
			list = append(list, path)
		}
	}
	if home := os.Getenv("HOME"); home != "" {
		for _, name := range keptOfHome {
			list = append(list, filepath.Join(home, name))
		}
	}
	for i, path := range list {
		var err error
		if list[i], err = filepath.Abs(path); err != nil {
			return nil, err
		}
	}
	return list, nil
}
