package desk

import (
	"embed"
	"strings"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/media"
)

//go:embed *.wav
var files embed.FS

// clip is something that the desk says: the name of a file, and its words.
type clip struct{ name, text string }

var (
	sorry    = clip{"sorry", "I'm sorry. Nobody can talk with you right now."}
	speak    = clip{"speak", "Please leave your message after the tone. When you are done, press any key."}
	kept     = clip{"kept", "Thank you. A person will listen to your message. Goodbye."}
	noted    = clip{"noted", "Thank you. A person will call you back. Goodbye."}
	failed   = clip{"failed", "I'm sorry, that did not work."}
	moment   = clip{"moment", "One moment, please."}
	there    = clip{"there", "Are you still there?"}
	silent   = clip{"silent", "I can't hear you, so I'll hang up now. Goodbye."}
	again    = clip{"again", "To hear this again, press zero."}
	message  = clip{"message", "To leave a message, press one."}
	callback = clip{"callback", "To be called back at the number you are calling from, press two."}
	person   = clip{"person", "To speak with a person, press three."}
	stop     = clip{"stop", "To stop calls from us, press nine."}
)

// prompts are the sentences that a call asks an agent to say and that the desk has clips of.
var prompts = []clip{there, silent, {"minute", "I'm sorry, but this call has to end in a minute."},
	{"time", "I'm sorry, our time is up. Goodbye."}, {"goodbye", "Goodbye."}}

// prompt finds the clip of a text.
func prompt(text string) (clip, bool) {
	for _, p := range prompts {
		if agent.SameWords(p.text, text) {
			return p, true
		}
	}
	return clip{}, false
}

// sounds is every clip in µ-law at 8 kHz, converted once, when the first call needs them.
var sounds = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	list, err := files.ReadDir(".")
	if err != nil {
		panic("internal error: desk: " + err.Error())
	}
	for _, f := range list {
		wav, err := files.ReadFile(f.Name())
		if err == nil {
			all[strings.TrimSuffix(f.Name(), ".wav")], err = media.ReadClip(wav)
		}
		if err != nil {
			panic("internal error: desk: " + f.Name() + ": " + err.Error())
		}
	}
	return all
})

// lasts is how long µ-law at 8 kHz plays.
func lasts(ulaw []byte) time.Duration { return time.Duration(len(ulaw)) * time.Second / media.Rate }
