package twiml

import (
	"testing"
	"time"
)

func TestPutThrough(t *testing.T) {
	for name, tt := range map[string]struct {
		dial Dial
		want string
	}{
		"alone": {Dial{Number: "+14155550199"}, `<Response><Dial answerOnBridge=true><Number>+14155550199</></></>`},
		"all but a screen": {Dial{Number: "+14155550199", CallerID: "+14155550100", Timeout: 25 * time.Second, Action: "https://h.example/next", Answered: "https://h.example/w?call=1&answered=1"},
			`<Response><Dial action=https://h.example/next answerOnBridge=true callerId=+14155550100 timeout=25>` +
				`<Number statusCallback=https://h.example/w?call=1&answered=1 statusCallbackEvent=answered>+14155550199</></></>`},
		"a screen": {Dial{Number: "+14155550199", Timeout: 1500 * time.Millisecond, Screen: "https://h.example/w?call=1"},
			`<Response><Dial answerOnBridge=true timeout=2><Number url=https://h.example/w?call=1>+14155550199</></></>`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse(t, PutThrough(tt.dial)).String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What an agent wrote is said, and can't be markup.
func TestScreen(t *testing.T) {
	got := parse(t, Screen("A \"call\" <Hangup/> &\x07\n  from \ufffeDana\xff.", "https://h.example/w?call=1&accepted=1", 5*time.Second)).String()
	want := `<Response><Gather action=https://h.example/w?call=1&accepted=1 numDigits=1 timeout=5>` +
		`<Say>A "call" <Hangup/> & from Dana .</></><Hangup></></>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDigitsBeforeAStream(t *testing.T) {
	doc, err := ConnectStream(Stream{URL: "wss://h.example/m", Digits: "1w2W#*"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := parse(t, doc).String(), `<Response><Play digits=1w2W#*></><Connect><Stream url=wss://h.example/m></></><Hangup></></>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if doc, err := ConnectStream(Stream{URL: "wss://h.example/m", Digits: "1-2"}); err == nil {
		t.Errorf("digits that Twilio does not know give %s", doc)
	}
}
