package agent

import (
	"cmp"
	"context"
	"net"
	"time"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/realtime"
)

// Realtime dials a voice that speaks OpenAI's Realtime wire, in one of its dialects.
type Realtime struct {
	Dialect realtime.Dialect // defaults to OpenAI's
	URL     string           // defaults to the dialect's own
	APIKey  string
	Model   string

	// Settings are those of each session. Instructions and tools come on top; what is not
	// given of turn detection and transcription has the defaults of this package.
	Settings realtime.Config

	// Prompt is the instructions. Each {{name}} in it is filled by a variable of the call.
	Prompt string

	// Listens is true for a voice that waits for the caller's words. Any other speaks
	// first, in its own words, once the caller can hear it.
	Listens bool

	Prices Prices // over those that are built in

	Budgets Budgets // Message and Echo of them hold on the wire

	// NetDialContext makes the connection. Defaults to that of net.Dialer.
	NetDialContext func(ctx context.Context, network, addr string) (net.Conn, error)
}

// How long a server may take to confirm a session. One that is self-hosted may load its
// model meanwhile.
const (
	readyTimeout       = 5 * time.Second
	readyTimeoutAtHome = 10 * time.Second
)

// A server is asked so often whether it still lives, and is given up when nothing has come of
// it for two intervals: a caller must not sit in silence for long.
const (
	pingInterval       = 2 * time.Second
	pingIntervalAtHome = 15 * time.Second
)

// Check tells what of a session the voice can't be given, or of the prompt once the variables
// are in it.
func (d *Realtime) Check(s Session) error {
	if err := checkVariables(s.Variables); err != nil { // ahead of what is made of them
		return err
	}
	return checkSession(s, fillPrompt(d.Prompt, s.Variables))
}

// Dial opens a session.
func (d *Realtime) Dial(ctx context.Context, s Session) (Agent, error) {
	if err := d.Check(s); err != nil {
		return nil, &LostError{Op: "dial", Fatal: true, Err: err}
	}
	names := newToolNames(s.Tools)
	settings := d.settings()
	settings.Tools = names.tools(s.Tools)
	prompt := fillPrompt(d.Prompt, s.Variables)
	if prompt != "" {
		settings.Instructions = realtime.Set(prompt)
	}
	ready, ping := readyTimeout, pingInterval
	if d.Dialect.Traits().Auth == realtime.AuthNone { // whose models may keep it from answering
		ready, ping = readyTimeoutAtHome, pingIntervalAtHome
	}
	budgets := d.Budgets.WithDefaults()
	session, err := realtime.Dial(ctx, &realtime.DialOptions{
		Dialect: d.Dialect, URL: d.URL, Model: d.Model, APIKey: d.APIKey,
		Session: settings, ReadyTimeout: ready, PingInterval: ping, PongTimeout: ping,
		MaxMessage: budgets.Message, MaxEcho: budgets.Echo, NetDialContext: d.NetDialContext})
	if err != nil {
		return nil, realtimeLost("dial", err)
	}
	a, err := newRealtimeAgent(d, session, names, prompt, time.Now())
	if err != nil {
		session.Close(realtime.CloseNormal)
		return nil, &LostError{Op: "dial", Fatal: true, Err: err}
	}
	return a, nil
}

// settings are d's with what is not said in them.
func (d *Realtime) settings() realtime.Config {
	c := d.Settings
	c.OutputModalities = []realtime.Modality{realtime.ModalityAudio}
	in := &c.Audio.Input
	if in.Transcription.IsZero() { // without it nobody learns what the caller says
		in.Transcription = realtime.Set(realtime.Transcription{})
	}
	if in.TurnDetection.IsZero() {
		in.TurnDetection = realtime.Set(realtime.TurnDetection{Type: realtime.ServerVAD})
	}
	t, _ := in.TurnDetection.Get()
	if t.Type == realtime.ServerVAD && t.SilenceDurationMS.IsZero() { // whose default is uncertain
		t.SilenceDurationMS = realtime.Set(silenceDefault)
	}
	t.CreateResponse, t.InterruptResponse = realtime.Set(true), realtime.Set(true)
	in.TurnDetection = realtime.Set(t)
	if d.Dialect.Traits().Tracing { // OpenAI's own, where transcripts are stored
		c.Tracing = realtime.Null[realtime.Tracing]()
		c.Truncation = realtime.Truncation{Mode: realtime.RetentionRatio, Ratio: retention}
	}
	return c
}

const (
	silenceDefault = 500 // ms, after which a turn of the caller's is over
	retention      = 0.8 // kept of a conversation that outgrows the model, so that its cache survives
)

// expires is when another session has to have taken the place of one that ends then: five
// minutes before, or a fifth of what is left if that is less. It is zero for a session
// whose end isn't known.
func expires(end, now time.Time) time.Time {
	left := end.Sub(now)
	if end.IsZero() || left <= 0 { // or the clocks differ
		return time.Time{}
	}
	return end.Add(-min(5*time.Minute, left/5))
}

// newRealtimeAgent makes the agent of a session that is open.
func newRealtimeAgent(d *Realtime, session *realtime.Session, names *toolNames, prompt string,
	now time.Time) (*realtimeAgent, error) {
	in, out := session.InputFormat(), session.OutputFormat()
	a := &realtimeAgent{session: session, traits: d.Dialect.Traits(), names: names, prompt: prompt,
		greets: !d.Listens, prices: d.Prices, budgets: d.Budgets.WithDefaults(),
		model: cmp.Or(session.Info().Model, d.Model), transcriber: transcriber(session.Info(), d),
		chat: Chat{ID: string(session.Info().ID), Voice: "realtime", Truncates: d.Dialect.Traits().Truncate,
			Expires: expires(session.ExpiresAt(), now)}}
	a.sound.format = out
	if in.Type == realtime.TypePCM {
		up, err := media.NewUplink(in.Rate)
		if err != nil {
			return nil, err
		}
		a.up = up
	}
	a.init()
	return a, nil
}

// transcriber is the model that writes down what the caller says.
func transcriber(info realtime.SessionInfo, d *Realtime) string {
	confirmed, _ := info.Audio.Input.Transcription.Get()
	wanted, _ := d.Settings.Audio.Input.Transcription.Get()
	return cmp.Or(confirmed.Model, wanted.Model, d.Dialect.Traits().TranscriptionModel)
}
