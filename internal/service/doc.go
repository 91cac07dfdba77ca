// Package service is the running service: it makes the parts that a configuration describes, starts them in their
// order, and stops them in the reverse ([Start], [Service.Stop]). [Serve] does all of that for a process, from the
// first signal to the last call.
//
// The parts that commands need without the service are here too, each of which its caller closes: the database
// ([OpenDatabase]), the ledger ([OpenLedger]), the tools and the agents ([NewRegistry], [NewProfiles]).
package service
