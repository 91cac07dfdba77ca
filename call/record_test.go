package call_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/recording"
)

// recorded has the agent's calls recorded into a folder.
func recorded(folder *recording.Folder, more ...func(*call.Config, *call.Profile)) func(*call.Config, *call.Profile) {
	return func(c *call.Config, p *call.Profile) {
		c.Recordings, p.Record = folder, true
		p.Builtins = []string{builtin.PauseRecording, builtin.ResumeRecording}
		for _, f := range more {
			f(c, p)
		}
	}
}

// channels are those of a WAV, as µ-law.
func channels(t testing.TB, wav []byte) (left, right []byte) {
	t.Helper()
	w, err := media.ParseWAV(wav)
	if err != nil {
		t.Fatal(err)
	}
	if w.Rate != 8000 || w.Channels != 2 {
		t.Fatalf("%d Hz, %d channels", w.Rate, w.Channels)
	}
	var pcm [2][]int16
	for i := 0; i+1 < len(w.Data); i += 2 {
		pcm[i/2%2] = append(pcm[i/2%2], int16(uint16(w.Data[i])|uint16(w.Data[i+1])<<8))
	}
	return media.AppendEncodeULaw(nil, pcm[0]), media.AppendEncodeULaw(nil, pcm[1])
}

// tape is the recording of a call, once it is over.
func tape(t testing.TB, folder *recording.Folder, id string) (left, right []byte) {
	t.Helper()
	f, err := folder.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return channels(t, b)
}

// stretch is where a sound begins and how much of it there is.
func stretch(ulaw []byte, b byte) (at, lasts time.Duration) { return firstOf(ulaw, b), count(ulaw, b) }

// What the recording has of the agent is what the ear heard, and what it has of the caller
// is what they said, at the same times: opening, replies, an interruption, a hole.
func TestRecording(t *testing.T) {
	folder := recording.NewFolder(filepath.Join(t.TempDir(), "recordings"))
	inBubble(t, recorded(folder, opening(time.Second)), func(b *bubble) {
		c, p := b.connected()
		c.Speak(sound(700*time.Millisecond, 20)) // over the opening: the agent doesn't hear it yet
		b.pass(1500 * time.Millisecond)
		speaks(p, "a", "A long story.", sound(10*time.Second, 1))
		b.pass(1230 * time.Millisecond)
		p.Events <- agent.Interrupted{}
		b.pass(100 * time.Millisecond)
		c.Speak(sound(500*time.Millisecond, 21))
		b.pass(200 * time.Millisecond)
		c.DropFrames(100 * time.Millisecond)
		b.pass(500 * time.Millisecond)
		speaks(p, "b", "Yes?", sound(600*time.Millisecond, 2))
		b.pass(400 * time.Millisecond)
		c.HangUp() // in the middle of a word
		<-c.Done()
		r := b.record(c)
		left, right := tape(b, folder, r.ID)
		if !bytes.Equal(left[:len(c.Said())-320], c.Said()[:len(c.Said())-320]) {
			b.Error("the left channel isn't what the caller said")
		}
		for _, s := range []byte{openingSound, 1, 2} {
			at, lasts := stretch(right, s)
			wantAt, want := stretch(c.Heard(), s)
			if d := lasts - want; d < -20*time.Millisecond || d > 20*time.Millisecond {
				b.Errorf("%v of sound %d are recorded, %v were heard", lasts, s, want)
			}
			if d := at - wantAt; d < -20*time.Millisecond || d > 20*time.Millisecond {
				b.Errorf("sound %d is recorded at %v and was heard at %v", s, at, wantAt)
			}
		}
		if d := len(right) - len(c.Heard()); d < -320 || d > 320 {
			b.Errorf("%d samples, want %d", len(right), len(c.Heard()))
		}
		if notes := entries(r, calllog.KindNote); len(notes) != 1 || notes[0].Text != "the recording begins" || notes[0].AtMS > 50 {
			b.Errorf("notes %+v", notes)
		}
		noFaults(b, c)
	})
}

// A folder that can't be used costs the recording and nothing else.
func TestNoFolderNoRecording(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := recording.NewFolder(filepath.Join(dir, "file"))
	inBubble(t, recorded(folder), func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Hello.", sound(time.Second, 1))
		b.pass(2 * time.Second)
		c.HangUp()
		<-c.Done()
		r := b.record(c)
		if said(b, r, "Hello.").Heard != calllog.HeardFull || r.Outcome != "caller_hung_up" {
			b.Errorf("the call suffers: %+v", r)
		}
		notes := entries(r, calllog.KindNote)
		if len(notes) != 2 || notes[1].Text != "the call is not recorded: its file can't be made" {
			b.Errorf("notes %+v", notes)
		}
	})
}
