package service

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
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
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

// ConnectionsBeside is how many connections there may be beyond one for each call: requests of
// Twilio's, operators and the streams of events that they watch.
const ConnectionsBeside = 1024

// Service is all parts of a running bridge, in the order in which they start.
type Service struct {
	log         zerolog.Logger
	Instance    *Instance
	DB          *Database
	Writer      *calllog.Writer
	Tools       *tools.Registry
	accounts    map[string]*expression.Account // of Hume's services beside the voice, by address
	Recordings  *recording.Folder
	Gate        *Gate
	texter      *twilio.Client // nil without an account
	TextsFrom   map[string]phone.Number
	Switchboard *call.Switchboard
	line        *postgres.CallRate
	Reminders   *remind.Service
	permits     *permits.Service
	erasures    *erasure.Service
	seen        *server.SeenCalls // nil where another process has the folder
	gauges      Gauges
	HTTP        *http.Server
	Listener    net.Listener

	certificates *autotls.Certificates // of TLS of our own, nil without

	background context.Context // of what runs beside the calls
	cancel     context.CancelFunc
	wg         sync.WaitGroup
}

// Start brings the parts up. What has started is stopped again if one of them
// does not.
func Start(ctx context.Context, c *config.Config, log zerolog.Logger) (s *Service, err error) {
	s = &Service{log: log}
	s.background, s.cancel = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Stop())
		}
	}()
	if err := MakeDataDir(c); err != nil {
		return s, err
	}
	if s.Tools, err = NewRegistry(c); err != nil {
		return s, err
	}
	profiles, err := NewProfiles(c, s.Tools, log)
	if err != nil {
		return s, err
	}
	s.accounts = c.Accounts
	s.Tools.Start(log) // MCP servers come up beside the rest; none of them is waited for
	validator, err := twilio.NewValidator(c.PublicURL, c.AuthTokens()...)
	if err != nil {
		return s, &config.Error{Problems: []error{err}}
	}
	rest, err := TwilioClient(c)
	if err != nil {
		return s, &config.Error{Problems: []error{err}}
	}
	s.texter, s.TextsFrom = rest, c.TextsFrom()
	if s.Listener, err = tcp.Listen(c.Listen); err != nil { // a taken address is found out before a database is started
		return s, fmt.Errorf("BRIDGE_LISTEN: %w", err)
	}
	if s.Instance, err = NewInstance(c.DataDir); err != nil {
		return s, err
	}
	s.Recordings = OpenRecordings(c, log)
	if err := s.startLog(ctx, c); err != nil {
		return s, err
	}
	master, err := masterKey(ctx, c, s.DB.DB, log)
	if err != nil {
		return s, err
	}
	key, err := subkey(master, "media tokens")
	if err != nil {
		return s, err
	}
	if err := NeedKey(ctx, c.APIToken, s.DB.Keys()); err != nil {
		return s, err
	}
	proxies, err := c.Proxies()
	if err != nil {
		return s, err
	}
	if s.Gate, err = OpenGate(ctx, c, s.DB.DB, master, log); err != nil {
		return s, err
	}
	s.Gate.CarrierSkew = rest.ClockSkew

	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s.gauges.Register(registry, s, c.MaxCalls)
	secrets, err := SigningSecrets(c)
	if err != nil {
		return s, err
	}
	routers, err := newRouters(c, secrets)
	if err != nil {
		return s, err
	}
	documents := twiliocarrier.Documents{PublicURL: strings.TrimRight(c.PublicURL, "/")}
	s.Switchboard = call.New(call.Config{Account: c.TwilioAccountSID, Profiles: profiles, Numbers: c.File.Answers(), Routers: routers,
		Key: key, Instance: s.Instance.Name, MaxCalls: c.MaxCalls, Limits: call.Limits{Duration: c.MaxCallDuration},
		Log: s.Writer, Store: s.DB.Calls(), Shared: SharedSteps{s.DB.DB, documents}, Elsewhere: s.DB.DB, Carrier: twiliocarrier.New(rest, documents), Gate: s.Gate.Gate, Callbacks: Callbacks{s}, Recordings: s.Recordings, Metrics: call.NewMetrics(registry), Logger: log,
		Ended: func(c calllog.Call) { s.Reminders.CallEnded(c) }, CarrierHealth: func(agent string, err error) { s.Reminders.Carrier(agent, err) }})
	if err := s.openReminders(); err != nil {
		return s, err
	}
	if s.Instance.Lock != nil { // no other process uses the folder
		if s.seen, err = server.OpenSeenCalls(filepath.Join(c.DataDir, "calls.seen"), time.Now()); err != nil {
			return s, err
		}
	}
	s.Gate.Spool.Watch(s.revoked)
	if s.permits, err = openPermits(c, s.Gate, s.DB.DB, master, secrets, log); err != nil {
		return s, err
	}
	if s.erasures, err = s.erasing(master, log); err != nil {
		return s, err
	}
	web := server.New(server.Config{Switchboard: s.Switchboard, Calls: s.DB.Calls(), Tools: s.Tools, Validator: validator, Documents: documents, APIToken: c.APIToken,
		Keys: s.DB.Keys(), Audit: s.Gate.PGLedger, Proxies: proxies,
		Directory: NewDirectory(c), Placer: queued{s.Switchboard, s.line, log}, Reminders: s.Reminders, Permits: s.permits, Recordings: s.Recordings, HumeKeys: c.HumeKeys(), Chats: s.DB.DB, Texter: rest, PublicURL: documents.PublicURL,
		Instance: s.Instance.Name, Gate: s.Gate.Gate, Ledger: s.Gate.PGLedger, Erasures: s.erasures, Answers: answers{s.DB.DB}, Seen: s.seen, Confirmer: Callbacks{s}, Key: s.Gate.key,
		Ready: s.Gate.Ready, Flush: s.Writer.Flush, Spool: (&spoolProbe{dir: filepath.Join(c.DataDir, "spool")}).Check,
		Registry: registry, Logger: log})
	s.HTTP, s.Listener = web.HTTP(c.Listen), web.Limit(s.Listener, c.MaxCalls+ConnectionsBeside)
	if err := s.overTLS(c, log); err != nil {
		return s, err
	}
	s.HTTP.BaseContext = func(net.Listener) context.Context { return s.background }
	s.wg.Go(func() { s.Instance.live(s.background, s.DB.DB, s.Switchboard, log) })
	s.wg.Go(func() { s.DB.watch(s.background, log) })
	s.wg.Go(func() { watchClock(s.background, rest) })
	s.wg.Go(func() { s.gauges.watch(s.background, s) })
	s.wg.Go(s.obey)
	s.wg.Go(s.mendRecordings)
	s.wg.Go(func() { s.Gate.PGLedger.KeepAnchored(s.background, AnchorDir(c), log) })
	s.wg.Go(func() { s.Gate.verify(s.background) })
	s.wg.Go(func() { s.Gate.replay(s.background) })
	s.wg.Go(func() { s.permits.Run(s.background) })
	s.wg.Go(func() { s.erasures.Run(s.background) })
	s.wg.Go(func() { s.Gate.watch(s.background, s.revoked) })
	return s, s.Reminders.Start(ctx)
}

// startLog opens the database and the log's writer, and closes the calls that a
// crash of this instance left open.
func (s *Service) startLog(ctx context.Context, c *config.Config) (err error) {
	if s.DB, err = StartDatabase(ctx, c, s.log); err != nil {
		return err
	}
	s.Writer, err = calllog.NewWriter(calllog.WriterConfig{Store: s.DB.Calls(), Dir: filepath.Join(c.DataDir, "spool"), Log: s.log})
	if err != nil {
		return err
	}
	replay, cancel := context.WithTimeout(ctx, replayWait)
	defer cancel()
	if err := s.Writer.Flush(replay); err != nil {
		s.log.Warn().Err(err).Msg("log entries of an earlier run still waiting for the database")
	}
	n, err := s.DB.CloseOrphans(ctx, s.Instance.Name, beatStale)
	if err != nil {
		return err
	}
	if n > 0 {
		s.log.Warn().Int("calls", n).Msg("open calls of an earlier run closed as failed")
	}
	return nil
}

// obey carries out the orders that come from other instances.
func (s *Service) obey() {
	err := s.DB.ListenCommands(s.background, s.Switchboard.Obey)
	if err != nil && s.background.Err() == nil {
		s.log.Error().Err(err).Msg("lost commands from other instances")
	}
}

// Serve answers until the server is shut down.
func (s *Service) Serve() error {
	if err := s.HTTP.Serve(s.Listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// Stop ends the parts in the reverse of their order. Calls have ended before.
func (s *Service) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), settleWait)
	defer cancel()
	s.cancel() // event streams end, or Shutdown would wait for them
	var problems []error
	if s.HTTP != nil {
		problems = append(problems, s.HTTP.Shutdown(ctx))
	} else if s.Listener != nil {
		problems = append(problems, s.Listener.Close())
	}
	if s.certificates != nil {
		s.certificates.Stop()
	}
	s.wg.Wait()
	for _, a := range s.accounts {
		a.Close()
	}
	if s.Reminders != nil {
		problems = append(problems, s.Reminders.Stop(ctx))
	}
	if s.Tools != nil {
		problems = append(problems, s.Tools.Close(ctx))
	}
	if s.Recordings != nil {
		problems = append(problems, s.Recordings.Close(ctx))
	}
	if s.Writer != nil {
		problems = append(problems, s.Writer.Close(ctx))
	}
	if s.Gate != nil {
		s.Gate.Close()
	}
	if s.DB != nil {
		problems = append(problems, s.DB.Shutdown())
	}
	problems = append(problems, s.seen.Close())
	if s.Instance != nil {
		s.Instance.Close()
	}
	return errors.Join(problems...)
}

// TwilioClient makes the client of Twilio's REST API.
func TwilioClient(c *config.Config) (*twilio.Client, error) {
	return twilio.NewClient(twilio.Config{AccountSID: c.TwilioAccountSID, AuthToken: c.AuthTokens()[0], APIKey: c.TwilioAPIKey, APISecret: c.TwilioAPISecret, BaseURL: c.TwilioAPIURL})
}
