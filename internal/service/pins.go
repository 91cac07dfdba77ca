package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/tools"
)

// PinsFile is beside bridge.yaml, to be reviewed and kept under version control with it.
const PinsFile = "mcp-pins.json"

// maxPins bounds it, in bytes.
const maxPins = 16 << 20

// Pins are what MCP servers offered when somebody looked: by server, and by the server's own name of the tool.
type Pins map[string]map[string]tools.Pin

// ReadPins reads the pins. Where there is no file, nothing is pinned; a server that is not in it is not either.
func ReadPins(c *config.Config) (Pins, error) {
	f, err := os.Open(c.Path(PinsFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPins+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > maxPins:
		return nil, fmt.Errorf("%s: larger than %d bytes", PinsFile, maxPins)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var all Pins
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("%s: %w; write it with bridge tools pin", PinsFile, err)
	}
	for server, list := range all {
		if list == nil {
			return nil, fmt.Errorf("%s: %s: want its tools, or {} for none", PinsFile, server)
		}
		for name, pin := range list {
			var compact bytes.Buffer
			if err := json.Compact(&compact, pin.Schema); err == nil { // the file has it on many lines
				pin.Schema = compact.Bytes()
				list[name] = pin
			}
			if !pin.Holds(name) {
				return nil, fmt.Errorf("%s: %s: %q: its sha256 does not match its description and schema; write it with bridge tools pin", PinsFile, server, name)
			}
		}
	}
	return all, nil
}

// WritePins replaces the file at once.
func WritePins(c *config.Config, all Pins) error {
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	to := c.Path(PinsFile)
	f, err := os.CreateTemp(filepath.Dir(to), "."+PinsFile)
	if err != nil {
		return err
	}
	_, err = f.Write(append(plain.JSON(text), '\n'))
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
