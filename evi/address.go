package evi

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patchcord/patchcord/internal/wire"
)

// DefaultURL is Hume's host.
const DefaultURL = "https://api.hume.ai"

// chatPath is the chat socket's, as in Hume's EVI reference.
const chatPath = "/v0/evi/chat"

const (
	maxPrompt  = 1000 // characters of a system prompt in the address, as Hume's TypeScript client warns
	maxAddress = 8000 // bytes; many servers take request lines up to 8 KiB
)

// address is the URL to dial, query and all. Its errors quote neither the URL
// nor any value, because both may carry keys.
func (o *DialOptions) address() (string, error) {
	u, err := wire.Address(cmp.Or(o.URL, DefaultURL))
	if err != nil {
		return "", err
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = chatPath
	}

	q := u.Query()
	o.addTo(q)
	if err := o.Settings.addTo(q); err != nil {
		return "", err
	}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // a "+" is a space to some servers only
	if n := len(u.String()); n > maxAddress {
		return "", fmt.Errorf("the options produce a URL of %d bytes: want at most %d; "+
			"send long settings by SendSettings", n, maxAddress)
	}
	return u.String(), nil
}

// addTo writes the options that are parameters of their own.
func (o *DialOptions) addTo(q url.Values) {
	set(q, "config_id", string(o.ConfigID))
	set(q, "config_version", number(o.ConfigVersion))
	set(q, "resumed_chat_group_id", string(o.ResumeChatGroupID))
	set(q, "event_limit", number(o.EventLimit))
	set(q, "access_token", o.AccessToken)
	if o.KeyInQuery {
		set(q, "api_key", o.APIKey)
	}
	if o.VerboseTranscription {
		q.Set("verbose_transcription", "true")
	}
	if o.AllowConnection {
		q.Set("allow_connection", "true")
	}
}

// addTo writes the settings in the bracket notation that EVI reads, such as
// session_settings[audio][encoding].
func (s *ConnectSettings) addTo(q url.Values) error {
	if s == nil {
		return nil
	}
	if err := s.check(); err != nil {
		return fmt.Errorf("field Settings: %w", err)
	}
	if a := s.Audio; a != nil {
		set(q, "session_settings[audio][encoding]", a.Encoding)
		set(q, "session_settings[audio][sample_rate]", number(a.SampleRate))
		set(q, "session_settings[audio][channels]", number(a.Channels))
		set(q, "session_settings[audio][codec]", a.Codec)
	}
	if c := s.Context; c != nil {
		set(q, "session_settings[context][text]", c.Text)
		set(q, "session_settings[context][type]", c.Type)
	}
	set(q, "session_settings[custom_session_id]", s.CustomSessionID)
	set(q, "session_settings[event_limit]", number(s.EventLimit))
	set(q, "session_settings[language_model_api_key]", s.LanguageModelAPIKey)
	set(q, "session_settings[system_prompt]", s.SystemPrompt)
	set(q, "session_settings[voice_id]", s.VoiceID)
	for name, value := range s.Variables {
		text, _ := variable(value)
		q.Set("session_settings[variables]["+name+"]", text)
	}
	return nil
}

func (s *ConnectSettings) check() error {
	if n := utf8.RuneCountInString(s.SystemPrompt); n > maxPrompt {
		return fmt.Errorf("SystemPrompt has %d characters: want at most %d in the URL; "+
			"send a longer one by SendSettings", n, maxPrompt)
	}
	if s.EventLimit < 0 {
		return fmt.Errorf("EventLimit is %d: want 0 or more", s.EventLimit)
	}
	for name := range s.Variables {
		if name == "" || strings.ContainsAny(name, "[]") {
			return fmt.Errorf("variable name %q is empty or has a bracket", name)
		}
	}
	return cmp.Or(s.Audio.check(), s.Context.check(), s.Variables.check())
}

// set leaves out what is empty.
func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

// number leaves out 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
