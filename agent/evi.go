package agent

import (
	"cmp"
	"context"
	"net"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/media"
)

// EVI dials Hume's Empathic Voice Interface, or whatever speaks its protocol at
// the address.
type EVI struct {
	URL       string // of the host: http(s) or ws(s)
	APIKey    string
	Tokens    Tokens // if not nil, chats are opened with a token, and never with the key
	ConfigID  string
	InputRate int  // Hz of the linear16 that EVI is sent. Defaults to 8000: no resampling at all
	Verbose   bool // interim transcripts
	Prompt    string
	// Lifetime is how long one chat may last before another takes its place.
	// Defaults to 29 min: EVI ends every chat at 30 (EVI configuration reference,
	// timeouts.max_duration).
	Lifetime time.Duration
	Budgets  Budgets // Message and Echo of them hold on the wire

	// NetDialContext makes the connection. Defaults to that of net.Dialer.
	NetDialContext func(ctx context.Context, network, addr string) (net.Conn, error)
}

// promptInAddress is the longest system prompt that may travel in the address
// of the handshake; a longer one goes in a message.
const promptInAddress = 1000

// metadataTimeout is how long EVI may take to introduce itself. Two tries fit
// into what a caller is asked to wait.
const metadataTimeout = 5 * time.Second

// Check tells what of a session EVI can't be given, or of the prompt, whose variables it fills
// in by itself.
func (d *EVI) Check(s Session) error { return checkSession(s, d.Prompt) }

// Dial opens a chat.
func (d *EVI) Dial(ctx context.Context, s Session) (Agent, error) {
	if err := d.Check(s); err != nil {
		return nil, &LostError{Op: "dial", Fatal: true, Err: err}
	}
	rate := d.InputRate
	if rate == 0 {
		rate = media.Rate
	}
	up, err := media.NewUplink(rate)
	if err != nil {
		return nil, &LostError{Op: "dial", Fatal: true, Err: err}
	}
	budgets := d.Budgets.WithDefaults()
	settings := &evi.ConnectSettings{Audio: evi.Linear16(rate), CustomSessionID: s.CallSID}
	later := evi.SessionSettings{Tools: eviTools(s.Tools), Variables: eviVariables(s.Variables)}
	if len(d.Prompt) <= promptInAddress {
		settings.SystemPrompt = d.Prompt
	} else {
		later.SystemPrompt = d.Prompt
	}
	key, token, err := d.credentials(ctx)
	if err != nil {
		return nil, eviLost("dial", err)
	}
	chat, err := evi.Dial(ctx, &evi.DialOptions{URL: d.URL, APIKey: key, AccessToken: token, ConfigID: evi.ConfigID(d.ConfigID), VerboseTranscription: d.Verbose,
		ResumeChatGroupID: evi.ChatGroupID(s.Resume), Settings: settings, MetadataTimeout: metadataTimeout, PingInterval: pingInterval,
		MaxMessage: budgets.Message, MaxEcho: budgets.Echo,
		NetDialContext: d.NetDialContext})
	if err != nil {
		d.refused(token, err)
		return nil, eviLost("dial", err)
	}
	if len(later.Tools) > 0 || later.SystemPrompt != "" || len(later.Variables) > 0 {
		if err := chat.SendSettings(later); err != nil {
			chat.Close(evi.CloseNormal)
			return nil, eviLost("dial", err)
		}
	}
	a := &eviAgent{chat: chat, budgets: budgets, up: up, resumed: s.Resume != "", expires: time.Now().Add(cmp.Or(d.Lifetime, lifetime))}
	return a, nil
}

// lifetime leaves a minute of EVI's limit of 30 for the change to another chat.
const lifetime = 29 * time.Minute

// eviVariables go into a message: an address is bounded, and is written down on its way.
func eviVariables(all map[string]string) evi.Variables {
	if len(all) == 0 {
		return nil
	}
	v := evi.Variables{}
	for name, value := range all {
		v[name] = value
	}
	return v
}

func eviTools(specs []Tool) []evi.Tool {
	var list []evi.Tool
	for _, t := range specs {
		list = append(list, evi.Tool{Name: t.Name, Description: t.Description, Parameters: string(t.Schema), FallbackContent: t.Failure})
	}
	return list
}
