package twilio

import (
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/internal/hostile"
)

// Whatever comes on a media socket is an event: it is read soon and in little memory, and what is said of it
// repeats no value of it.
func TestHostileMessages(t *testing.T) {
	forms := []string{`{"event":%}`, `{"event":"start","start":{"streamSid":%,"callSid":"CA1"}}`, `{"event":"start","start":{"streamSid":"MZ1","callSid":%,"tracks":[%]}}`,
		`{"event":"start","start":{"streamSid":"MZ1","callSid":"CA1","customParameters":{%:%}}}`, `{"event":"media","media":{"track":%,"timestamp":%,"payload":"FBQUFA=="}}`,
		`{"event":"media","media":{"payload":%}}`, `{"event":"dtmf","dtmf":{"digit":%}}`, `{"event":"mark","mark":{"name":%}}`, `{"event":"stop","stop":{"callSid":%}}`, `%`}
	var messages []string
	for _, in := range hostile.Texts() {
		messages = append(messages, in.Text)
		for _, form := range forms {
			for strings.Contains(form, "%") {
				form = hostile.Fill(form, strings.ReplaceAll(in.Text, "%", ""))
			}
			messages = append(messages, form)
		}
	}
	for _, in := range hostile.JSON() {
		messages = append(messages, in.Text, `{"event":"start","start":`+in.Text+`}`, `{"event":"media","media":`+in.Text+`}`)
	}
	for _, m := range messages {
		if len(m) > maxMessage {
			continue // ends the socket: TestMessageOverTheLimit
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		ev := parse([]byte(m))
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 32 || took > 2*time.Second {
			t.Errorf("%.60q: %v and %d MiB", m, took, used)
		}
		switch ev := ev.(type) {
		case Malformed:
			text := ev.Reason
			if ev.Err != nil {
				text += ev.Err.Error()
			}
			if len(text) > 1000 || strings.Contains(text, "forged") || strings.ContainsAny(ev.Reason, "\x00\x1b\u009b\u202e") {
				t.Errorf("%.60q: %q", m, text)
			}
		case Unknown:
			if len(ev.Name) > maxName || !utf8.ValidString(ev.Name) {
				t.Errorf("%.60q: the name is %q", m, ev.Name)
			}
		case *Media:
			ev.Release()
		}
	}
}
