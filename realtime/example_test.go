package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// The whole of a small conversation. The server here plays OpenAI's.
func ExampleDial() {
	server := realtimetest.NewServer(realtimetest.Config{Key: "my-key",
		Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Hello, Dana.", 100*time.Millisecond)})})
	defer server.Close()

	ctx := context.Background()
	session, err := realtime.Dial(ctx, &realtime.DialOptions{
		URL:    server.URL(),
		APIKey: "my-key",
		Model:  "gpt-realtime-2.1",
		Session: realtime.Config{
			Instructions: realtime.Set("You answer calls. Be brief."),
			Audio:        realtime.Audio{Output: realtime.AudioOutput{Voice: "marin"}},
		},
	})
	if err != nil {
		panic(err)
	}
	defer session.Close(realtime.CloseNormal)
	fmt.Println("audio in:", session.InputFormat())

	if _, err := session.Send(realtime.ResponseCreate{}); err != nil {
		panic(err)
	}
	heard := 0
	for {
		event, err := session.Receive(ctx)
		if err != nil {
			panic(err)
		}
		switch e := event.(type) {
		case *realtime.AudioDelta:
			heard += len(e.Audio)
		case realtime.AudioTranscriptDone:
			fmt.Printf("says %q\n", e.Transcript)
		case realtime.ResponseDone:
			fmt.Println(e.Response.Status, "after", session.OutputFormat().Duration(heard))
			return
		default: // a telephone also handles SpeechStarted, OutputItemDone and *Error
		}
	}
	// Output:
	// audio in: audio/pcmu
	// says "Hello, Dana."
	// completed after 100ms
}

// A tool's answer is an item, and the model goes on when it is asked to.
func ExampleSession_Send() {
	server := realtimetest.NewServer(realtimetest.Config{Model: realtimetest.Answers(
		realtimetest.Turn{realtimetest.Call("order_status", `{"order_id":"A-17"}`)},
		realtimetest.Turn{realtimetest.Speak("It has shipped.", 100*time.Millisecond)},
	)})
	defer server.Close()

	ctx := context.Background()
	session, err := realtime.Dial(ctx, &realtime.DialOptions{URL: server.URL(), Session: realtime.Config{
		Tools: []realtime.Tool{{Name: "order_status", Parameters: json.RawMessage(`{"type":"object"}`)}},
	}})
	if err != nil {
		panic(err)
	}
	defer session.Close(realtime.CloseNormal)

	_, err = session.Send(realtime.ResponseCreate{})
	for err == nil {
		var event realtime.Event
		event, err = session.Receive(ctx)
		switch e := event.(type) {
		case realtime.OutputItemDone:
			if e.Item.Type != realtime.TypeFunctionCall || e.Item.Status == realtime.StatusIncomplete {
				break
			}
			fmt.Println(e.Item.Name, e.Item.Arguments)
			_, err = session.Send(realtime.ItemCreate{Item: realtime.FunctionOutput(e.Item.CallID, `{"status":"shipped"}`)})
		case realtime.AudioTranscriptDone:
			fmt.Println(e.Transcript)
			return
		case realtime.ResponseDone:
			_, err = session.Send(realtime.ResponseCreate{})
		default:
		}
	}
	// Output:
	// order_status {"order_id":"A-17"}
	// It has shipped.
}

// What to do after an error depends on its class.
func ExampleCode_Class() {
	server := realtimetest.NewServer(realtimetest.Config{})
	defer server.Close()
	server.RefuseLate("insufficient_quota", 4000, 1)
	server.Refuse(503, 1)

	for range 2 {
		_, err := realtime.Dial(context.Background(), &realtime.DialOptions{URL: server.URL()})
		var classed interface{ Class() realtime.Class }
		if errors.As(err, &classed) {
			fmt.Printf("%s: %v\n", classed.Class(), err)
		}
	}
	// Output:
	// fatal: realtime: dial: session.created: closed with 4000, after realtime error insufficient_quota
	// retry: realtime: dial: the server rejected the handshake with status 503 Service Unavailable, realtime error server_error
}
