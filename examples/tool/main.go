// Tool is a tool of your own in Go, and the registry that runs it: an agent asks for a tool by
// name with JSON, and always gets one answer, also when what is behind the tool fails.
//
//	go run ./examples/tool -orders http://127.0.0.1:9000/orders A-17
//
// GET http://127.0.0.1:9000/orders/A-17 is asked, and its body is the tool's result. A program
// that answers telephone calls with this tool has one line in place of run:
//
//	os.Exit(bridge.Main(os.Args[1:], status))
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/patchcord/patchcord/tools"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// order is the tool's arguments. The schema that the agent is given comes from it.
type order struct {
	ID string `json:"order_id" jsonschema:"the number on the receipt, such as A-17"`
}

// orderStatus makes the tool. Its context ends at its timeout, and then the agent is answered without it.
func orderStatus(orders string) (tools.Tool, error) {
	return tools.New("order_status", "Look up an order by its number.",
		func(ctx context.Context, in order) (string, error) { return look(ctx, orders, in.ID) },
		tools.Timeout(2*time.Second),
		tools.Filler("One moment while I look that up."), // spoken if it takes longer
		tools.Failure("The order system is down. Offer a callback."))
}

// look asks the order system. A plain error is for the log, and the agent gets the tool's Failure;
// a tools.Error also says what the agent may tell the caller.
func look(ctx context.Context, orders, id string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, orders+"/"+url.PathEscape(id), nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", errors.New("the order system can't be reached")
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		body, err := io.ReadAll(io.LimitReader(resp.Body, tools.MaxResult))
		return string(body), err
	case http.StatusNotFound:
		return "", &tools.Error{
			Say: "There is no order with that number. Ask for it again.",
			Err: errors.New("no such order"),
		}
	default:
		return "", fmt.Errorf("the order system answers %s", resp.Status)
	}
}

// run calls the tool once for each order, as an agent would, and prints both sides of each answer.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("tool", flag.ContinueOnError)
	orders := flags.String("orders", "http://127.0.0.1:9000/orders", "address of the order system")
	if err := flags.Parse(args); err != nil {
		return err
	}
	status, err := orderStatus(*orders)
	if err != nil {
		return err
	}
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		return err
	}
	defer registry.Close(ctx)
	if err := registry.Add(status); err != nil {
		return err
	}
	for i, id := range flags.Args() {
		arguments, err := json.Marshal(order{ID: id})
		if err != nil {
			return err
		}
		answer := registry.Call(ctx, tools.Call{
			ID: fmt.Sprintf("call_%d", i+1), Name: "order_status", Arguments: arguments,
		})
		if answer.OK {
			fmt.Fprintf(out, "result: %q\n", answer.Content)
			continue
		}
		fmt.Fprintf(out, "for the agent: %q\n", answer.Say)
		fmt.Fprintf(out, "for the log:   %q\n", answer.Err)
	}
	return nil
}
