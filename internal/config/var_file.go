package config

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/joho/godotenv"
	"go.yaml.in/yaml/v3"
)

// maxVarFile bounds a file that holds one variable, in bytes.
const maxVarFile = 64 << 10

// fillFromFile reads the variable X from the file that X_FILE names. A value that is set
// stays, and so does one without a file.
func fillFromFile(vars map[string]string, name string) error {
	file := vars[name+"_FILE"]
	if file == "" || vars[name] != "" {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%s_FILE: %w", name, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxVarFile+1))
	switch {
	case err != nil:
		return fmt.Errorf("%s_FILE: %w", name, err)
	case len(b) > maxVarFile:
		return fmt.Errorf("%s_FILE: %s has more than %d bytes", name, file, maxVarFile)
	}
	vars[name] = string(bytes.TrimSpace(b))
	return nil
}

// namedVariables are those that bridge.yaml may mean: the names in ${…}, and each value that
// looks like the name of a variable (key_env, sign, env).
func (f *File) namedVariables() (names []string) {
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			if variableName.MatchString(n.Value) {
				names = append(names, n.Value)
			}
			for _, m := range envName.FindAllStringSubmatch(n.Value, -1) {
				names = append(names, m[1])
			}
		}
		for _, child := range n.Content { // an alias has none, and its anchor is met elsewhere
			walk(child)
		}
	}
	walk(f.root)
	slices.Sort(names)
	return slices.Compact(names)
}

// fromDotenv are the variables that .env alone gives, and the real environment does not.
func fromDotenv(osEnv []string, dotenv string) map[string]bool {
	read, err := godotenv.Read(dotenv)
	if err != nil {
		return nil // variables says so
	}
	only := map[string]bool{}
	for name := range read {
		only[name] = true
	}
	for _, kv := range osEnv {
		name, _, _ := strings.Cut(kv, "=")
		delete(only, name)
	}
	return only
}
