package cli

import (
	"bufio"
	"cmp"
	"context"
	"os"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
)

type initCmd struct {
	Seller    string `placeholder:"NAME" help:"The legal name of the business that makes and answers the calls."`
	Number    string `placeholder:"NUMBER" help:"The Twilio number that the agent answers."`
	Voice     string `placeholder:"VOICE" help:"The agent's voice: realtime, evi or desk (a keypad menu without a model). Defaults to realtime."`
	Database  string `placeholder:"URL" help:"The postgres://… URL of your server. Defaults to a private server on this machine."`
	PublicURL string `name:"public-url" placeholder:"URL" help:"The https address where Twilio reaches this service."`
	Account   string `placeholder:"SID" help:"The Twilio account's SID. Its auth token comes from TWILIO_AUTH_TOKEN, or from a question."`
	Force     bool   `help:"Replace existing files without asking. Keeps backups beside them."`
}

func (*initCmd) Help() string {
	return "Asks a few questions, generates a token and a master key, writes .env and bridge.yaml in this folder, and runs bridge doctor. " +
		"Does not ask what a flag answers; without a terminal it asks nothing and leaves missing settings empty, and doctor names them. " +
		"Secrets are not echoed and have no flags: without a terminal they come from the environment (TWILIO_AUTH_TOKEN, OPENAI_API_KEY, HUME_API_KEY). " +
		"Keeps an existing master key. The exit code is 0 once both files are written, whatever doctor finds."
}

// setup is what the first configuration is made of.
type setup struct {
	seller, number, voice, database, publicURL, account string
	authToken, voiceKey                                 string // secrets
}

// Run asks, writes and checks.
func (i *initCmd) Run(ctx context.Context, own ownTools) error {
	q := &questions{in: bufio.NewReader(os.Stdin), asking: term.IsTerminal(int(os.Stdin.Fd())), force: i.Force}
	s, err := i.ask(q)
	if err != nil {
		return err
	}
	if err := s.write(q, cmp.Or(os.Getenv("BRIDGE_CONFIG"), "bridge.yaml")); err != nil {
		return err
	}
	plain.Println()
	if err := (&doctorCmd{}).Run(ctx, own); err != nil {
		plain.Fprintln(os.Stderr, "doctor: "+err.Error())
		plain.Println()
		plain.Println("Complete .env and bridge.yaml, and run bridge doctor again; then bridge serve.")
		return nil
	}
	plain.Println()
	plain.Println("All checks passed: bridge doctor --fix sets the webhooks, bridge serve answers calls.")
	return nil
}

// ask takes each answer from its flag, the environment or the terminal.
func (i *initCmd) ask(q *questions) (s setup, err error) {
	for _, one := range []struct {
		to            *string
		given, secret string // a flag, and a variable
		text, absent  string
		check         func(string) error
	}{
		{&s.seller, i.Seller, "", "Legal name of the business", "", checkSellerName},
		{&s.number, i.Number, "", "Twilio number that the agent answers", "", checkOwnNumber},
		{&s.voice, i.Voice, "", "Voice: realtime, evi or desk", config.VoiceRealtime, checkVoiceName},
		{&s.database, i.Database, "", "DATABASE_URL (empty: a private Postgres on this machine)", "", checkDatabaseURL},
		{&s.publicURL, i.PublicURL, "", "Public address, https://… (empty: later)", "", emptyOr(config.CheckPublicURL)},
		{&s.account, i.Account, "TWILIO_ACCOUNT_SID", "Twilio account SID (empty: later)", "", emptyOr(checkAccount)},
		{&s.authToken, "", "TWILIO_AUTH_TOKEN", "Twilio auth token, not echoed (empty: later)", "", nil},
	} {
		*one.to, err = q.ask(question{one.given, one.secret, one.text, one.absent, one.to == &s.authToken, one.check})
		if err != nil {
			return s, err
		}
	}
	if name := voiceKeys[s.voice]; name != "" {
		s.voiceKey, err = q.ask(question{variable: name, text: name + ", not echoed (empty: later)", secret: true})
	}
	return s, err
}

// voiceKeys names the variable that holds a voice's key.
var voiceKeys = map[string]string{config.VoiceRealtime: "OPENAI_API_KEY", config.VoiceEVI: "HUME_API_KEY"}
