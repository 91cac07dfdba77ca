package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/tools"
)

// A tool of two makers, and one that its server doesn't offer, are listed with the reason.
func TestToolsListSaysWhy(t *testing.T) {
	own, err := tools.New("book", "Book a slot.", func(context.Context, struct{}) (string, error) { return "", nil })
	if err != nil {
		t.Fatal(err)
	}
	configtest.In(t, map[string]string{"bridge.yaml": "agents:\n  a: {tools: [book]}\ntools:\n" +
		"  book: {description: x, http: {url: \"http://127.0.0.1:1/\"}}\n"})
	c, err := readTools(ownTools{own})
	if err != nil {
		t.Fatal(err)
	}
	reason := func(c *config.Config, r *tools.Registry, name string) string {
		for _, row := range c.ToolRows(r) {
			if row.Name == name {
				return row.Unfit
			}
		}
		return "not listed"
	}
	if why := reason(c, nil, "book"); why != "bridge.yaml also has a tool with this name" {
		t.Errorf("of two makers: %q", why)
	}
	offering(t, `[{"name":"book","inputSchema":{}}]`)
	exits(t, exitDone, []string{"tools", "list"}, "s.book")
	write(t, "bridge.yaml", strings.Replace(textOf(t, "bridge.yaml"), "s.*", "s.sell", 1))
	if c, err = readTools(nil); err != nil {
		t.Fatal(err)
	}
	r, err := makeTools(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer closeTools(t.Context(), r)
	if why := reason(c, r, "s.sell"); why != "no MCP server currently offers it" {
		t.Errorf("not offered: %q", why)
	}
}

// Doctor says of a server's tools whether they are pinned.
func TestDoctorSaysWhatIsNotPinned(t *testing.T) {
	offering(t, `[{"name":"book","inputSchema":{}}]`)
	for _, unpinned := range []bool{true, false} {
		c, err := readTools(nil)
		if err != nil {
			t.Fatal(err)
		}
		found := fmt.Sprint(checkMCP(t.Context(), c))
		if strings.Contains(found, "which are not pinned: with bridge tools pin, you review a change before a model reads it") != unpinned {
			t.Errorf("not pinned %v: %s", unpinned, found)
		}
		exits(t, exitDone, []string{"tools", "pin", "--yes"})
	}
}

// With the names of servers only theirs are pinned anew; what is pinned of another stays, and goes when
// bridge.yaml has it no longer.
func TestToolsPinOfOneServer(t *testing.T) {
	change := offering(t, `[{"name":"book","description":"Book.","inputSchema":{}}]`)
	one := textOf(t, "bridge.yaml")
	_, server, _ := strings.Cut(one, "  s:")
	write(t, "bridge.yaml", one+"  z:"+server)
	exits(t, exitDone, []string{"tools", "pin", "--yes"}, "+ s.book", "+ z.book")
	change(`[{"name":"book","description":"Book it.","inputSchema":{}}]`)
	if r := exits(t, exitDone, []string{"tools", "pin", "--yes", "s"}, "~ s.book"); strings.Contains(r.out, "z.book") {
		t.Errorf("of one server: %s", r.out)
	}
	exits(t, exitFailed, []string{"tools", "pin", "--dry-run"}, "~ z.book")
	write(t, "bridge.yaml", one)
	exits(t, exitDone, []string{"tools", "pin", "--yes"}, "written")
	if text := textOf(t, service.PinsFile); strings.Contains(text, `"z"`) || !strings.Contains(text, "Book it.") {
		t.Errorf("without the other server: %s", text)
	}
}

// A file of pins is read up to 16 MiB.
func TestPinsAreBounded(t *testing.T) {
	configtest.In(t, map[string]string{"bridge.yaml": "mcp: {}\n"})
	for size, fits := range map[int]bool{16 << 20: true, 16<<20 + 1: false} {
		write(t, service.PinsFile, "{}"+strings.Repeat(" ", size-2))
		c, err := readTools(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := service.ReadPins(c); (err == nil) != fits || err != nil && !strings.Contains(err.Error(), "16777216 bytes") {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// textOf is the text of a file of the current folder.
func textOf(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
