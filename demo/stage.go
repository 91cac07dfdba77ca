package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/realtime/realtimetest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// startWait is how long the service may take to be ready; most of it is Postgres making
// its first database.
const startWait = time.Minute

// stage is everything that runs: the simulated Twilio, EVI and Realtime service, the tools'
// server, and our service between them.
type stage struct {
	settings
	crm     *crm
	hosts   map[string]host // of the agent, by voice
	phone   *twiliotest.Phone
	sent    wireLog // by the phone
	api     *twiliotest.API
	twilio  *httptest.Server
	log     *os.File
	bridge  *process
	service service
	callees map[string]*twiliotest.Callee // by number

	agent atomic.Pointer[agent] // who answers the bridge
}

// openStage starts everything. It returns when the service takes calls; whoever called it
// must close it, also after an error.
func openStage(ctx context.Context, o Options, l *lines) (*stage, error) {
	s := &stage{}
	dir, err := makeFolder(o.Temp)
	if s.dir = dir; err != nil {
		return s, err
	}
	if s.settings, err = newSettings(dir, o.Voice); err != nil {
		return s, err
	}
	s.temp = o.Temp
	s.crm = newCRM(s.crmToken)
	s.openHosts()
	s.phone = &twiliotest.Phone{Bridge: s.url(), AuthToken: s.authToken, AccountSID: account,
		StatusCallback: s.url() + "/twilio/status", DialContext: s.sent.dial}
	s.service = newService(s.url(), s.apiToken)
	s.api = twiliotest.NewAPI(s.phone)
	s.api.Permitted = s.permitted
	s.callees = map[string]*twiliotest.Callee{}
	for _, p := range people {
		s.callees[p.number] = &twiliotest.Callee{Number: p.number}
		s.api.Expect(s.callees[p.number])
	}
	s.twilio = httptest.NewServer(s.api)
	s.crmURL, s.twilioURL = s.crm.url(), s.twilio.URL
	if err := s.write(l); err != nil {
		return s, err
	}
	if s.log, err = os.Create(filepath.Join(dir, "bridge.log")); err != nil {
		return s, err
	}
	if s.bridge, err = startProcess(o.Program, "serve", dir, s.environment(), s.log); err != nil {
		s.bridge = nil
		return s, fmt.Errorf("start the service: %w", err)
	}
	return s, s.awaitReady(ctx)
}

// openHosts starts the services on which the agent speaks.
func (s *stage) openHosts() {
	serve := func(c conn) {
		if a := s.agent.Load(); a != nil {
			a.serve(c)
		}
	}
	evi := evitest.NewServer(s.humeKey, func(c *evitest.Conn) { serve(eviConn{c}) })
	answers := make(chan *answer)
	realtime := realtimetest.NewServer(realtimetest.Config{Key: s.openAIKey,
		Model: model(answers), Lead: realtimetest.TextAhead,
		Handle: func(c *realtimetest.Conn) { serve(&realtimeConn{session: c, answers: answers}) }})
	s.humeURL, s.realtimeURL = evi.URL(), realtime.URL()
	s.hosts = map[string]host{voiceEVI: evi, voiceRealtime: realtime}
}

// faults are what the simulated services objected to, behind so many of each.
func (s *stage) faults(behind map[string]int) (all []string) {
	for _, voice := range Voices {
		for _, f := range s.hosts[voice].Faults()[behind[voice]:] {
			all = append(all, voice+": "+f)
		}
	}
	return all
}

// awaitReady waits until the service takes calls. If it ends instead, the error is what
// it said last.
func (s *stage) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startWait, fmt.Errorf("the service was not ready within %v", startWait))
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for s.service.Ready(ctx) != nil {
		select {
		case <-tick.C:
		case <-s.bridge.done:
			said := s.bridge.said.last()
			s.bridge = nil // nothing is left to be stopped
			if strings.Contains(said, "DATABASE_URL") {
				said += "\n(The demo always runs its own Postgres; it does not use DATABASE_URL.)"
			}
			return fmt.Errorf("the service did not start:\n%s", said)
		case <-ctx.Done():
			return fmt.Errorf("%w; its last output:\n%s", context.Cause(ctx), s.bridge.said.last())
		}
	}
	return nil
}

// close stops everything and removes the folder.
func (s *stage) close() error {
	var problems []error
	if s.api != nil {
		s.api.HangUpAll()
	}
	if s.bridge != nil {
		problems = append(problems, s.bridge.stop())
	}
	if s.log != nil {
		problems = append(problems, s.log.Close())
	}
	if s.twilio != nil {
		s.twilio.Close()
	}
	for _, h := range s.hosts {
		h.Close()
	}
	if s.crm != nil {
		s.crm.http.Close()
	}
	if s.dir != "" {
		problems = append(problems, os.RemoveAll(s.dir))
	}
	return errors.Join(problems...)
}
