// Package calllog remembers what happened on each call: one header ([Call])
// and a numbered list of what was said, done and noticed ([Entry]).
//
// A live call never waits for its log. It hands every [Change] to a [Writer],
// which batches them to a [Store] in the background; while the store is away,
// changes go to a spool file on disk and from there into the store when it is
// back, in the order in which they were put. The SQL behind [Store] is in
// package postgres (postgres/calls.go).
//
// Headers carry telephone numbers and entries carry speech. Both belong in the
// store and in the spool folder, which only its owner can read, and nowhere
// else: no error and no log line of this package holds any of them.
package calllog
