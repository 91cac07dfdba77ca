package bridge

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/expression"
	"github.com/patchcord/patchcord/internal/autotls"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/remind"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/tcp"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio"
)

// Bounds of starting and stopping.
const (
	replayWait = 10 * time.Second // for what an earlier run left in the spool
	settleWait = 10 * time.Second // for the log's last lines, requests under way, and tools
)

// connectionsBeside is how many connections there may be beyond one for each call: requests of
// Twilio's, operators and the streams of events that they watch.
const connectionsBeside = 1024

// service is all parts of a running bridge, in the order in which they start.
type service struct {
	log         zerolog.Logger
	instance    *instance
	db          *database
	writer      *calllog.Writer
	tools       *tools.Registry
	accounts    map[string]*expression.Account // of Hume's services beside the voice, by address
	recordings  *recording.Folder
	gate        *gate
	texter      *twilio.Client // nil without an account
	textsFrom   map[string]phone.Number
	switchboard *call.Switchboard
	line        *postgres.CallRate
	reminders   *remind.Service
	permits     *permits.Service
	erasures    *erasure.Service
	seen        *server.SeenCalls // nil where another process has the folder
	gauges      gauges
	http        *http.Server
	listener    net.Listener

	certificates *autotls.Certificates // of TLS of our own, nil without

	background context.Context // of what runs beside the calls
	cancel     context.CancelFunc
	wg         sync.WaitGroup
}

// start brings the parts up. What has started is stopped again if one of them
// does not.
func start(ctx context.Context, c *config.Config, log zerolog.Logger) (s *service, err error) {
	s = &service{log: log}
	s.background, s.cancel = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	if err := makeDataDir(c); err != nil {
		return s, err
	}
	if s.tools, err = newRegistry(c); err != nil {
		return s, err
	}
	profiles, err := newProfiles(c, s.tools, log)
	if err != nil {
		return s, err
	}
	s.accounts = c.Accounts
	s.tools.Start(log) // MCP servers come up beside the rest; none of them is waited for
	validator, err := twilio.NewValidator(c.PublicURL, c.AuthTokens()...)
	if err != nil {
		return s, &config.Error{Problems: []error{err}}
	}
	rest, err := twilioClient(c)
	if err != nil {
		return s, &config.Error{Problems: []error{err}}
	}
	s.texter, s.textsFrom = rest, c.TextsFrom()
	if s.listener, err = tcp.Listen(c.Listen); err != nil { // a taken address is found out before a database is started
		return s, fmt.Errorf("BRIDGE_LISTEN: %w", err)
	}
	if s.instance, err = newInstance(c.DataDir); err != nil {
		return s, err
	}
	s.recordings = openRecordings(c, log)
	if err := s.startLog(ctx, c); err != nil {
		return s, err
	}
	master, err := masterKey(ctx, c, s.db.DB, log)
	if err != nil {
		return s, err
	}
	key, err := subkey(master, "media tokens")
	if err != nil {
		return s, err
	}
	if err := needKey(ctx, c.APIToken, s.db.Keys()); err != nil {
		return s, err
	}
	proxies, err := c.Proxies()
	if err != nil {
		return s, err
	}
	if s.gate, err = openGate(ctx, c, s.db.DB, master, log); err != nil {
		return s, err
	}
	s.gate.CarrierSkew = rest.ClockSkew

	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s.gauges.register(registry, s, c.MaxCalls)
	secrets, err := signingSecrets(c)
	if err != nil {
		return s, err
	}
	routers, err := newRouters(c, secrets)
	if err != nil {
		return s, err
	}
	s.switchboard = call.New(call.Config{PublicURL: strings.TrimRight(c.PublicURL, "/"), AccountSID: c.TwilioAccountSID, Profiles: profiles, Numbers: c.File.Answers(), Routers: routers,
		Key: key, Instance: s.instance.name, MaxCalls: c.MaxCalls, Limits: call.Limits{Duration: c.MaxCallDuration},
		Log: s.writer, Store: s.db.Calls(), Shared: s.db, Elsewhere: s.db.DB, Twilio: rest, Gate: s.gate.Gate, Callbacks: callbacks{s}, Recordings: s.recordings, Metrics: call.NewMetrics(registry), Logger: log,
		Ended: func(c calllog.Call) { s.reminders.CallEnded(c) }, Carrier: func(agent string, err error) { s.reminders.Carrier(agent, err) }})
	if err := s.openReminders(); err != nil {
		return s, err
	}
	if s.instance.lock != nil { // no other process uses the folder
		if s.seen, err = server.OpenSeenCalls(filepath.Join(c.DataDir, "calls.seen"), time.Now()); err != nil {
			return s, err
		}
	}
	s.gate.Spool.Watch(s.revoked)
	if s.permits, err = openPermits(c, s.gate, s.db.DB, master, secrets, log); err != nil {
		return s, err
	}
	if s.erasures, err = s.erasing(master, log); err != nil {
		return s, err
	}
	web := server.New(server.Config{Switchboard: s.switchboard, Calls: s.db.Calls(), Tools: s.tools, Validator: validator, APIToken: c.APIToken,
		Keys: s.db.Keys(), Audit: s.gate.ledger, Proxies: proxies,
		Directory: newDirectory(c), Placer: queued{s.switchboard, s.line, log}, Reminders: s.reminders, Permits: s.permits, Recordings: s.recordings, HumeKeys: c.HumeKeys(), Chats: s.db.DB, Texter: rest, PublicURL: strings.TrimRight(c.PublicURL, "/"),
		Instance: s.instance.name, Gate: s.gate.Gate, Ledger: s.gate.ledger, Erasures: s.erasures, Answers: answers{s.db.DB}, Seen: s.seen, Confirmer: callbacks{s}, Key: s.gate.key,
		Ready: s.gate.ready, Flush: s.writer.Flush, Registry: registry, Logger: log})
	s.http, s.listener = web.HTTP(c.Listen), web.Limit(s.listener, c.MaxCalls+connectionsBeside)
	if err := s.overTLS(c, log); err != nil {
		return s, err
	}
	s.http.BaseContext = func(net.Listener) context.Context { return s.background }
	s.wg.Go(func() { s.instance.live(s.background, s.db.DB, s.switchboard, log) })
	s.wg.Go(func() { s.db.watch(s.background, log) })
	s.wg.Go(func() { watchClock(s.background, rest) })
	s.wg.Go(func() { s.gauges.watch(s.background, s) })
	s.wg.Go(s.obey)
	s.wg.Go(s.mendRecordings)
	s.wg.Go(func() { s.gate.ledger.KeepAnchored(s.background, anchorDir(c), log) })
	s.wg.Go(func() { s.gate.verify(s.background) })
	s.wg.Go(func() { s.gate.replay(s.background) })
	s.wg.Go(func() { s.permits.Run(s.background) })
	s.wg.Go(func() { s.erasures.Run(s.background) })
	s.wg.Go(func() { s.gate.watch(s.background, s.revoked) })
	return s, s.reminders.Start(ctx)
}

// startLog opens the database and the log's writer, and closes the calls that a
// crash of this instance left open.
func (s *service) startLog(ctx context.Context, c *config.Config) (err error) {
	if s.db, err = startDatabase(ctx, c, s.log); err != nil {
		return err
	}
	s.writer, err = calllog.NewWriter(calllog.WriterConfig{Store: s.db.Calls(), Dir: filepath.Join(c.DataDir, "spool"), Log: s.log})
	if err != nil {
		return err
	}
	replay, cancel := context.WithTimeout(ctx, replayWait)
	defer cancel()
	if err := s.writer.Flush(replay); err != nil {
		s.log.Warn().Err(err).Msg("an earlier run's log entries still wait for the database")
	}
	n, err := s.db.CloseOrphans(ctx, s.instance.name, beatStale)
	if err != nil {
		return err
	}
	if n > 0 {
		s.log.Warn().Int("calls", n).Msg("calls that an earlier run left open are closed as failed")
	}
	return nil
}

// obey carries out the orders that come from other instances.
func (s *service) obey() {
	err := s.db.ListenCommands(s.background, s.switchboard.Obey)
	if err != nil && s.background.Err() == nil {
		s.log.Error().Err(err).Msg("orders from other instances can't be heard any more")
	}
}

// serve answers until the server is shut down.
func (s *service) serve() error {
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// stop ends the parts in the reverse of their order. Calls have ended before.
func (s *service) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), settleWait)
	defer cancel()
	s.cancel() // event streams end, or Shutdown would wait for them
	var problems []error
	if s.http != nil {
		problems = append(problems, s.http.Shutdown(ctx))
	} else if s.listener != nil {
		problems = append(problems, s.listener.Close())
	}
	if s.certificates != nil {
		s.certificates.Stop()
	}
	s.wg.Wait()
	for _, a := range s.accounts {
		a.Close()
	}
	if s.reminders != nil {
		problems = append(problems, s.reminders.Stop(ctx))
	}
	if s.tools != nil {
		problems = append(problems, s.tools.Close(ctx))
	}
	if s.recordings != nil {
		problems = append(problems, s.recordings.Close(ctx))
	}
	if s.writer != nil {
		problems = append(problems, s.writer.Close(ctx))
	}
	if s.gate != nil {
		s.gate.close()
	}
	if s.db != nil {
		problems = append(problems, s.db.close())
	}
	problems = append(problems, s.seen.Close())
	if s.instance != nil {
		s.instance.close()
	}
	return errors.Join(problems...)
}

// twilioClient makes the client of Twilio's REST API.
func twilioClient(c *config.Config) (*twilio.Client, error) {
	return twilio.NewClient(twilio.Config{AccountSID: c.TwilioAccountSID, AuthToken: c.AuthTokens()[0], APIKey: c.TwilioAPIKey, APISecret: c.TwilioAPISecret, BaseURL: c.TwilioAPIURL})
}
