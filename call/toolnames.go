package call

import (
	"errors"

	"github.com/patchcord/patchcord/call/builtin"
)

var errArguments = errors.New("an argument is out of its bounds")

// The names of the built-in tools.
const (
	ToolEndCall         = builtin.EndCall
	ToolStopCalling     = builtin.StopCalling
	ToolTransferCall    = builtin.TransferCall
	ToolSendDigits      = builtin.SendDigits
	ToolCollectDigits   = builtin.CollectDigits
	ToolTakeMessage     = builtin.TakeMessage
	ToolPauseRecording  = builtin.PauseRecording
	ToolResumeRecording = builtin.ResumeRecording
)
