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
	Script string `default:"support" placeholder:"NAME" help:"What to play; see above."`
	Voice  string `default:"evi" enum:"evi,realtime" help:"Who answers, evi or realtime; the other one takes over."`
	WAV    string `name:"wav" default:"patchcord-demo.wav" placeholder:"FILE" help:"Where to write what both ends heard: stereo, the caller left, the agent right."`
	JSON   bool   `help:"Print one JSON object a line: each happening, then the result."`
	Keep   bool   `help:"Leave the service, the simulated Twilio and the agent up until Ctrl-C."`
}

func (*demoCmd) Help() string {
	return "The service is this same program, started with a folder and a Postgres of its own; nothing of your configuration is read or changed. " +
		"The exit code is 0 only if all that the script says was done, and proved. Scripts: " + strings.Join(demo.Scripts(), "; ") + "."
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
