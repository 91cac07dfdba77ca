package cli

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/consent"
)

func TestHoldCommands(t *testing.T) {
	serving(t)
	exits(t, exitDone, []string{"consent", "hold"}, "no legal holds")
	named := []string{"--name", "26-118", "--reason", "a lawsuit", "--by", "counsel"}
	exits(t, exitUsage, append([]string{"consent", "hold", "add"}, named...), "NUMBER", "--call")
	exits(t, exitUsage, append([]string{"consent", "hold", "add", "12"}, named...), "NUMBER")
	exits(t, exitUsage, append([]string{"consent", "hold", "add", person, "--call", "call_1"}, named...), "NUMBER")
	exits(t, exitUsage, append([]string{"consent", "hold", "add", "--call", "call_nobody"}, named...), "unknown call")
	exits(t, exitUsage, []string{"consent", "hold", "add", person, "--name", "26-118"}, "--reason")
	var r consent.Receipt
	out := exits(t, exitDone, append([]string{"consent", "hold", "add", person, "--json"}, named...)).out
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	row := fmt.Sprint(r.Seq)
	exits(t, exitDone, []string{"consent", "hold"}, "26-118", "a lawsuit", "counsel", person)
	exits(t, exitFailed, []string{"consent", "erase", person, "--why", "asked", "--yes"}, "nothing was erased", "26-118", "row "+row)
	exits(t, exitFailed, []string{"consent", "hold", "release", "1", "--reason", "settled"}, "unknown legal hold, or it was released")
	exits(t, exitDone, []string{"consent", "hold", "release", row, "--reason", "settled"}, "hold released, in row ")
	exits(t, exitDone, []string{"consent", "hold", "list"}, "no legal holds")
}
