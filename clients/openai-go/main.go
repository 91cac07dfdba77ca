// One session with a tool and an interruption, by OpenAI's own Go client.
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/realtime"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := call(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func call(ctx context.Context) error {
	base := strings.TrimSuffix(strings.Replace(os.Getenv("REALTIME_URL"), "ws", "http", 1), "realtime")
	client := openai.NewClient(option.WithAPIKey(os.Getenv("REALTIME_KEY")), option.WithBaseURL(base))
	conn, err := client.Realtime.Connect(ctx, realtime.RealtimeConnectionOptions{},
		option.WithQuery("model", "gpt-realtime-2.1"))
	if err != nil {
		return err
	}
	defer conn.Close()

	answers, heard, speaking := 0, 0, ""
	for answers < 3 {
		event, err := conn.Recv(ctx)
		if err != nil {
			return err
		}
		switch event := event.AsAny().(type) {
		case realtime.RealtimeErrorEvent:
			return fmt.Errorf("%s: %s", event.Error.Code, event.Error.Message)
		case realtime.SessionCreatedEvent:
			err = conn.SendRaw(ctx, []byte(settings))
		case realtime.SessionUpdatedEvent:
			err = say(ctx, conn)
		case realtime.ResponseAudioDeltaEvent:
			audio, bad := base64.StdEncoding.DecodeString(event.Delta)
			if bad != nil {
				return bad
			}
			heard += len(audio)
			if answers == 1 && speaking == "" {
				speaking = event.ItemID
				err = say(ctx, conn) // over it
			}
		case realtime.ResponseDoneEvent:
			answers++
			err = answer(ctx, conn, event.Response, speaking)
		}
		if err != nil {
			return err
		}
	}
	fmt.Printf("      openai-go: %d answers, %d bytes of audio\n", answers, heard)
	return nil
}

const settings = `{"type":"session.update","session":{"type":"realtime","instructions":"Be brief.",
	"output_modalities":["audio"],
	"audio":{"input":{"format":{"type":"audio/pcmu"},"transcription":{"model":"gpt-transcribe"},
	"turn_detection":{"type":"server_vad","silence_duration_ms":500,"create_response":true,"interrupt_response":true}},
	"output":{"format":{"type":"audio/pcmu"},"voice":"marin"}},
	"tools":[{"type":"function","name":"order_status",
	"parameters":{"type":"object","properties":{"order_id":{"type":"string"}}}}]}}`

// say sends a turn of the user's: 300 ms that are loud, and 700 ms of silence.
func say(ctx context.Context, conn *realtime.RealtimeConnection) error {
	for i := range 50 {
		level := byte(0x90)
		if i >= 15 {
			level = 0xff
		}
		frame := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{level}, 160))
		err := conn.Send(ctx, realtime.RealtimeClientEventUnionParam{
			OfInputAudioBufferAppend: &realtime.InputAudioBufferAppendEventParam{Audio: frame}})
		if err != nil {
			return err
		}
	}
	return nil
}

// answer runs the tool that an answer asks for, and takes back what was not heard of one
// that was interrupted.
func answer(ctx context.Context, conn *realtime.RealtimeConnection, r realtime.RealtimeResponse, item string) error {
	for _, o := range r.Output {
		tool, ok := o.AsAny().(realtime.RealtimeConversationItemFunctionCall)
		if !ok {
			continue
		}
		output := realtime.ConversationItemParamOfFunctionCallOutput(tool.CallID, `{"status":"shipped"}`)
		err := conn.Send(ctx, realtime.RealtimeClientEventUnionParam{
			OfConversationItemCreate: &realtime.ConversationItemCreateEventParam{Item: output}})
		if err != nil {
			return err
		}
		err = conn.Send(ctx, realtime.RealtimeClientEventUnionParam{
			OfResponseCreate: &realtime.ResponseCreateEventParam{}})
		if err != nil {
			return err
		}
	}
	if r.Status != "cancelled" {
		return nil
	}
	return conn.Send(ctx, realtime.RealtimeClientEventUnionParam{
		OfConversationItemTruncate: &realtime.ConversationItemTruncateEventParam{ItemID: item, AudioEndMs: 40}})
}
