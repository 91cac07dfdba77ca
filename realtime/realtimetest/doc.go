// Package realtimetest is a server of OpenAI's Realtime wire and its dialects,
// over real WebSockets, with TLS or without, for the tests and demonstrations of
// programs that talk to a voice.
//
// [NewServer] listens on this machine. It keeps each session as a real server
// does: settings, the input buffer, the conversation, one answer at a time. What
// the model says is up to a function, see [Config.Model] and [Answers]; what the
// user says is up to another, see [Config.Handle] and [Script], or is heard in
// the audio itself, see [Config.Listen]. What a real server would refuse is
// refused and recorded as a fault: after a test, [Server.Faults] is empty and
// [Server.Err] is nil, or the client did something wrong. [NewPipeServer] is the
// same in memory, for testing/synctest.
//
// It imitates the wire, not the mind. Its rules are written independently of
// package realtime, so that the two check each other.
package realtimetest
