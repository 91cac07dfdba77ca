package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
)

// Question is what a [Router] is asked about a call that comes in. From and To are as
// Twilio gives them: From can be no number, such as anonymous.
type Question struct {
	CallSID     carrier.CallID
	From, To    phone.Party
	Attestation string // how far the carrier vouches for From (STIR); empty where it says nothing
}

// Route is who answers a call, and what the agent knows of the caller, laid over its own
// variables.
type Route struct {
	Agent     string // its name in the configuration
	Variables map[string]string
}

// Router is asked who answers a call. Route returns within a bound of its own, however
// slow the answer: the caller hears it ring meanwhile. An error that wraps ErrBadRoute
// says that there was an answer, and that it can't be used. No error names anyone. It is
// called by several goroutines.
type Router interface {
	Route(ctx context.Context, q Question) (Route, error)
}

// ErrBadRoute says that a Router got an answer that can't be used.
var ErrBadRoute = errors.New("the answer can't be used")

// The results of asking, for the metrics.
const (
	routeAnswered = "answered"
	routeSlow     = "slow"
	routeWrong    = "wrong"
	routeGone     = "gone"
)

// ask is who answers a call, by its Router or, where that doesn't say, by default, and a
// note of what came of asking.
func (b *Switchboard) ask(router Router, v carrier.Incoming, byDefault *Profile, log zerolog.Logger) (p *Profile, variables map[string]string, note string) {
	begun := time.Now()
	route, err := router.Route(b.ctx, Question{v.Call, v.From, v.To, v.Attestation})
	took := time.Since(begun)
	result := routeAnswered
	switch p = b.cfg.Profiles[route.Agent]; {
	case errors.Is(err, context.DeadlineExceeded):
		result = routeSlow
	case errors.Is(err, ErrBadRoute):
		result = routeWrong
	case err != nil:
		result = routeGone
	case p == nil:
		result, err = routeWrong, fmt.Errorf("%w: it names no agent of this configuration", ErrBadRoute)
	default:
		if why := badVariables(route.Variables); why != "" {
			result, err = routeWrong, fmt.Errorf("%w: its variables %s", ErrBadRoute, why)
		} else if bad := p.Check(route.Variables); len(bad) > 0 {
			result, err = routeWrong, fmt.Errorf("%w: its %s %s", ErrBadRoute, bad[0].Field, bad[0].Problem)
		}
	}
	b.cfg.Metrics.routes.WithLabelValues(result).Observe(took.Seconds())
	ms := took.Milliseconds()
	if err != nil {
		log.Warn().Err(err).Str("agent", byDefault.Name).Int64("took_ms", ms).Msg("routing failed; using the default agent")
		return byDefault, nil, fmt.Sprintf("asked who answers (%d ms): %v; by default %s answers", ms, err, byDefault.Name)
	}
	log.Info().Str("agent", p.Name).Int64("took_ms", ms).Msg("call routed")
	return p, route.Variables, fmt.Sprintf("asked who answers (%d ms): %s", ms, p.Name)
}
