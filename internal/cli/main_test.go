package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/sandbox"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// TestMain runs tests that take over a minute, one after another: each begins the whole service, or a command that reads the
// process's folder, environment and standard output, which two tests can't share.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(asCommand) != "", len(os.Args) > 1 && os.Args[1] == sandbox.Command: // a test, or the program, runs it as the program
		os.Exit(Main(os.Args[1:]))
	case len(os.Args) > 1 && os.Args[1] == asIntruder:
		intrude()
		return
	}
	postgrestest.Main(m)
}

// Who may be called: somebody who is busy.
const (
	person = "+12122352671"
	ours   = "+16282350100"
)

const benchYAML = `sellers:
  riverbend: {legal_name: Riverbend Dental LLC, registered_name: Riverbend Dental, callback_number: "+16282350108", tollfree_optout: "+18002350123"}
  harbor: {legal_name: Harbor Bank NA, callback_number: "+16282350109"}
agents:
  reminders: {seller: riverbend, purpose: informational}
  harbor: {seller: harbor}
numbers:
  "` + ours + `": reminders
policy: policy.yaml
`

// openHours lets people be called at any hour at which the tests are run.
const openHours = "name: test\nswitched_off: [hours, holiday, emergency]\n"

// bench is the service itself in this process, with a simulated Twilio, and its
// folder as the working folder.
type bench struct {
	*testing.T
	callee *twiliotest.Callee
	line   *twiliotest.Phone
	api    *twiliotest.API
	voice  *evitest.Server
	s      *service.Service
	url    string // of its database
}

// serving starts the service. It ends with the test, which can't run beside others.
func serving(t *testing.T) *bench {
	t.Helper()
	return servingWith(t, benchYAML, evitest.Script())
}

// servingWith starts it with another bridge.yaml, an agent that does something, and more settings.
func servingWith(t *testing.T, yaml string, agent func(*evitest.Conn), settings ...string) *bench {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := l.Addr().String()
	l.Close()
	const account, token = "AC00000000000000000000000000000001", "0123456789abcdef0123456789abcdef"
	line := &twiliotest.Phone{Bridge: "http://" + listen, AuthToken: token, AccountSID: account}
	api := twiliotest.NewAPI(line)
	callee := &twiliotest.Callee{Number: person, Does: func(c *twiliotest.Call) { c.Decline("busy") }}
	api.Expect(callee)
	b := &bench{T: t, callee: callee, line: line, api: api}
	api.Permitted = b.permitted
	api.SetNumbers(twiliotest.Number{PhoneNumber: ours, VoiceURL: "http://" + listen + "/twilio/voice", VoiceMethod: "POST", StatusCallback: "http://" + listen + "/twilio/status"})
	carrier := httptest.NewServer(api)
	t.Cleanup(carrier.Close)
	voice := evitest.NewServer("key", agent)
	t.Cleanup(voice.Close)
	b.voice = voice
	b.url = postgrestest.URL(t)
	configtest.In(t, map[string]string{"bridge.yaml": yaml, "policy.yaml": openHours, ".env": fmt.Sprintf("PUBLIC_URL=http://%s\nBRIDGE_LISTEN=%s\nBRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef\nTWILIO_ACCOUNT_SID=%s\n"+
		"TWILIO_AUTH_TOKEN=%s\nTWILIO_API_URL=%s\nHUME_API_KEY=key\nHUME_API_URL=%s\nDATABASE_URL=%s\nBRIDGE_MIGRATE_URL=%s\nBRIDGE_DRAIN_TIMEOUT=1s\n", listen, listen, account, token, carrier.URL, voice.URL(), b.url, postgrestest.OwnerURL(t, b.url)) + strings.Join(settings, "\n")})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	if b.s, err = service.Start(t.Context(), c, zerolog.Nop()); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- b.s.Serve() }()
	t.Cleanup(func() {
		for _, fault := range api.Faults() {
			t.Error(fault)
		}
		api.HangUpAll()
		b.s.Switchboard.Drain(service.Canceled())
		if err := b.s.Stop(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return b
}

// permitted tells whether the ledger has a permit for a call.
func (b *bench) permitted(callID string) bool {
	for _, f := range b.history(person) {
		if f.Type == consent.Permitted && f.CallID == callID && f.PermitStatus == consent.PermitMinted {
			return true
		}
	}
	return false
}

// result is what a command came to.
type result struct {
	code     int
	out, err string
}

// bridge runs a command of the program and reads what it prints.
func bridge(t testing.TB, args ...string) result {
	t.Helper()
	return bridgeWith(t, nil, args...)
}

// bridgeWith runs a command of a program that brings tools.
func bridgeWith(t testing.TB, own []tools.Tool, args ...string) result {
	t.Helper()
	read := func(f **os.File) func() string {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		old := *f
		*f = w
		text := make(chan string)
		go func() {
			b, _ := io.ReadAll(r)
			text <- string(b)
		}()
		return func() string {
			w.Close()
			*f = old
			return <-text
		}
	}
	out, err := read(&os.Stdout), read(&os.Stderr)
	code := Main(args, own...)
	return result{code, out(), err()}
}

// exits runs a command and checks its exit code, and that it says these things.
func exits(t testing.TB, code int, args []string, says ...string) result {
	t.Helper()
	r := bridge(t, args...)
	if r.code != code {
		t.Errorf("bridge %s: exit %d, want %d\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	for _, want := range says {
		if !strings.Contains(r.out+r.err, want) {
			t.Errorf("bridge %s: nothing of %q in\n%s%s", strings.Join(args, " "), want, r.out, r.err)
		}
	}
	return r
}

// cleared records all that a lawful call to the person needs.
func (b *bench) cleared() {
	b.Helper()
	day := func(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	csv := "type,number,occurred_at,source,tier,purposes,channels,method,text,verified_by,line_type,state,zone,reassigned,date_param\n" +
		"grant," + person + "," + day(-10) + ",web_form,express,informational,voice_ai,web_form,I agree to calls by an artificial voice.,one-time code,,,,,\n" +
		"number_fact," + person + "," + day(-1) + ",carrier_lookup,,,,,,,wireless,NY,America/New_York,no," + day(-10) + "\n"
	if err := os.WriteFile("cleared.csv", []byte(csv), 0o600); err != nil {
		b.Fatal(err)
	}
	exits(b, exitDone, []string{"consent", "import", "--seller", "riverbend", "cleared.csv"}, "2 lines recorded")
}

func ask(number string, more ...string) []string {
	return append([]string{number, "--agent", "reminders", "--no-marketing", "--state", "NY", "--zone", "America/New_York"}, more...)
}

func mustParse(t testing.TB, s string) phone.Number {
	t.Helper()
	n, err := phone.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// with is a context with the patience of a test.
func with(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
