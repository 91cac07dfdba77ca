// Socket is a second carrier: a telephone that is a WebSocket, for whoever wants to see what package carrier asks for.
// Nothing of package call knows it from Twilio. Its voice repeats what the caller says.
//
//	go run ./examples/socket -listen 127.0.0.1:8090
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/calllog/calllogtest"
	"github.com/patchcord/patchcord/carrier"
)

const number = "+14155550100"

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "where /call is served, on this machine")
	flag.Parse()
	x, err := newExchange(os.TempDir())
	if err == nil {
		err = http.ListenAndServe(*listen, x)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// exchange has calls come in. What the instances of a service share is this process's alone.
type exchange struct {
	memory
	board *call.Switchboard
	store calllogtest.Store
	log   *calllog.Writer
}

func newExchange(dir string) (*exchange, error) {
	x := &exchange{}
	var err error
	if x.log, err = calllog.NewWriter(calllog.WriterConfig{Store: &x.store, Dir: dir}); err != nil {
		return nil, err
	}
	profile := &call.Profile{Name: "echo", Voices: []*call.Voice{call.NewVoice("echo", echoes{})}}
	x.board = call.New(call.Config{Profiles: map[string]*call.Profile{"echo": profile},
		Numbers: map[string]string{number: "echo"}, Key: []byte(rand.Text()), Instance: "here", Log: x.log, Store: &x.store,
		Shared: &x.memory, Metrics: call.NewMetrics(prometheus.NewRegistry()), Logger: zerolog.Nop()})
	return x, nil
}

// ServeHTTP makes a call of a request, and carries it until it is over.
func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in := carrier.Incoming{Call: carrier.CallID("socket-" + rand.Text()), From: "anonymous", To: number, Inbound: true, State: carrier.Ringing}
	step, ok := x.board.Answer(in).(carrier.Connect)
	if !ok {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	up := websocket.Upgrader{}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	ws.SetReadLimit(1 << 16)
	l := newLine(ws, carrier.Start{Call: in.Call, Token: step.Token})
	x.board.Connect(l)
	<-l.over
	// A telephone would follow what Next answers; this one has nothing but its line, and is over.
	x.board.Status("", carrier.Status{Call: in.Call, State: carrier.Completed})
}

// Drain ends the service: nothing of a call is left when it returns.
func (x *exchange) Drain(ctx context.Context) error {
	x.board.Drain(ctx)
	return x.log.Close(ctx)
}
