package bridge

import (
	"encoding/json"
	"os"
)

// printJSON prints one object on a line of its own.
func printJSON(v any) error { return json.NewEncoder(os.Stdout).Encode(v) }
