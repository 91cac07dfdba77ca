// Package evitest is a server of EVI's chat protocol, over real WebSockets, for
// the tests and demonstrations of programs that talk to EVI.
//
// [NewServer] listens on this machine and runs a function for each chat; the
// function plays the agent with the methods of [Conn], or is made by [Script].
// What the real EVI would reject is recorded as a fault: after a test,
// [Server.Faults] is empty and [Server.Err] is nil, or the client did something
// wrong. [NewPipeServer] is the same in memory, for testing/synctest.
//
// It imitates the wire, not the mind: nothing listens to the audio and nothing
// answers unless the function says so.
package evitest
