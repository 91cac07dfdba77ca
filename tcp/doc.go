// Package tcp makes connections that carry many small messages at little cost.
//
// A call has a hundred of them a second, and the program is idle between most
// of them. Then what surrounds a system call costs more than the call itself:
//
//   - Go tells its scheduler before a system call and after it, in case it
//     blocks, and the first one after a moment of idleness wakes the thread that
//     watches for blocked ones, which then looks around every 20 µs until all is
//     idle again. Reading and writing a socket of Go's never blocks, so here
//     nobody is told ([Conn.Read], [Conn.Write]).
//
//   - A deadline that is put off with each message touches the runtime's timers
//     each time. Here one that is put off by little stays where it is
//     ([Conn.SetReadDeadline]).
//
//   - When the process is killed, its listening socket closes before its connections
//     ([Listen]).
//
// On Linux, that is. Elsewhere the connections are net's own.
package tcp
