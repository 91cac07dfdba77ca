package main

import (
	"bytes"
	"context"
	"sync"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

const key = "key-of-the-callers"

// How a voice sends an answer: faster than it sounds, so that the line never waits for the
// voice, and slowly enough to be interrupted meanwhile.
const (
	pieceMS = 500
	pace    = 4
)

// newRealtime starts a voice that hears turns in the caller's sound and answers them.
func newRealtime(steps []step) *realtimetest.Server {
	var turns []realtimetest.Turn
	for _, s := range steps {
		turns = append(turns, realtimetest.Turn{func(r *realtimetest.Response) error {
			return r.Say(realtimetest.Speech{Text: s.answer, For: s.length, Sizes: []int{pieceMS * perMS}, Pace: pace})
		}})
	}
	return realtimetest.NewServer(realtimetest.Config{Key: key, Listen: true, Model: realtimetest.Answers(turns...),
		Transcribe: func(turn []byte) string { return recognize(prompts(steps), turn) }})
}

// ulawTone is what a realtime voice says.
func ulawTone(s step) []byte {
	return realtimetest.Tone(realtime.AudioFormat{Type: realtime.TypePCMU}, 440, s.length)
}

// eviVoice is EVI on one call: it does by itself what realtimetest does.
type eviVoice struct {
	steps []step

	mu    sync.Mutex
	heard []byte // linear16
	chats []*evitest.Conn
}

// serveEVI takes a chat; its configuration says of which scene.
func (s *scenes) serveEVI(c *evitest.Conn) {
	for _, sc := range s.all {
		if sc.evi != nil && c.Query.Get("config_id") == sc.configID() {
			sc.evi.serve(c)
		}
	}
}

// serve takes the first chat, and leaves any other at once: that EVI is gone for good.
func (v *eviVoice) serve(c *evitest.Conn) {
	v.mu.Lock()
	v.chats = append(v.chats, c)
	first := len(v.chats) == 1
	v.mu.Unlock()
	if !first {
		c.Drop()
		return
	}
	if c.Greet("") != nil {
		return
	}
	var saying sync.WaitGroup
	defer saying.Wait()
	ctx, stop := context.WithCancel(context.Background())
	defer func() { stop() }()
	var all []int16
	turn, e := 0, ear{}
	for {
		m, err := c.Receive(context.Background()) // it ends with the chat
		if err != nil {
			return
		}
		if m.Type != "audio_input" {
			continue
		}
		v.mu.Lock()
		v.heard = append(v.heard, m.Audio...)
		v.mu.Unlock()
		all = append(all, samples(m.Audio)...)
		e.hear(all, func() {
			if stop(); turn > 0 {
				_ = c.Interrupt() // a bridge that has left is seen by Receive
			}
		}, func(from int) {
			_ = c.Transcribe(recognize(prompts(v.steps), v.all()[2*from:]), false, nil)
			if turn < len(v.steps) {
				ctx, stop = context.WithCancel(context.Background())
				s := v.steps[turn]
				saying.Go(func() { say(ctx, c, s) })
			}
			turn++
		})
	}
}

// say gives an answer, until it is interrupted.
func say(ctx context.Context, c *evitest.Conn, s step) {
	err := c.Say(ctx, evitest.Speech{ID: s.answer, Text: s.answer, PCM: tone(48000, s.length), ChunkMS: pieceMS, Pace: pace})
	if err == nil {
		_ = c.AssistantEnd() // as Interrupt
	}
}

func (v *eviVoice) all() []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.heard
}

// leave breaks the connection without a word.
func (v *eviVoice) leave() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.chats[0].Drop()
}

// got tells whether all of a prompt has reached the voice that a step is for, byte for byte.
func (s *scene) got(i int) bool {
	p := s.steps[i].recorded
	if s.by(i) == "evi" {
		return bytes.Contains(s.evi.all(), p.linear)
	}
	for _, c := range s.realtime.Conns() {
		if bytes.Contains(c.Heard(), p.ulaw) {
			return true
		}
	}
	return false
}
