package call

import "github.com/patchcord/patchcord/call/builtin"

// The names of the built-in tools.
const (
	ToolEndCall          = builtin.EndCall
	ToolStopCalling      = builtin.StopCalling
	ToolTransferCall     = builtin.TransferCall
	ToolSendDigits       = builtin.SendDigits
	ToolCollectDigits    = builtin.CollectDigits
	ToolTakeMessage      = builtin.TakeMessage
	ToolScheduleCallback = builtin.ScheduleCallback
	ToolPauseRecording   = builtin.PauseRecording
	ToolResumeRecording  = builtin.ResumeRecording
)
