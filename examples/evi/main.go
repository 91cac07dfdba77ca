// Evi is a client of an EVI server: it opens a chat, says one thing by text, answers the tool that
// the voice asks for, and keeps the voice's answer as a WAV file.
//
//	HUME_API_KEY=… go run ./examples/evi -url https://api.hume.ai -config ID -out answer.wav "Where is order A-17?"
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/media"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("evi", flag.ContinueOnError)
	url := flags.String("url", evi.DefaultURL, "address of the server")
	key := flags.String("key", os.Getenv("HUME_API_KEY"), "API key")
	config := flags.String("config", "", "id of the EVI configuration, which names the tools")
	file := flags.String("out", "answer.wav", "file for the voice's answer")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chat, err := evi.Dial(ctx, &evi.DialOptions{URL: *url, APIKey: *key, ConfigID: evi.ConfigID(*config)})
	if err != nil {
		return err
	}
	defer chat.Close(evi.CloseNormal)
	if err := chat.SendUserInput(flags.Arg(0)); err != nil {
		return err
	}
	heard, err := listen(ctx, chat, out)
	if err != nil {
		return err
	}
	return os.WriteFile(*file, heard.wav(), 0o600)
}

// listen receives until the voice has said all of its answer.
func listen(ctx context.Context, chat *evi.Chat, out io.Writer) (sound, error) {
	var heard sound
	for {
		event, err := chat.Receive(ctx)
		if err != nil {
			return heard, err
		}
		switch e := event.(type) {
		case evi.ToolCall:
			fmt.Fprintf(out, "tool: %q %q\n", e.Name, e.Parameters)
			if err := answer(chat, e); err != nil {
				return heard, err
			}
		case evi.AssistantMessage:
			fmt.Fprintf(out, "voice: %q\n", e.Message.Content)
		case *evi.AudioOutput: // a WAV file of its own; its header says the rate
			if err := heard.add(e.Data); err != nil {
				return heard, err
			}
		case *evi.Error:
			return heard, e
		case evi.AssistantEnd:
			return heard, nil
		default: // what only a longer conversation needs, such as UserInterruption
		}
	}
}

// answer answers a tool once, if the server waits for it.
func answer(chat *evi.Chat, call evi.ToolCall) error {
	switch {
	case !call.ResponseRequired || call.ToolType == evi.ToolBuiltin:
		return nil
	case call.Name == "order_status":
		return chat.SendToolResponse(evi.ToolResponse{ToolCallID: call.ID, Content: `{"shipped":"Tuesday"}`})
	default:
		return chat.SendToolError(evi.ToolError{ToolCallID: call.ID, Error: "unknown tool"})
	}
}

// sound is the pieces of an answer, one after the other.
type sound struct {
	rate int
	pcm  []int16
}

func (s *sound) add(wav []byte) error {
	piece, err := media.ParseWAV(wav)
	if err != nil {
		return err
	}
	if piece.Channels != 1 || s.rate != 0 && s.rate != piece.Rate {
		return errors.New("the answer's pieces don't fit together")
	}
	s.rate = piece.Rate
	for b := piece.Data; len(b) >= 2; b = b[2:] {
		s.pcm = append(s.pcm, int16(binary.LittleEndian.Uint16(b))) //nolint:gosec // a sample, as it is on the wire
	}
	return nil
}

func (s *sound) wav() []byte { return media.AppendWAV(nil, s.rate, 1, s.pcm) }
