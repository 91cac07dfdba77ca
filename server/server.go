package server

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio"
)

// Config is what a server needs. All fields are required, unless they say otherwise.
type Config struct {
	Switchboard *call.Switchboard
	Calls       calllog.Store
	Tools       *tools.Registry
	Validator   *twilio.Validator
	Documents   twiliocarrier.Documents // what Twilio is answered for a step
	APIToken    string                  // the bootstrap key; empty for none
	Keys        keys.Store              // nil: there is the bootstrap key alone
	Audit       Audit                   // nil: whatever is recorded is refused
	Proxies     []netip.Prefix          // whose X-Forwarded-For is believed
	Directory   Directory
	Placer      Placer
	Gate        *consent.Gate
	Ledger      Ledger
	Erasures    Erasures // nil: nobody can be erased
	Answers     Answers
	Seen        *SeenCalls                  // what was answered before a restart, while Answers is away; nil: nothing
	Confirmer   Confirmer                   // nil: no call back waits for a text
	Reminders   Reminders                   // nil: there are no routes of them
	Permits     Permits                     // likewise
	Recordings  Recordings                  // nil: there are none
	HumeKeys    []string                    // sign Hume's webhooks; with none each of them is refused
	Chats       Chats                       // keeps what they report; nil: it is only counted
	Texter      Texter                      // nil: no texts are sent
	PublicURL   string                      // what people see; needed with Texter
	Instance    string                      // its name in the call log; empty if there is but one
	Key         []byte                      // hides what Answers keeps; 32 bytes, the same on every instance
	Ready       func(context.Context) error // nil error: calls can be taken
	Flush       func(context.Context) error // brings the store up to what has happened
	Spool       func() error                // whether what waits for the database could be kept; nil: it always can. It must not wait
	Registry    *prometheus.Registry
	Logger      zerolog.Logger
}

// Server answers HTTP. Make it with New; it holds nothing that has to be closed.
type Server struct {
	cfg        Config
	log        zerolog.Logger
	refused    *prometheus.CounterVec
	humeHooks  *prometheus.CounterVec
	verifying  chan struct{}  // holds one while the ledger is verified
	refusals   zerolog.Logger // of requests that are refused: a line a second, whoever sends how many
	repeats    *repeats
	unverified *unverified

	keys    *keys.Checker
	guesses *keys.Guesses
	tried   *tries
	key     keys.Key // whose view this is; see [Server.as]
	use     *use     // of a right that is recorded; nil of any other
}

// New makes a server and registers its metrics.
func New(c Config) *Server {
	s := &Server{cfg: c, log: c.Logger, verifying: make(chan struct{}, 1), refused: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "patchcord_requests_refused_total", Help: "Requests refused for a wrong signature, a wrong key (token), too many wrong keys (guess) or a key that lacks the right."}, []string{"by"})}
	s.refusals = c.Logger.Sample(&zerolog.BurstSampler{Burst: 1, Period: time.Second})
	s.repeats, s.unverified = &repeats{}, &unverified{}
	if c.Audit == nil {
		s.cfg.Audit = unrecorded{}
	}
	s.keys, s.guesses, s.tried = keys.NewChecker(c.Keys, c.APIToken, c.now), &keys.Guesses{}, &tries{}
	s.humeHooks = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "patchcord_hume_webhooks_total", Help: "Signed webhooks from Hume, by event; other for unknown events."}, []string{"event"})
	c.Registry.MustRegister(s.refused, s.humeHooks)
	for _, by := range []string{"signature", "token", "guess", "right", "hume", "connections"} {
		s.refused.WithLabelValues(by)
	}
	for _, event := range []string{hume.ChatStarted, hume.ChatEnded, hume.ToolCall, "other"} {
		s.humeHooks.WithLabelValues(event)
	}
	return s
}

// Bounds of every request. The media socket leaves them behind when it is
// taken over; the event stream sets its own.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 30 * time.Second
	headerBytes   = 64 << 10
)

// HTTP is a server for the address, with all its bounds.
//
// A connection answers one request. A webhook is a POST: written into a
// connection that has just died it is lost, and nobody may try it again; one
// that finds nobody listening is tried again by Twilio. Requests are few, and an
// idle connection costs more memory than a new one costs time.
func (s *Server) HTTP(addr string) *http.Server {
	h := &http.Server{Addr: addr, Handler: spoken(s.Handler()), ConnContext: withConnection,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, MaxHeaderBytes: headerBytes, ErrorLog: quietLog(s.log)}
	h.SetKeepAlivesEnabled(false)
	return h
}

// publicRoute is one that asks for no key.
type publicRoute struct {
	pattern string
	do      http.HandlerFunc
}

// webhooks is what Twilio calls, behind the check of its signature.
func (s *Server) webhooks() []publicRoute {
	return []publicRoute{
		{"POST /twilio/voice", s.voice},
		{"POST /twilio/next", s.next},
		{"POST /twilio/whisper", s.whisper},
		{"POST /twilio/status", s.status},
		{"POST /twilio/stream", s.streamStatus},
		{"POST /twilio/answer", s.answered},
		{"POST /twilio/amd", s.machine},
		{"POST /twilio/sms", s.sms},
		{"POST /twilio/recording", noted},
	}
}

// doors is what sees for itself to who comes in.
func (s *Server) doors() []publicRoute {
	return []publicRoute{
		{"GET /twilio/media", s.media},
		{"POST /hume/webhook", s.humeWebhook},
		{"GET /optin/{token}", s.offerLink},
		{"POST /optin/{token}", s.takeLink},
		{"GET /healthz", s.healthy},
		{"GET /readyz", s.ready},
	}
}

// Handler is all routes.
func (s *Server) Handler() http.Handler {
	twilio := http.NewServeMux()
	for _, rt := range s.webhooks() {
		twilio.HandleFunc(rt.pattern, rt.do)
	}
	api := s.operators()
	all := http.NewServeMux()
	all.Handle("/twilio/", s.signed(twilio))
	for _, rt := range s.doors() {
		all.HandleFunc(rt.pattern, rt.do)
	}
	for _, path := range []string{"/v1/", "/metrics", "/console/", "/mcp"} {
		all.Handle(path, api)
	}
	all.HandleFunc("/", unrouted(all))
	return all
}

// healthy tells that the process lives, whatever it is in want of: who stops it for that cuts its calls.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"status": "ok", "spool": s.spool()})
}

// spool says whether what waits for the database could be kept. One that can't be written loses nothing as long as the
// database answers, so calls go on.
func (s *Server) spool() string {
	if s.cfg.Spool != nil && s.cfg.Spool() != nil {
		return "unwritable"
	}
	return "ok"
}

// ready tells a load balancer whether to send calls here.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.cfg.Switchboard.Draining() {
		problem(w, http.StatusServiceUnavailable, "draining", "new calls are refused")
		return
	}
	ctx, cancel := bounded(r)
	defer cancel()
	if err := s.cfg.Ready(ctx); err != nil {
		problem(w, http.StatusServiceUnavailable, "not ready", "the database or the consent policy cannot be read")
		return
	}
	reply(w, http.StatusOK, map[string]any{"status": "ready", "voices": s.cfg.Switchboard.Voices(), "spool": s.spool()})
}
