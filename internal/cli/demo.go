package cli

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/patchcord/patchcord/demo"
)

type demoCmd struct {
	Script string `default:"support" placeholder:"NAME" help:"The script to play; see above."`
	Voice  string `default:"evi" enum:"evi,realtime" help:"The voice that answers, evi or realtime; the other one takes over."`
	WAV    string `name:"wav" default:"patchcord-demo.wav" placeholder:"FILE" help:"Where to write the recording: stereo, caller left, agent right."`
	JSON   bool   `help:"Print one JSON object a line: each event, then the result."`
	Keep   bool   `help:"Keep the service, the simulated Twilio and the agent running until Ctrl-C."`
}

func (*demoCmd) Help() string {
	return "Runs this same program as the service, with its own folder and Postgres; does not read or change your configuration. " +
		"The exit code is 0 only if everything in the script happened and was proved. Scripts: " + strings.Join(demo.Scripts(), "; ") + "."
}

// Validate is asked while the command line is read.
func (c *demoCmd) Validate() error { return demo.CheckScript(c.Script) }

// Run plays the script. Ctrl-C stops all that was started; a second one does not wait.
func (c *demoCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop)
	return demo.Run(ctx, demo.Options{Script: c.Script, Voice: c.Voice, WAV: c.WAV, JSON: c.JSON, Keep: c.Keep, Out: os.Stdout, In: os.Stdin})
}
