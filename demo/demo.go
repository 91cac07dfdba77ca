package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Options say what is shown, and how. All may be left out but Out.
type Options struct {
	Program string   // the bridge, which is started with "serve". Defaults to this very program
	Script  string   // Defaults to "support"
	Voice   string   // one of Voices, who takes the calls. Defaults to "evi"
	WAV     string   // where to write what both ends heard. Defaults to patchcord-demo.wav in the current folder
	JSON    bool     // one JSON object a line instead of text
	Keep    bool     // leave all running after the call, until ctx ends
	Out     *os.File // colours and corrections of earlier lines only if it is a terminal
	Temp    string   // the folder for temporary files. Defaults to the system's
	In      *os.File // with Keep, Enter on it makes the telephone ring again, if it is a terminal
}

// NotProvedError is a demo that ran, and did not show what it should.
type NotProvedError struct{ Claims []string }

func (e *NotProvedError) Error() string {
	return "demo: not proved: " + strings.Join(e.Claims, "; ")
}

// Run plays a script on the real service and shows it. It takes about 45 s and returns
// when nothing is left of it but the WAV. The error is a *NotProvedError if a claim is not
// true, and says what is missing if the demo could not be played at all. The end of ctx
// stops everything.
func Run(ctx context.Context, o Options) (err error) {
	sc, err := findScript(o.Script)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if o.Voice != "" && !slices.Contains(Voices, o.Voice) {
		return fmt.Errorf("demo: unknown voice %q: want one of %s", o.Voice, strings.Join(Voices, ", "))
	}
	if o.Program == "" {
		if o.Program, err = os.Executable(); err != nil {
			return fmt.Errorf("demo: find the bridge: %w", err)
		}
	}
	recording, err := newRecording(o.WAV)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer recording.discard()
	show := newShow(o)
	defer show.close()

	waiting := time.AfterFunc(time.Second, func() { show.say("Starting the service and its private Postgres …") })
	l := allLines()
	s, err := openStage(ctx, o, l)
	waiting.Stop()
	defer func() {
		if problem := s.close(); problem != nil {
			err = errors.Join(err, fmt.Errorf("demo: stop: %w", problem))
		}
	}()
	if err == nil {
		err = playAll(ctx, o, sc, &play{stage: s, lines: l, show: show}, recording)
	}
	var wrong *NotProvedError
	switch {
	case err == nil || errors.As(err, &wrong):
		return err
	case ctx.Err() != nil:
		return errors.New("demo: stopped before its end")
	}
	return fmt.Errorf("demo: %w", err)
}

// playAll plays the script, and with Keep again whenever it is asked for.
func playAll(ctx context.Context, o Options, sc script, p *play, r *recording) error {
	again := make(<-chan struct{})
	for first := true; ; first = false {
		done, err := sc.play(ctx, p)
		if err != nil {
			return err
		}
		if err := r.write(done.wav); err != nil {
			return err
		}
		p.show.result(result{Type: "result", OK: len(failed(done.claims)) == 0, Claims: done.claims, Figures: done.figures, WAV: r.path, Late: done.late})
		if texts := failed(done.claims); len(texts) > 0 {
			err = &NotProvedError{texts}
		}
		if !o.Keep || ctx.Err() != nil {
			return err
		}
		enter := sc.repeat && isTerminal(o.In)
		if first && enter {
			again = enters(o.In)
		}
		p.show.kept(kept{Type: "kept", Env: p.stage.addresses(), Call: done.call, Look: done.look, Folder: p.stage.dir, Enter: enter})
		select {
		case <-again:
		case <-ctx.Done():
			return err
		}
	}
}
