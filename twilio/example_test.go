package twilio_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
	"github.com/patchcord/patchcord/twiml"
)

// A line that says half a second of sound to whoever calls, and hangs up when that has
// been heard.
func ExampleAccept() {
	const token = "0123456789abcdef0123456789abcdef"
	var check *twilio.Validator
	var socket string
	mux := http.NewServeMux()
	mux.HandleFunc("POST /twilio/voice", func(w http.ResponseWriter, r *http.Request) {
		if _, err := check.Webhook(r); err != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		doc, err := twiml.ConnectStream(twiml.Stream{URL: socket})
		if err != nil {
			fmt.Println(err)
		}
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, doc)
	})
	mux.HandleFunc("GET /twilio/media", func(w http.ResponseWriter, r *http.Request) {
		if err := check.Socket(r); err != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		stream, err := twilio.Accept(w, r)
		if err != nil {
			return
		}
		defer stream.Close(1000, "")
		greet(stream)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	socket = "ws" + strings.TrimPrefix(server.URL, "http") + "/twilio/media"
	check, err := twilio.NewValidator(server.URL, token)
	if err != nil {
		fmt.Println(err)
		return
	}

	phone := &twiliotest.Phone{Bridge: server.URL, AuthToken: token}
	call, err := phone.Dial(context.Background(), "+14155550142", "+14155550100")
	if err != nil {
		fmt.Println(err)
		return
	}
	<-call.Done()
	fmt.Println("heard", strings.Count(string(call.Heard()), "\x80"), "bytes of sound, faults", call.Faults())
	// Output:
	// the caller heard: greeting
	// heard 4000 bytes of sound, faults []
}

func greet(stream *twilio.Stream) {
	for {
		ev, err := stream.Receive(context.Background())
		if err != nil {
			return
		}
		switch ev := ev.(type) {
		case twilio.Start:
			if err := stream.SendMedia([]byte(strings.Repeat("\x80", 4000))); err != nil {
				return
			}
			if err := stream.SendMark("greeting"); err != nil {
				return
			}
		case *twilio.Media:
			ev.Release()
		case twilio.Mark:
			fmt.Println("the caller heard:", ev.Name)
			return
		}
	}
}
