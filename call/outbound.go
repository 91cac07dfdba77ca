package call

import (
	"context"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twiml"
)

// Place asks the gate for a call and places it if the gate allows. It returns the call's
// head, queued, as soon as the gate has decided; the telephone rings by itself.
func (b *Switchboard) Place(ctx context.Context, o Order) (calllog.Call, consent.Decision, error) {
	return calllog.Call{}, consent.Decision{}, ErrNoGate
}

// AnswerOutbound takes a call that we placed and that was answered.
func (b *Switchboard) AnswerOutbound(ctx context.Context, v twilio.Voice, callID string) (string, error) {
	return twiml.Hangup(), nil
}

// Machine takes what answering-machine detection found on a call of ours.
func (b *Switchboard) Machine(ctx context.Context, callID, answeredBy string) {}

// Revoked ends every call with the person whose consent was withdrawn.
func (b *Switchboard) Revoked(f consent.Fact) {}
