// Package chaos plays whole calls in virtual time and lets go wrong what goes wrong in the field, at moments that a
// seed chooses. A [Plan] is made of a seed alone: one to three instances of the service behind a balancer that knows no
// sessions, a carrier, a voice and a call log in memory, some calls, and faults. [Run] plays it within a bubble of
// testing/synctest, and the [Result] says which invariants did not hold.
//
// An event is one row of one of five tables: what people and agents do ([Acts]), and what fails ([LineFaults],
// [AgentFaults], [CarrierFaults], [WorldFaults]). An invariant is a row of [Invariants].
//
// A plan is the same for a seed for ever; the order of goroutines that are ready at the same instant is not. So a
// seed that failed is played some times before it is believed to pass.
package chaos
