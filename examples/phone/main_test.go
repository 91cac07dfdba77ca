package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/bridge"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// asBridge makes this test's binary the program.
const asBridge = "EXAMPLE_AS_BRIDGE"

// Most of the test's time is Postgres and the bridge starting; the call takes two seconds.
func TestMain(m *testing.M) {
	if os.Getenv(asBridge) != "" {
		os.Exit(bridge.Main([]string{"serve"}))
	}
	postgrestest.Main(m)
}

const (
	token   = "0123456789abcdef0123456789abcdef"
	account = "AC00000000000000000000000000000001"
	second  = media.Rate // samples
)

const config = `sellers:
  riverbend: {legal_name: Riverbend Dental LLC, registered_name: Riverbend Dental, callback_number: "+16282350108"}
agents:
  support: {seller: riverbend, voice: evi}
numbers:
  "+14155550100": support
`

func TestPhoneCallsTheBridge(t *testing.T) {
	t.Parallel()
	voice := evitest.NewServer("key", answerer)
	defer voice.Close()
	folder := t.TempDir()
	address := serve(t, folder, voice.URL())
	question, file := filepath.Join(folder, "question.wav"), filepath.Join(folder, "call.wav")
	if err := os.WriteFile(question, media.AppendWAV(nil, media.Rate, 1, tone(second/4)), 0o600); err != nil {
		t.Fatal(err)
	}

	var out bytes.Buffer
	args := []string{"-bridge", address, "-token", token, "-account", account, "-say", question, "-out", file}
	err := run(t.Context(), args, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if text := out.String(); !strings.Contains(text, "start MZ") || !strings.HasSuffix(text, "ended by caller\n") {
		t.Errorf("it prints\n%s", text)
	}
	wav, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := media.ParseWAV(wav)
	if err != nil || kept.Channels != 2 {
		t.Fatalf("it keeps %d channels, %v", kept.Channels, err)
	}
	// The caller has asked for a quarter of a second, and the agent has spoken twice for as long.
	caller, agent := loud(kept.Data, 4), loud(kept.Data[2:], 4)
	if caller < second/5 || agent < second*2/5 {
		t.Errorf("it keeps %d loud samples of the caller, %d of the agent", caller, agent)
	}
	if faults := voice.Faults(); len(faults) > 0 {
		t.Errorf("the voice's server says %q", faults)
	}
}

// answerer greets, hears the caller out, and answers.
func answerer(c *evitest.Conn) {
	say := func(id, text string) error {
		speech := evitest.Speech{ID: id, Text: text, Rate: media.Rate, PCM: tone(media.Rate / 2)}
		return errors.Join(c.Say(context.Background(), speech), c.AssistantEnd())
	}
	err := errors.Join(c.Greet(""), say("s-1", "Riverbend Dental, how can I help?"))
	for heard := 0; err == nil && heard < second/5; {
		var m evitest.Message
		if m, err = c.Receive(context.Background()); err == nil {
			heard += loud(m.Audio, 2)
		}
	}
	if err == nil {
		err = errors.Join(c.Transcribe("Where is my order?", false, nil), say("s-2", "It shipped on Tuesday."))
	}
	for err == nil {
		_, err = c.Receive(context.Background())
	}
}

// serve starts the bridge in a process of its own and returns its address when it takes calls.
func serve(t *testing.T, folder, voice string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := l.Addr().String()
	l.Close()
	database := postgrestest.URL(t)
	if err := os.WriteFile(filepath.Join(folder, "bridge.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command(self)
	cmd.Dir, cmd.Stderr = folder, &log
	cmd.Env = append(os.Environ(), asBridge+"=1", "PUBLIC_URL=http://"+listen, "BRIDGE_LISTEN="+listen,
		"BRIDGE_API_TOKEN="+token, "TWILIO_ACCOUNT_SID="+account, "TWILIO_AUTH_TOKEN="+token,
		"TWILIO_API_URL=http://127.0.0.1:9", "HUME_API_KEY=key", "HUME_API_URL="+voice, "BRIDGE_MIGRATE=off",
		"DATABASE_URL="+database)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil || t.Failed() {
			t.Errorf("the bridge ends with %v\n%s", err, log.String())
		}
	})
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		resp, err := http.Get("http://" + listen + "/readyz")
		if err == nil {
			resp.Body.Close()
			http.DefaultClient.CloseIdleConnections()
			if resp.StatusCode == http.StatusOK {
				return "http://" + listen
			}
		}
		if time.Now().After(end) {
			t.Fatal(fmt.Errorf("the bridge does not start: %w", err))
		}
	}
}

// tone is so many samples of something that can be heard.
func tone(samples int) []int16 {
	pcm := make([]int16, samples)
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(float64(i)/3))
	}
	return pcm
}

// loud counts the samples of PCM, one every step bytes, that can be heard.
func loud(pcm []byte, step int) (n int) {
	for ; len(pcm) >= 2; pcm = pcm[min(step, len(pcm)):] {
		if sample := int16(binary.LittleEndian.Uint16(pcm)); sample > 500 || sample < -500 {
			n++
		}
	}
	return n
}
