package tools_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/patchcord/patchcord/redact"
	"github.com/patchcord/patchcord/tools"
)

// A tool in ten lines: a struct for the arguments, a function, a name. The schema that the agent is given, and the check
// of what it sends, come from the struct.
func ExampleNew() {
	type order struct {
		ID string `json:"order_id" jsonschema:"the number on the receipt, such as A-17"`
	}
	status, err := tools.New("order_status", "Look up an order by its number.",
		func(_ context.Context, in order) (string, error) {
			return "Order " + in.ID + " is on its way.", nil
		})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(run(status, `{"order_id":"A-17"}`).Content)
	// Output:
	// Order A-17 is on its way.
}

// run puts one tool into a registry and calls it, as the bridge does when an agent asks for it.
func run(tool tools.Tool, arguments string) tools.Answer {
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		panic(err)
	}
	defer registry.Close(context.Background())
	if err := registry.Add(tool); err != nil {
		panic(err)
	}
	return registry.Call(context.Background(), tools.Call{ID: "call_1", Name: tool.Info().Name, Arguments: json.RawMessage(arguments)})
}

// What the agent may say about a failure and what the log may know are two texts. A plain error is for the log alone:
// the agent is told the tool's Failure.
func ExampleError() {
	type order struct {
		ID string `json:"order_id"`
	}
	refund, err := tools.New("refund", "Pay an order back.",
		func(_ context.Context, in order) (string, error) {
			if in.ID == "A-17" {
				return "", &tools.Error{
					Say: "That order is older than thirty days, so it can't be refunded. A colleague can decide; offer to put the caller through.",
					Err: errors.New("refund window is over"),
				}
			}
			return "", errors.New("crm: status 503")
		},
		tools.Failure("The order system is down. Offer a callback."))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, id := range []string{"A-17", "A-18"} {
		answer := run(refund, `{"order_id":"`+id+`"}`)
		fmt.Println("agent:", answer.Say)
		fmt.Println("log:  ", answer.Err)
	}
	// Output:
	// agent: That order is older than thirty days, so it can't be refunded. A colleague can decide; offer to put the caller through.
	// log:   tools: refund: refund window is over
	// agent: The order system is down. Offer a callback.
	// log:   tools: refund: crm: status 503
}

// How a tool behaves on a live line is said once, where it is made.
func ExampleNew_options() {
	type lookup struct {
		Name string `json:"name"`
		Born string `json:"born"`
	}
	find, err := tools.New("find_patient", "Find a patient by name and date of birth.",
		func(ctx context.Context, _ lookup) (string, error) {
			<-ctx.Done() // the system hangs
			return "", ctx.Err()
		},
		tools.Timeout(50*time.Millisecond),                 // then the agent is answered without it
		tools.Filler("One moment while I look that up."),   // said when it takes longer than 700 ms and nobody speaks
		tools.CancelOnInterruption(),                       // the context ends when the caller interrupts; default: it carries on
		tools.Failure("The patient file does not answer."), // for the agent, of any failure that brings no text of its own
		tools.Secret("born"))                               // masked wherever the call is written down
	if err != nil {
		fmt.Println(err)
		return
	}
	arguments := `{"name":"Dana","born":"1970-01-01"}`
	answer := run(find, arguments)
	fmt.Println("agent:", answer.Say)
	fmt.Println("log:  ", answer.Err)
	fmt.Println("log:  ", string(redact.Arguments(find.Info(), json.RawMessage(arguments))))
	// Output:
	// agent: The patient file does not answer.
	// log:   tools: find_patient: no answer within 50ms
	// log:   {"name":"Dana","born":"***"}
}

// A tool that changes something hands the call's Key on: however often the system behind it is asked, it acts once.
func ExampleCallFrom() {
	type slot struct {
		At string `json:"at"`
	}
	booked := map[string]string{} // stands for a system that knows idempotency keys
	book, err := tools.New("book", "Book an appointment.",
		func(ctx context.Context, in slot) (string, error) {
			call, _ := tools.CallFrom(ctx)
			if _, done := booked[call.Key]; !done {
				booked[call.Key] = in.At
			}
			return "Booked for " + booked[call.Key] + ".", nil
		})
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
	if err := registry.Add(book); err != nil {
		fmt.Println(err)
		return
	}
	for _, at := range []string{"9:00", "9:30"} { // the second try of the same call
		answer := registry.Call(context.Background(), tools.Call{Name: "book", Arguments: json.RawMessage(`{"at":"` + at + `"}`), Key: "call-1/tool-1"})
		fmt.Println(answer.Content)
	}
	// Output:
	// Booked for 9:00.
	// Booked for 9:00.
}

// A tool that is an address needs no Go: bridge.yaml describes it by the same fields.
func ExampleHTTP() {
	crm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			ID string `json:"order_id"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("Authorization") != "Bearer from-the-environment" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		fmt.Fprintf(w, `{"order_id":%q,"status":"shipped"}`, in.ID)
	}))
	defer crm.Close()

	status, err := tools.HTTP("order_status", tools.HTTPConfig{
		Description: "Look up an order by its number.",
		Parameters:  json.RawMessage(`{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}`),
		URL:         crm.URL,
		Headers:     map[string]string{"Authorization": "Bearer from-the-environment"},
		Timeout:     5 * time.Second,
		Idempotent:  true, // may be asked once more after a 5xx or a lost connection
	}, tools.Filler("One moment while I look that up."))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(run(status, `{"order_id":"A-17"}`).Content)
	fmt.Println(run(status, `{"order":"A-17"}`).Say)
	// Output:
	// {"order_id":"A-17","status":"shipped"}
	// The arguments of order_status are not valid: required: missing properties: ["order_id"]
}

// A call is always answered: with the result, or with why there is none. Arguments that do not fit never reach the tool;
// the agent is told which field, and the log as well, without the value.
func ExampleRegistry_Call() {
	type order struct {
		ID string `json:"order_id"`
	}
	status, err := tools.New("order_status", "Look up an order by its number.",
		func(_ context.Context, in order) (string, error) { return in.ID + " is shipped", nil })
	if err != nil {
		fmt.Println(err)
		return
	}
	registry, err := tools.NewRegistry(tools.Config{MaxPerCall: 4, MaxTotal: 64})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer registry.Close(context.Background())
	if err := registry.Add(status); err != nil {
		fmt.Println(err)
		return
	}
	for _, call := range []tools.Call{
		{ID: "call_1", Name: "order_status", Arguments: json.RawMessage(`{"order_id":"A-17"}`)},
		{ID: "call_2", Name: "order_status", Arguments: json.RawMessage(`{"order_id":17}`)},
		{ID: "call_3", Name: "order_state", Arguments: json.RawMessage(`{}`)},
	} {
		answer := registry.Call(context.Background(), call)
		if answer.OK {
			fmt.Println(answer.ID, "result:", answer.Content)
			continue
		}
		fmt.Println(answer.ID, "agent: ", answer.Say)
		fmt.Println(answer.ID, "log:   ", answer.Err)
	}
	// Output:
	// call_1 result: A-17 is shipped
	// call_2 agent:  The arguments of order_status are not valid: order_id: type: 17 has type "integer", want "string"
	// call_2 log:    tools: order_status: arguments: "order_id" breaks "type" of the schema
	// call_3 agent:  There is no tool with that name.
	// call_3 log:    tools: no tool with that name
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
