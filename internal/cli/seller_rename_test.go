package cli

import (
	"encoding/base64"
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// renamed is benchYAML with riverbend under another key.
func renamed(was string) string {
	return strings.NewReplacer("riverbend: {", "river: {"+was, "seller: riverbend", "seller: river").Replace(benchYAML)
}

// another starts a second instance on the same database, with another bridge.yaml.
func (b *bench) another(yaml string) error {
	b.Helper()
	first, err := config.Load()
	if err != nil {
		b.Fatal(err)
	}
	key, err := service.KeptKey(first)
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	listen := l.Addr().String()
	l.Close()
	b.Setenv("BRIDGE_MASTER_KEY", base64.StdEncoding.EncodeToString(key))
	b.Setenv("BRIDGE_DATA_DIR", b.TempDir())
	b.Setenv("BRIDGE_LISTEN", listen)
	if err := os.WriteFile("bridge.yaml", []byte(yaml), 0o600); err != nil {
		b.Fatal(err)
	}
	c, err := config.Load()
	if err != nil {
		b.Fatal(err)
	}
	s, err := service.Start(b.Context(), c, zerolog.Nop())
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	b.Cleanup(func() {
		b.api.HangUpAll()
		s.Switchboard.Drain(service.Canceled())
		if err := errors.Join(s.Stop(), <-served); err != nil {
			b.Error(err)
		}
	})
	b.line.Bridge = "http://" + listen
	return nil
}

// rings has the first instance ring the person.
func (b *bench) rings() *twiliotest.Call {
	b.Helper()
	b.callee.Does, b.line.Public = nil, b.line.Bridge
	b.cleared()
	exits(b, exitDone, append([]string{"call", "--no-wait"}, ask(person)...), "ALLOWED")
	c, err := b.callee.Rung(with(b), 1)
	if err != nil {
		b.Fatal(err)
	}
	b.until("the log knows that it rings", func() bool {
		list, _, err := b.s.DB.Calls().List(b.Context(), calllog.Filter{Limit: 1})
		return err == nil && len(list) == 1 && list[0].Status == calllog.StatusRinging
	})
	return c
}

func (b *bench) until(what string, is func() bool) {
	b.Helper()
	for ctx := with(b); !is(); time.Sleep(5 * time.Millisecond) {
		if ctx.Err() != nil {
			b.Fatalf("it never happened that %s; the ledger has %+v", what, b.history(person))
		}
	}
}

// refusals is the sellers to whom the person said no, and who has the permit's end.
func (b *bench) refusals() (said, ended []string) {
	b.Helper()
	for _, f := range b.history(person) {
		switch {
		case f.Type == consent.Revoke:
			said = append(said, f.Seller)
		case f.Type == consent.Permitted && f.PermitStatus == consent.PermitEnded:
			ended = append(ended, f.Seller)
		}
	}
	return said, ended
}

// A seller is renamed while a telephone rings for it: whatever the person does, at whichever
// instance, holds for both names, and the permit ends once.
func TestASellerIsRenamedWhileACallRings(t *testing.T) {
	for name, x := range map[string]struct {
		does        func(b *bench, c *twiliotest.Call, first string)
		said, ended string
		back        string // why it is no way to rename it without a word
	}{
		"answered where it has the new name": {func(b *bench, c *twiliotest.Call, _ string) {
			c.PickUp()
			if _, err := c.Await(with(b), func(m twiliotest.Moment) bool { return m.Event == twiliotest.Started }); err != nil {
				b.Fatal(err)
			}
			if err := c.Press("9"); err != nil {
				b.Fatal(err)
			}
		}, "river", "river", "opt-outs for seller river,"},
		"a text where it has the new name": {func(b *bench, c *twiliotest.Call, _ string) {
			b.texted("SM1", "STOP")
		}, "river", "riverbend", "opt-outs for seller river,"},
		"a stop where it has the old name": {func(b *bench, c *twiliotest.Call, first string) {
			exits(b, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend", "--url", first})
		}, "riverbend", "riverbend", ""},
		"a stop to the old name where it has the new one": {func(b *bench, c *twiliotest.Call, _ string) {
			exits(b, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend"})
		}, "riverbend", "riverbend", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := serving(t)
			first := b.line.Bridge
			c := b.rings()
			var bad *config.Error
			if err := b.another(renamed("")); !errors.As(err, &bad) || !strings.Contains(err.Error(), "there are live calls for seller riverbend") || !strings.Contains(err.Error(), "was: [riverbend]") {
				t.Fatalf("without its earlier key: %v", err)
			}
			if err := b.another(renamed("was: [riverbend], ")); err != nil {
				t.Fatal(err)
			}
			x.does(b, c, first)
			<-c.Done()
			b.until("the permit ends", func() bool { _, ended := b.refusals(); return len(ended) > 0 })
			for _, url := range []string{first, b.line.Bridge} {
				exits(t, exitRefused, append([]string{"consent", "check", "--url", url}, ask(person)...), "DENIED", "revoked", "dnc.internal")
			}
			if said, ended := b.refusals(); !slices.Equal(said, []string{x.said}) || !slices.Equal(ended, []string{x.ended}) {
				t.Errorf("said to %q, and the permit of %q ended", said, ended)
			}
			exits(t, exitDone, []string{"consent", "verify"})
			if err := b.another(benchYAML); x.back != "" && (err == nil || !strings.Contains(err.Error(), x.back)) {
				t.Errorf("renamed again: %v", err)
			}
		})
	}
}

// A seller whose key was changed takes its refusals along, or the service does not start.
func TestASellerThatIsRenamedKeepsItsStops(t *testing.T) {
	b := serving(t)
	exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend"})
	exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "harbor"})
	opens := func(old ...string) error {
		t.Helper()
		if err := os.WriteFile("bridge.yaml", []byte(strings.NewReplacer(old...).Replace(benchYAML)), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load()
		if err != nil {
			t.Fatal(err)
		}
		master, err := service.KeptKey(c)
		if err != nil {
			t.Fatal(err)
		}
		g, err := service.OpenGate(t.Context(), c, b.s.DB.DB, master, zerolog.Nop())
		if err == nil {
			g.Close()
		}
		return err
	}
	if err := opens(); err != nil {
		t.Errorf("as it was: %v", err)
	}
	var bad *config.Error
	err := opens("riverbend", "river")
	if !errors.As(err, &bad) || len(bad.Problems) != 1 || !strings.Contains(err.Error(), "line 1: sellers: the ledger has opt-outs for seller riverbend") || !strings.Contains(err.Error(), "was: [riverbend]") {
		t.Errorf("renamed: %v", err)
	}
	if err := opens("riverbend: {", "river: {was: [riverbend], ", "seller: riverbend", "seller: river"); err != nil {
		t.Errorf("renamed, with its earlier key: %v", err)
	}
}
