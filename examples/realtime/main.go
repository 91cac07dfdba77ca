// Realtime is a client of a server of OpenAI's Realtime wire: it opens a session with a tool, says
// one thing by text, answers the tool, and keeps the voice's answer as a WAV file.
//
//	OPENAI_API_KEY=… go run ./examples/realtime -model gpt-realtime-2.1 -out answer.wav "Where is order A-17?"
//
// -dialect and -url name another server of that wire.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/realtime"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// orderStatus is the one tool that the voice may ask for.
var orderStatus = realtime.Tool{
	Name:        "order_status",
	Description: "Look up an order by its number.",
	Parameters: json.RawMessage(`{"type":"object","properties":{"order_id":{"type":"string"}},` +
		`"required":["order_id"]}`),
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("realtime", flag.ContinueOnError)
	dialect := flags.String("dialect", string(realtime.OpenAI), "whose form of the wire the server speaks")
	url := flags.String("url", "", "address of the server; empty for the dialect's own")
	key := flags.String("key", os.Getenv("OPENAI_API_KEY"), "API key")
	model := flags.String("model", "gpt-realtime-2.1", "model")
	file := flags.String("out", "answer.wav", "file for the voice's answer")
	if err := flags.Parse(args); err != nil {
		return err
	}
	session, err := realtime.Dial(ctx, &realtime.DialOptions{
		Dialect: realtime.Dialect(*dialect), URL: *url, APIKey: *key, Model: *model,
		Session: realtime.Config{
			Instructions: realtime.Set("You answer questions about orders. Be brief."),
			Audio:        realtime.Audio{Output: realtime.AudioOutput{Format: realtime.PCMU()}},
			Tools:        []realtime.Tool{orderStatus},
		},
	})
	if err != nil {
		return err
	}
	defer session.Close(realtime.CloseNormal)
	if _, err := session.Send(realtime.ItemCreate{Item: realtime.UserText(flags.Arg(0))}); err != nil {
		return err
	}
	if _, err := session.Send(realtime.ResponseCreate{}); err != nil {
		return err
	}
	ulaw, err := listen(ctx, session, out)
	if err != nil {
		return err
	}
	wav := media.AppendWAV(nil, media.Rate, 1, media.AppendDecodeULaw(nil, ulaw))
	return os.WriteFile(*file, wav, 0o600)
}

// listen receives until the voice has answered in words, and returns its sound as µ-law.
func listen(ctx context.Context, session *realtime.Session, out io.Writer) (ulaw []byte, err error) {
	answered := false // a tool; the voice goes on when it is asked to
	for {
		event, err := session.Receive(ctx)
		if err != nil {
			return ulaw, err
		}
		switch e := event.(type) {
		case realtime.OutputItemDone:
			if e.Item.Type != realtime.TypeFunctionCall {
				break
			}
			answered = true
			fmt.Fprintf(out, "tool: %q %q\n", e.Item.Name, e.Item.Arguments)
			output := realtime.FunctionOutput(e.Item.CallID, `{"shipped":"Tuesday"}`)
			if _, err := session.Send(realtime.ItemCreate{Item: output}); err != nil {
				return ulaw, err
			}
		case *realtime.AudioDelta:
			ulaw = append(ulaw, e.Audio...)
		case realtime.AudioTranscriptDone:
			fmt.Fprintf(out, "voice: %q\n", e.Transcript)
		case realtime.ResponseDone:
			if err := e.Response.Err(); err != nil {
				return ulaw, err
			}
			if !answered {
				return ulaw, nil
			}
			answered = false
			if _, err := session.Send(realtime.ResponseCreate{}); err != nil {
				return ulaw, err
			}
		default: // most *Error events are harmless; see realtime.Code.Class
		}
	}
}
