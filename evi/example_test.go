package evi_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

// The whole of a small conversation. The server here stands for Hume's.
func ExampleDial() {
	server := evitest.NewServer("my-key", evitest.Script(
		evitest.Expect("user_input"),
		evitest.Do("answer", func(c *evitest.Conn) error {
			err := c.Say(context.Background(), evitest.Speech{ID: "s-1", Text: "Hello, Dana.", PCM: make([]int16, 4800)})
			return errors.Join(err, c.AssistantEnd())
		}),
	))
	defer server.Close()

	ctx := context.Background()
	chat, err := evi.Dial(ctx, &evi.DialOptions{
		URL:      server.URL(),
		APIKey:   "my-key",
		ConfigID: "11111111-2222-4333-8444-555555555555",
		Settings: &evi.ConnectSettings{
			Audio:     evi.Linear16(8000),
			Variables: evi.Variables{"name": "Dana"},
		},
	})
	if err != nil {
		panic(err)
	}
	defer chat.Close(1000)

	if err := chat.SendUserInput("Say hello."); err != nil {
		panic(err)
	}
	for {
		event, err := chat.Receive(ctx)
		if err != nil {
			panic(err)
		}
		switch e := event.(type) {
		case evi.AssistantMessage:
			fmt.Printf("says %q\n", e.Message.Content)
		case *evi.AudioOutput:
			fmt.Printf("piece %d of %s: %d bytes of WAV\n", e.Index, e.ID, len(e.Data))
		case evi.AssistantEnd:
			fmt.Println("has said all")
			return
		default: // a telephone also heeds UserInterruption, ToolCall and *Error
		}
	}
	// Output:
	// says "Hello, Dana."
	// piece 0 of s-1: 9644 bytes of WAV
	// has said all
}

// EVI closes with 1000 after errors too: look at what came before.
func ExampleChat_Receive() {
	server := evitest.NewServer("my-key", evitest.Script(
		evitest.Do("time out", func(c *evitest.Conn) error {
			return c.Fail("E0714", "inactivity_timeout", "no user message for 120 s", 1000)
		}),
	))
	defer server.Close()

	ctx := context.Background()
	chat, err := evi.Dial(ctx, &evi.DialOptions{URL: server.URL(), APIKey: "my-key"})
	if err != nil {
		panic(err)
	}
	defer chat.Close(1000)

	for err == nil {
		_, err = chat.Receive(ctx)
	}
	var closed *evi.CloseError
	if errors.As(err, &closed) {
		fmt.Println("closed with", closed.Code)
		fmt.Println("for want of a user:", errors.Is(err, evi.ErrInactivityTimeout))
		fmt.Println("worth another try:", closed.Cause.Retryable())
	}
	// Output:
	// closed with 1000
	// for want of a user: true
	// worth another try: true
}

// A tool call is answered once, with a result or with an error.
func ExampleChat_SendToolResponse() {
	server := evitest.NewServer("my-key", evitest.Script(
		evitest.Do("call", func(c *evitest.Conn) error {
			return c.CallTool("call_1", "order_status", `{"order_id":"A-17"}`, true)
		}),
		evitest.Expect("tool_response", evitest.Fields{"tool_call_id": "call_1"}),
	))
	defer server.Close()

	ctx := context.Background()
	chat, err := evi.Dial(ctx, &evi.DialOptions{URL: server.URL(), APIKey: "my-key"})
	if err != nil {
		panic(err)
	}
	event, err := chat.Receive(ctx)
	if err != nil {
		panic(err)
	}
	if call, ok := event.(evi.ToolCall); ok && call.ResponseRequired {
		fmt.Println(call.Name, call.Parameters)
		err = chat.SendToolResponse(evi.ToolResponse{ToolCallID: call.ID, Content: `{"status":"shipped"}`})
	}
	fmt.Println(errors.Join(err, chat.Close(1000)))

	server.Close()
	fmt.Println(server.Err(), server.Faults())
	// Output:
	// order_status {"order_id":"A-17"}
	// <nil>
	// <nil> []
}
