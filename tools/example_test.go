package tools_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/tools"
)

func ExampleNew() {
	type lookup struct {
		OrderID string `json:"order_id" jsonschema:"the number on the receipt"`
	}
	status, err := tools.New("order_status", "Look up an order by its number.",
		func(_ context.Context, in lookup) (string, error) {
			if in.OrderID != "A-17" {
				return "", &tools.Error{Say: "There is no order of that number."}
			}
			return `{"status":"shipped"}`, nil
		},
		tools.Timeout(5*time.Second),
		tools.Filler("One moment while I look that up."))
	if err != nil {
		fmt.Println(err)
		return
	}
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer registry.Close(context.Background())
	if err := registry.Add(status); err != nil {
		fmt.Println(err)
		return
	}

	for _, arguments := range []string{`{"order_id":"A-17"}`, `{"order_id":"B-2"}`, `{"order_id":17}`} {
		answer := registry.Call(context.Background(), tools.Call{
			ID:        "call_1",
			Name:      "order_status",
			Arguments: json.RawMessage(arguments),
		})
		if answer.OK {
			fmt.Println("result:", answer.Content)
			continue
		}
		fmt.Println("agent: ", answer.Say)
		fmt.Println("log:   ", answer.Err)
	}
	// Output:
	// result: {"status":"shipped"}
	// agent:  There is no order of that number.
	// log:    tools: order_status: the tool refused
	// agent:  The arguments of order_status are not valid: order_id: type: 17 has type "integer", want "string"
	// log:    tools: order_status: arguments: "order_id" breaks "type" of the schema
}

// An agent is given an allow-list, and runs its tools through it.
func ExampleRegistry_Only() {
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer registry.Close(context.Background())
	for _, name := range []string{"refund", "opening_hours"} {
		tool, err := tools.New(name, "", func(context.Context, struct{}) (string, error) { return "done", nil })
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := registry.Add(tool); err != nil {
			fmt.Println(err)
			return
		}
	}
	receptionist, err := registry.Only("opening_hours")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(receptionist.Call(context.Background(), tools.Call{Name: "opening_hours"}).Content)
	fmt.Println(receptionist.Call(context.Background(), tools.Call{Name: "refund"}).Err)
	// Output:
	// done
	// tools: the tool is not on the agent's list
}
