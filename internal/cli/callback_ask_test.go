package cli

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/remind"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// texted sends a text from the person to our number, and returns the answer.
func (b *bench) texted(sid, body string) string {
	b.Helper()
	form := url.Values{"MessageSid": {sid}, "From": {person}, "To": {ours}, "Body": {body}}
	r, err := http.NewRequestWithContext(b.Context(), "POST", b.line.Bridge+"/twilio/sms", strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", twiliotest.Sign(b.line.AuthToken, cmp.Or(b.line.Public, b.line.Bridge)+"/twilio/sms", form))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		b.Fatalf("%d %s, %v", res.StatusCode, text, err)
	}
	return string(text)
}

// Of whom the carrier does not vouch for, the number is asked by text: a YES from it is the consent,
// and only then the call is scheduled. It is asked twice a day at most.
func TestCallbackConfirmedByText(t *testing.T) {
	b := servingWith(t, strings.Replace(benchYAML, "legal_name:", "texts_from: \""+ours+"\", legal_name:", 1), evitest.Script())
	number := func(s string) phone.Number {
		n, err := phone.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	o := call.CallbackOrder{Key: "callback/call_1/t1", At: time.Now().Add(time.Hour), Order: call.Order{To: number(person), From: number(ours), Agent: "reminders", Purpose: consent.Informational,
		Subject: "my secret crown", Variables: map[string]string{"callback_topic": "my secret crown"}}}
	book := service.Callbacks{Service: b.s}
	grants := func() (list []consent.Fact) {
		facts, err := b.s.Gate.PGLedger.History(t.Context(), o.To)
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(facts, func(f consent.Fact) bool { return f.Type != consent.Grant })
	}
	scheduled := func() []remind.Reminder {
		list, _, err := b.s.Reminders.List(t.Context(), remind.Filter{To: o.To})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if b.texted("SM1", "YES"); len(grants()) != 0 {
		t.Error("a yes to nothing is a consent")
	}
	if err := book.Ask(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	texts := b.api.Texts()
	if len(texts) != 1 || texts[0].From != ours || texts[0].To != person || !strings.Contains(texts[0].Body, "Reply YES") || strings.Contains(texts[0].Body, "crown") || len(texts[0].Body) > 320 {
		t.Fatalf("sent %+v", texts)
	}
	if len(grants()) != 0 || len(scheduled()) != 0 {
		t.Error("something is written down before the answer")
	}
	if got := b.texted("SM2", "Yes"); !strings.Contains(got, "<Message>") {
		t.Errorf("answered %s", got)
	}
	b.texted("SM3", "YES")
	if g := grants(); len(g) != 1 || g[0].Via != consent.ViaSMS || g[0].Subject != o.Subject || !strings.HasSuffix(g[0].Evidence.Text, "\nYes") || !strings.HasPrefix(g[0].Evidence.Text, texts[0].Body) {
		t.Errorf("the ledger has %+v", g)
	}
	if r := scheduled(); len(r) != 1 || r[0].Order.To != o.To || r[0].Order.From != o.From || r[0].Order.Subject != o.Subject || r[0].Due.Sub(o.At).Abs() > time.Second {
		t.Errorf("scheduled %+v", r)
	}
	o.Key = "callback/call_2/t1"
	if err := book.Ask(t.Context(), o); err != nil {
		t.Error(err)
	}
	o.Key = "callback/call_3/t1"
	if err := book.Ask(t.Context(), o); !errors.Is(err, builtin.ErrAskedEnough) || len(b.api.Texts()) != 2 {
		t.Errorf("asked a third time: %v", err)
	}
	b.s.TextsFrom = nil
	if err := book.Ask(t.Context(), o); !errors.Is(err, builtin.ErrNoTexts) {
		t.Errorf("without texts: %v", err)
	}
}
