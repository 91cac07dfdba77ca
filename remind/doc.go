// Package remind places calls when they are due: reminders.
//
// A [Reminder] is a row in Postgres and a job on river. The job looks at the row
// when it is due and again until the row is final: it asks for the call, which the
// consent gate decides on, waits for how the call ended, and tries again where
// nobody answered. The SQL is in postgres/reminders.go.
//
//	                    ┌───────── no answer, busy ─────────┐
//	                    ▼                                   │
//	POST ─▶ scheduled ──▶ claim ─▶ Place ─▶ calling ─▶ how it ended ─▶ done, gave_up
//	           ▲  ▲                  │
//	           │  └── deferred ◀─────┤  outside the hours: at NotBefore
//	           └───── held     ◀─────┤  a fact is missing: an hour later
//	                  refused  ◀─────┘  only a new fact changes it
//
//	     (a revocation, or DELETE: cancelled, from wherever it is)
//
// River delivers a job at least once, and any instance may be killed at any time.
// What keeps a person from being rung twice is none of river's doing: before a call
// is asked for, its attempt is claimed by a row of its own (unique by reminder and
// attempt), which holds the id that the call will have. A claim whose worker died
// stays open until the call log and the ledger have told what became of it, and only
// if they are sure that nothing was placed is it tried again.
package remind
