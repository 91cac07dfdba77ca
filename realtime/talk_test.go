package realtime_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

var lookup = realtime.Tool{Name: "order_status", Parameters: json.RawMessage(`{"type":"object"}`)}

// settings are those of a telephone call.
func settings(o *realtime.DialOptions) {
	o.Session = realtime.Config{
		Instructions: realtime.Set("Be brief."),
		Audio: realtime.Audio{Input: realtime.AudioInput{
			Transcription: realtime.Set(realtime.Transcription{Language: "en"}),
			TurnDetection: realtime.Set(realtime.TurnDetection{Type: realtime.ServerVAD, SilenceDurationMS: realtime.Set(500)}),
		}, Output: realtime.AudioOutput{Voice: "marin"}},
		Tools: []realtime.Tool{lookup}, Tracing: realtime.Null[realtime.Tracing](),
	}
}

// talk is a call: sound, a turn, a tool, an answer that is interrupted, on any dialect.
// It returns what the model knows at the end.
func talk(t *testing.T, d realtime.Dialect, start func(realtimetest.Config) *realtimetest.Server) []string {
	t.Helper()
	speaking := make(chan struct{})
	user := make(chan *realtimetest.Conn, 1)
	s := start(realtimetest.Config{Dialect: d, Key: key,
		Model: realtimetest.Answers(
			realtimetest.Turn{realtimetest.Speak("Let me look.", time.Second),
				realtimetest.Call("order_status", `{"order_id":"A-17"}`)},
			realtimetest.Turn{realtimetest.Talk("Your parcel left on Monday and it should be there today.", 4*time.Second)},
			realtimetest.Turn{realtimetest.Speak("Goodbye.", time.Second)},
		),
		Handle: realtimetest.Script(realtimetest.ExpectAudio(160), realtimetest.Says("Where is it?"),
			realtimetest.Do("interrupt", func(c *realtimetest.Conn) error {
				<-speaking
				user <- c
				return nil
			})),
	})
	session := dial(t, s, settings)
	if err := session.AppendAudio(make([]byte, 160)); err != nil {
		t.Fatal(err)
	}
	done := await[realtime.ResponseDone](t, session).Response
	if done.Status != realtime.StatusCompleted || len(done.Output) != 2 || done.Output[1].Name != "order_status" ||
		done.Output[1].Arguments != `{"order_id":"A-17"}` {
		t.Fatalf("got %+v", done)
	}
	send(t, session, realtime.ItemCreate{Item: realtime.FunctionOutput(done.Output[1].CallID, `{"status":"shipped"}`)})
	send(t, session, realtime.ResponseCreate{})
	delta := await[*realtime.AudioDelta](t, session)
	place := delta.Place
	close(speaking)
	conn := <-user
	conn.SpeechStarted()
	started := await[realtime.SpeechStarted](t, session)
	done = await[realtime.ResponseDone](t, session).Response
	if done.Status != realtime.StatusCancelled || done.StatusDetails.Reason != realtime.ReasonTurnDetected ||
		done.ID != place.ResponseID {
		t.Errorf("got %+v", done)
	}
	send(t, session, realtime.ItemTruncate{ItemID: place.ItemID, AudioEndMS: 50})
	send(t, session, realtime.ItemCreate{Item: realtime.SystemText("The caller was cut off.")})
	if err := session.AppendAudio(make([]byte, 1600)); err != nil {
		t.Fatal(err)
	}
	if err := conn.AwaitAudio(t.Context(), 1760); err != nil {
		t.Fatal(err)
	}
	conn.SpeechStopped("Thanks, bye.")
	if stopped := await[realtime.SpeechStopped](t, session); stopped.ItemID != started.ItemID {
		t.Errorf("the turn of %s ends as that of %s", started.ItemID, stopped.ItemID)
	}
	if done := await[realtime.ResponseDone](t, session).Response; done.Status != realtime.StatusCompleted {
		t.Errorf("got %+v", done)
	}
	if err := session.Close(1000); err != nil {
		t.Error(err)
	}
	finish(t, s)
	if !bytes.Equal(conn.Heard(), make([]byte, 1760)) {
		t.Errorf("%d bytes were heard", len(conn.Heard()))
	}
	return conn.Context()
}

func TestTalk(t *testing.T) {
	for name, start := range map[string]func(realtimetest.Config) *realtimetest.Server{"plain": realtimetest.NewServer,
		"TLS": realtimetest.NewTLSServer} {
		t.Run(name, func(t *testing.T) {
			got := talk(t, realtime.OpenAI, start)
			want := []string{"user: Where is it?", "assistant: Let me look.", "call order_status({...})", "output shipped",
				"assistant: (50 ms of audio)", "system: The caller was cut off.", "user: Thanks, bye.", "assistant: Goodbye."}
			got[2], got[3] = want[2], want[3] // ids differ
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every dialect carries the same call.
func TestTalkInEveryDialect(t *testing.T) {
	for _, d := range realtime.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			got := talk(t, d, realtimetest.NewServer)
			cut := slices.Contains(got, "assistant: (50 ms of audio)")
			if cut != d.Traits().Truncate || len(got) != 8 {
				t.Errorf("truncated: %v; got %q", cut, got)
			}
		})
	}
}

// Every setting that there is arrives in every dialect, or is left out where the server has
// no field for it.
func TestAllSettingsInEveryDialect(t *testing.T) {
	for _, d := range realtime.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			s := serve(t, realtimetest.Config{Dialect: d})
			effort := "low"
			if d == realtime.XAI {
				effort = "high"
			}
			session := dial(t, s, settings, func(o *realtime.DialOptions) {
				c := &o.Session
				c.OutputModalities = []realtime.Modality{realtime.ModalityAudio}
				c.Audio.Input.NoiseReduction = realtime.Set(realtime.NoiseReduction{Type: realtime.NearField})
				c.ToolChoice = realtime.ToolChoice{Mode: realtime.ToolAuto}
				c.Reasoning = &realtime.Reasoning{Effort: effort}
				c.ParallelTools = realtime.Set(false)
				c.MaxOutputTokens = 4096
				c.Truncation = realtime.Truncation{Mode: realtime.RetentionRatio, Ratio: 0.8}
				c.Temperature = realtime.Set(0.7)
			})
			got := session.Info()
			voice, instructions := got.Audio.Output.Voice, got.Instructions
			if words, _ := instructions.Get(); voice != "marin" || words != "Be brief." || len(got.Tools) != 1 {
				t.Errorf("got %+v", got)
			}
			turns, ok := got.Audio.Input.TurnDetection.Get()
			if silence, _ := turns.SilenceDurationMS.Get(); !ok || silence != 500 {
				t.Errorf("got %+v", got.Audio.Input)
			}
		})
	}
}

// The audio of an answer is what the server made, however it was cut.
func TestAudioArrives(t *testing.T) {
	want := make([]byte, 100_003)
	for i := range want {
		want[i] = byte(i * 7)
	}
	s := serve(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		return r.Say(realtimetest.Speech{Text: "noise", Audio: want})
	}})
	session := dial(t, s)
	send(t, session, realtime.ResponseCreate{})
	var got []byte
	for {
		e, err := session.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		switch e := e.(type) {
		case *realtime.AudioDelta:
			got = append(got, e.Audio...)
		case realtime.ResponseDone:
			if !bytes.Equal(got, want) {
				t.Errorf("%d bytes came, want %d others", len(got), len(want))
			}
			return
		default:
		}
	}
}

// A client that knows an event's id before it sends it finds the error that it caused.
func TestSendAs(t *testing.T) {
	s := serve(t, realtimetest.Config{})
	session := dial(t, s)
	if err := session.SendAs("mine", realtime.ResponseCancel{}); err != nil {
		t.Fatal(err)
	}
	e := await[*realtime.Error](t, session)
	if e.Cause != "mine" || e.Code != realtime.ErrNothingToCancel || e.Class() != realtime.Benign {
		t.Errorf("got %+v", e)
	}
	a, b := send(t, session, realtime.ResponseCancel{}), send(t, session, realtime.ResponseCancel{})
	if a == b || await[*realtime.Error](t, session).Cause != a || await[*realtime.Error](t, session).Cause != b {
		t.Errorf("ids %q and %q", a, b)
	}
}

// What is odd doesn't disturb.
func TestOddServer(t *testing.T) {
	s := serve(t, realtimetest.Config{Odd: true,
		Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Hello there.", time.Second),
			realtimetest.Call("f", "{}")})})
	session := dial(t, s)
	send(t, session, realtime.ResponseCreate{})
	var seen []string
	for {
		e, err := session.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		switch e := e.(type) {
		case realtime.Unknown:
			if e.Type != "vendor.note" {
				t.Errorf("got %+v", e)
			}
		case realtime.OutputItemDone:
			seen = append(seen, fmt.Sprintf("%s %q", e.Item.Type, e.Item.Status))
		case realtime.ResponseDone:
			if want := []string{`message ""`, `function_call ""`}; !slices.Equal(seen, want) || e.Response.Usage != nil {
				t.Errorf("got %q and %+v, want %q", seen, e.Response.Usage, want)
			}
			return
		default:
		}
	}
}
