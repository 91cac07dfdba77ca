package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/patchcord/patchcord/media"
)

// Where Debian's packages have the recordings of each language.
var folders = map[string]string{"en": "en_US_f_Allison", "es": "es_MX_f_Allison"}

// prompt is a recording of a sentence.
type prompt struct {
	words  string
	ulaw   []byte // as the telephone carries it
	linear []byte // what is left of it then: 16 bits, little-endian
	begins int    // its first and last loud byte of ulaw
	ends   int
}

// readPrompt reads a recording and the words that the packages' list has for it.
func readPrompt(dir, language, name string) (*prompt, error) {
	list := filepath.Join(dir, "tree/usr/share/doc/asterisk-core-sounds-"+language, "core-sounds-"+language+".txt")
	words, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	p := &prompt{}
	for line := range strings.Lines(string(words)) {
		if text, ok := strings.CutPrefix(line, name+":"); ok {
			p.words = strings.TrimSpace(text)
		}
	}
	if p.words == "" {
		return nil, fmt.Errorf("%s: nothing of %s", list, name)
	}
	sound := filepath.Join(dir, "tree/usr/share/asterisk/sounds", folders[language], name+".wav")
	wav, err := os.ReadFile(sound)
	if err != nil {
		return nil, err
	}
	w, err := media.ParseWAV(wav)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sound, err)
	}
	if w.Rate != media.Rate || w.Channels != 1 {
		return nil, fmt.Errorf("%s: want 1 channel at %d Hz, got %d at %d", sound, media.Rate, w.Channels, w.Rate)
	}
	recorded := samples(w.Data)
	p.ulaw = media.AppendEncodeULaw(nil, recorded)
	decoded := media.AppendDecodeULaw(nil, p.ulaw)
	if err := near(recorded, decoded); err != nil {
		return nil, fmt.Errorf("%s: %w", sound, err)
	}
	for _, v := range decoded {
		p.linear = binary.LittleEndian.AppendUint16(p.linear, uint16(v))
	}
	p.begins, p.ends = extent(decoded)
	return p, nil
}

// key is a piece of its middle, by which it is known.
func (p *prompt) key(sound []byte) []byte {
	width := len(sound) / len(p.ulaw) // of a sample
	middle, half := (p.begins+p.ends)/2, (p.ends-p.begins)/6
	return sound[(middle-half)*width : (middle+half)*width]
}

// recognize finds what was said in a turn, µ-law or linear.
func recognize(prompts []*prompt, turn []byte) string {
	for _, p := range prompts {
		if bytes.Contains(turn, p.key(p.ulaw)) || bytes.Contains(turn, p.key(p.linear)) {
			return p.words
		}
	}
	return "(not understood)"
}
