// Package tcp makes connections that carry many small messages at little cost.
//
// A call has a hundred of them a second, and the program is idle between most
// of them. Then what surrounds a system call costs more than the call itself:
//
//   - Go's scheduler notes each system call before and after it, in case it blocks,
//     and the first one after a moment of idleness wakes the thread that watches for
//     blocked ones, which then looks around every 20 µs until all is idle again.
//     Reading and writing a socket here never blocks, so the scheduler is left out.
//
//   - Go's poller forgets before each read that a socket has become readable, so a read
//     that finds nothing follows each one, and it wakes a thread for each message. Here a
//     loop of our own remembers, and on a busy service it looks for messages every
//     millisecond and wakes all their readers at once. A message comes half a
//     millisecond later for it, on average.
//
//   - A deadline that is put off with each message touches the runtime's timers
//     each time. Here the timer is set again only when it goes off.
//
//   - When the process is killed, its listening socket closes before its connections
//     ([Listen]).
//
// On Linux, that is. Elsewhere the connections are net's own.
package tcp
