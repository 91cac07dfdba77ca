package twiliocarrier

import (
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio"
)

// Incoming is what a webhook that asks for TwiML tells about the call.
func Incoming(v twilio.Voice) carrier.Incoming {
	return carrier.Incoming{Call: carrier.CallID(v.CallSID), From: v.From, To: v.To, Inbound: v.Direction == "inbound",
		Attestation: v.StirVerstat, State: carrier.State(v.Status), Transfer: transferResult(v)}
}

// transferResult reads how a <Dial> ended.
func transferResult(v twilio.Voice) carrier.TransferResult {
	switch v.DialStatus {
	case "":
		return ""
	case twilio.Completed, twilio.Answered:
		if v.DialBridged == "false" { // they, or their machine, heard who calls and pressed nothing
			return carrier.TransferNotAccepted
		}
		return carrier.TransferTaken
	case twilio.Busy:
		return carrier.TransferBusy
	case twilio.NoAnswer:
		return carrier.TransferNoAnswer
	case twilio.Canceled:
		return carrier.TransferCanceled
	}
	return carrier.TransferFailed
}

// Status is what a status callback tells.
func Status(s twilio.Status) carrier.Status {
	st := carrier.Status{Call: carrier.CallID(s.CallSID), State: carrier.State(s.Status), SIP: s.SIPResponseCode,
		Code: s.ErrorCode}
	if twilio.NumberRefused(st.Code) || carrier.NoSuchNumber(st.SIP) {
		st.Fault = carrier.FaultNumber
	}
	return st
}
