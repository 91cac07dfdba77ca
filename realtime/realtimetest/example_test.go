package realtimetest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// A user asks, is answered, and interrupts; the test looks at what the model is left with.
func ExampleNewServer() {
	server := realtimetest.NewServer(realtimetest.Config{
		Key: "my-key",
		Model: realtimetest.Answers(
			realtimetest.Turn{realtimetest.Speak("It left on Monday.", time.Second)},
		),
		Handle: realtimetest.Script(
			realtimetest.Says("Where is my parcel?"),
			realtimetest.Expect("conversation.item.truncate", realtimetest.Fields{"audio_end_ms": 400}),
		),
	})
	ctx := context.Background()
	session, err := realtime.Dial(ctx, server.Options())
	if err != nil {
		panic(err)
	}
	for {
		event, err := session.Receive(ctx)
		if err != nil {
			panic(err)
		}
		done, ok := event.(realtime.ResponseDone)
		if !ok {
			continue
		}
		_, err = session.Send(realtime.ItemTruncate{ItemID: done.Response.Output[0].ID, AudioEndMS: 400})
		if err != nil {
			panic(err)
		}
		break
	}
	session.Close(realtime.CloseNormal)
	server.Close()
	for _, line := range server.Conns()[0].Context() {
		fmt.Println(line)
	}
	fmt.Println(server.Err(), server.Faults())
	// Output:
	// user: Where is my parcel?
	// assistant: (400 ms of audio)
	// <nil> []
}
