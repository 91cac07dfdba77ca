// Package call carries telephone calls: one call's life ([Call]), all live
// calls of an instance ([Switchboard]), and placing calls ([Switchboard.Place]). It is
// the one place where a telephone and a voice agent meet: it knows both by their
// boundaries, carrier.Line and agent.Agent, and the wire of neither.
//
//	CARRIER                            ONE CALL                               AGENT
//	                ┌───────────────────────────────────────────────┐
//	media  ────────▶│ readCaller ───────── bypass ───▶ SendAudio    │───▶ audio
//	                │            └ caller ┐      ┌ events ─ attach  │◀─── audio
//	mark, key, stop │                     ▼      ▼                  │◀─── interrupted
//	                │                 ┌──────────────┐              │◀─── tool call
//	media  ◀────────│ playout ◀───────┤     run      ├─▶ SendAudio  │───▶ audio kept
//	clear  ◀────────│ interrupt ◀─────┤ one select   ├─▶ AnswerTool │───▶ tool answer
//	mark   ◀────────│ playout ◀───────┤ loop         ├─▶ Say, Tell  │───▶ text
//	                │                 └─┬──────▲──┬──┘              │
//	                │            callTool    onTool  journal        │
//	                └───────────────────┼──────┼──┼─────────────────┘
//	                                    ▼      │  ▼
//	                                 tools.Set │ calllog.Writer
//
// One goroutine, run, owns all state of a call. Two more only read, one from
// each socket, and hand over; each tool call, each dial of the agent and each
// goodbye to it has one that ends with it. The line is written by run
// alone, so there is no order to get wrong: a clear never stands behind sound
// that it should have emptied. Each write has a deadline; a peer that stops
// reading costs the call two seconds, once.
//
// A call has two lives. A [Call] lasts as long as the telephone call. What it has only as long as one
// media stream is its stream, made anew for each by nextStream, which is the list of what that means;
// run carries one. Another instance that goes on with the call knows what is in its handoff, which is
// made of the log.
//
// The caller's sound alone goes past run: a frame needs no decision while there
// is an agent that may hear it, and to wake run for fifty of them a second would
// be a good part of what a call costs. Run opens and shuts the bypass.
//
// A call that is recorded has a tape (package recording), which never waits: readCaller gives it
// the caller's frames, on the bypass or not, and the playout what it sends and clears. Run pauses it.
//
// Time enters in one place: after every event, and when nothing happens for as
// long as wake says, run calls tick, which releases the playout, plays the
// holding line, asks for the agent again, watches the limits.
//
// Keys go to the agent in groups, or to collect_digits while that runs. Digits that
// nobody may see stay with the call; agent and log know them by a reference, and
// a tool that is given the reference gets them. Work of a built-in tool that may take a
// while is done aside, and comes back as something for run to do.
//
// A call ends in one place, too: whatever is noticed first becomes run's
// Outcome, and finish stops and awaits everything else.
//
// A call may leave its stream on purpose and come back: for the keys that send_digits
// presses, which no stream can carry, and when nobody takes it that was put through to a
// person. Each time what was said is heard first, and the conversation goes on with its
// context. A call that was put through is in the log as transferred from the moment it
// leaves; the result of the transfer decides, on whichever instance its carrier asks:
//
//	live ─ transfer_call ─▶ away ─ TransferResult ─▶ over, transferred
//	 ▲                       │
//	 └──── waiting ◀─────────┘ nobody took it
//
// A call that we place has a life before that:
//
//	Place ─ Gate.Clear ─▶ placed ─ Carrier.Place ▶ queued, ringing ─ AnswerOutbound ─▶ waiting ─▶ live
//	           │            │                            │             │ Gate.Recheck
//	        refused      not taken                  busy, no answer    ▼
//	                     (permit released)          revoked         hung up before any sound
//
// Our id of it comes with all news of it, so that news of it is known for
// what it is also if the answer to its creation is lost; it is never placed
// again. Its head and order are in the log, so that any instance can be told of
// its answer. Nobody speaks before its opening is proved, and it ends if that
// can't be. Whoever presses 9 or says stop is in the ledger (or the spool) first;
// then a short goodbye, then the end, within two seconds of the trigger whatever
// hangs. What nobody waits for, such as a permit's end, is the keeper's.
//
// Who answers may be a machine: package amd detects it by the carrier's word, by what is
// said and by the beep, and amd.go does what follows. Nobody speaks into its greeting, a
// message begins when it has beeped, and whoever comes on the line behind a machine hears
// the opening from its beginning.
package call
