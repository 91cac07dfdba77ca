package hume_test

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/hume/humetest"
)

// An account is compared with what it shall have, and given what it lacks.
func ExampleClient() {
	server := humetest.NewServer("key") // in earnest: hume.DefaultURL and your key
	defer server.Close()

	c, err := hume.NewClient(hume.Config{URL: server.URL(), APIKey: "key"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	ctx := context.Background()
	want := hume.ToolSpec{Name: "order_status", Description: "Look up an order.",
		Parameters: `{"type":"object","properties":{}}`}
	made, err := c.CreateTool(ctx, want, "from an example")
	if err != nil {
		fmt.Println(err)
		return
	}
	want.Description = "Look up an order by its number."
	fmt.Println(want.Differences(made))
	made, err = c.AddToolVersion(ctx, made.ID, want, "a better description")
	fmt.Println(made.Name, "version", made.Version, err)
	// Output:
	// [description]
	// order_status version 1 <nil>
}
