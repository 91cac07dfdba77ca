package agent

import (
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/evi"
)

// abnormal is the code of a connection that was lost without one (RFC 6455, section 7.4.1).
const abnormal = 1006

// eviLost explains the end of a chat, or why there is none.
func eviLost(op string, err error) *LostError {
	lost := &LostError{Op: op, Err: err}
	var handshake *evi.HandshakeError
	var token interface{ Fatal() bool } // of Tokens
	var reported *evi.Error
	var closed *evi.CloseError
	switch {
	case errors.As(err, &handshake):
		lost.Code, lost.Fatal = fmt.Sprint(handshake.Status), handshake.Fatal()
	case errors.As(err, &token):
		lost.Fatal = token.Fatal()
	case errors.As(err, &closed) && closed.Code == evi.CloseNormal && survived(closed.Cause):
		// 1000 with no error before it is the agent's own goodbye.
		lost.Code, lost.Ended = fmt.Sprint(closed.Code), true
	case errors.As(err, &reported):
		lost.Code, lost.Fresh = string(reported.Code), reported.StartFresh()
		// A line that merely broke says nothing about an error from before.
		lost.Fatal = !reported.Retryable() && (closed == nil || closed.Code != abnormal)
	case errors.As(err, &closed):
		lost.Code = fmt.Sprint(closed.Code)
	}
	return lost
}

// survived tells whether a chat goes on after the last error that it reported,
// if there was one: then that is not why it ended.
func survived(reported *evi.Error) bool {
	return reported == nil || reported.Code == evi.ErrLanguageModelTimeout
}
