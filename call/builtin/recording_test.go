package builtin

import (
	"slices"
	"testing"
)

func TestRecording(t *testing.T) {
	for _, x := range []struct {
		name   string
		err    error
		paused string
		goesOn string
	}{
		{"recorded", nil, "The recording is paused. Ask for what you need now, and use resume_recording afterwards.",
			"The call is recorded again."},
		{"unchanged", ErrUnchanged, "The recording is paused already.", "The recording is not paused."},
		{"not wanted", ErrUnrecorded, "refused: They don't want to be recorded. It stays so.",
			"refused: They don't want to be recorded. It stays so."},
		{"not recorded", ErrNotRecorded, "refused: This call is not recorded, so there is nothing to pause. Go on.",
			"refused: This call is not recorded, so there is nothing to pause. Go on."},
	} {
		t.Run(x.name, func(t *testing.T) {
			f := fakeCall{recording: x.err}
			got := []string{f.uses(t, PauseRecording, `{}`), f.uses(t, ResumeRecording, `{}`)}
			if want := []string{x.paused, x.goesOn}; !slices.Equal(got, want) {
				t.Errorf("answered %q, want %q", got, want)
			}
			f.does(t, "pause", "resume")
		})
	}
}
