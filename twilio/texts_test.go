package twilio_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// The log of messages is read in pages: what came in at one number since a time.
func TestListTexts(t *testing.T) {
	api := twiliotest.NewAPI(&twiliotest.Phone{AccountSID: "AC00000000000000000000000000000000", AuthToken: "token"})
	server := httptest.NewServer(api)
	defer server.Close()
	client, err := twilio.NewClient(twilio.Config{AccountSID: "AC00000000000000000000000000000000", AuthToken: "token", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	since := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	log := []twiliotest.Message{
		{From: "+14155550142", To: "+14155550100", Body: "before", Direction: "inbound", Sent: since.Add(-time.Second)},
		{From: "+14155550142", To: "+14155550101", Body: "to another number", Direction: "inbound", Sent: since},
		{From: "+14155550100", To: "+14155550100", Body: "from us", Direction: "outbound-api", Sent: since},
	}
	for i := range 450 {
		log = append(log, twiliotest.Message{From: "+14155550142", To: "+14155550100", Body: fmt.Sprint("STOP ", i), Direction: "inbound", Sent: since.Add(time.Duration(i) * time.Second)})
	}
	api.SetMessages(log...)
	ours, err := phone.Parse("+14155550100")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := client.ListTexts(t.Context(), ours, since)
	if err != nil || len(texts) != 450 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	seen := map[string]bool{}
	for _, text := range texts {
		seen[text.Body] = true
		if !strings.HasPrefix(text.Body, "STOP ") || string(text.From) != "+14155550142" || text.At.Before(since) {
			t.Errorf("a text is %+v", text)
		}
	}
	if len(seen) != 450 {
		t.Errorf("%d different texts", len(seen))
	}
	api.Fail(twiliotest.Failure{Status: 500})
	if _, err := client.ListTexts(t.Context(), ours, since); err == nil {
		t.Error("a log that can't be read was taken for an empty one")
	}
}
