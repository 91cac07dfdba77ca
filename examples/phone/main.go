// Phone calls a bridge with no telephone and no account: a simulated phone on this machine
// announces a call as Twilio would, says a WAV file once the line is quiet, listens, hangs up, and
// keeps what both ears heard. Use it on a bridge that serves nobody else:
//
//	./bin/bridge serve
//	TWILIO_AUTH_TOKEN=… go run ./examples/phone -public https://… -say question.wav
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("phone", flag.ContinueOnError)
	var phone twiliotest.Phone
	flags.StringVar(&phone.Bridge, "bridge", "http://127.0.0.1:8080", "where the bridge listens")
	flags.StringVar(&phone.Public, "public", "", "PUBLIC_URL of the bridge, which is what gets signed; empty for -bridge")
	flags.StringVar(&phone.AuthToken, "token", os.Getenv("TWILIO_AUTH_TOKEN"), "TWILIO_AUTH_TOKEN of the bridge")
	flags.StringVar(&phone.AccountSID, "account", os.Getenv("TWILIO_ACCOUNT_SID"), "TWILIO_ACCOUNT_SID of the bridge")
	from := flags.String("from", "+14155550142", "the caller's number")
	to := flags.String("to", "+14155550100", "the number called, one of bridge.yaml's numbers")
	say := flags.String("say", "", "WAV file that the caller says")
	file := flags.String("out", "call.wav", "file for the call's sound: caller left, agent right")
	timeout := flags.Duration("timeout", time.Minute, "end of the call at the latest")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()
	var question []byte
	if *say != "" {
		wav, err := os.ReadFile(*say)
		if err != nil {
			return err
		}
		if question, err = media.ReadClip(wav); err != nil {
			return err
		}
	}

	call, err := phone.Dial(ctx, *from, *to)
	if err != nil {
		return err
	}
	err = talk(ctx, call, question)
	call.HangUp()
	<-call.Done()
	report(out, call)
	for _, fault := range call.Faults() { // what Twilio would warn of
		err = errors.Join(err, errors.New(fault))
	}
	left, right := call.Said(), call.Heard()
	size := min(len(left), len(right))
	wav := media.AppendWAVHeader(nil, media.Rate, 2, uint64(4*size))
	pcm := make([]byte, 4*size)
	media.InterleaveULaw(pcm, left[:size], right[:size])
	return errors.Join(err, os.WriteFile(*file, append(wav, pcm...), 0o600))
}

// talk waits for the greeting, asks, and waits for the answer.
func talk(ctx context.Context, call *twiliotest.Call, question []byte) error {
	if err := listen(ctx, call); err != nil || question == nil {
		return err
	}
	call.Speak(question)
	if err := call.WaitSpoken(ctx); err != nil {
		return err
	}
	return listen(ctx, call)
}

// listen returns when new sound has come and the line has been quiet for half a second after it.
func listen(ctx context.Context, call *twiliotest.Call) error {
	silence := bytes.Repeat([]byte{media.Silence}, media.Rate/2)
	from := len(call.Heard())
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-call.Done():
			return nil // the bridge has hung up
		case <-tick.C:
		}
		heard := call.Heard()[from:]
		spoken := bytes.Count(heard, silence[:1]) < len(heard)
		if spoken && call.Queued() == 0 && bytes.HasSuffix(heard, silence) {
			return nil
		}
	}
}

// report prints what happened on the line.
func report(out io.Writer, call *twiliotest.Call) {
	for _, m := range call.Timeline() {
		if m.Event != twiliotest.Media { // every piece of sound
			fmt.Fprintf(out, "%6.2f  %s %s\n", m.At.Seconds(), m.Event, m.Name)
		}
	}
	fmt.Fprintf(out, "ended by %s\n", call.Ended())
}
