// Package demo shows the whole product on one machine, with no account, no key and no
// internet: a simulated telephone calls the real service, or is called by it, a scripted
// voice agent speaks, and everything between the two is what runs in production.
//
//	twiliotest.Phone ── Media Streams ──▶ bridge serve ──── EVI's wire ────▶ evitest.Server
//	   the caller                     a child process, ─── Realtime wire ──▶ realtimetest.Server
//	twiliotest.API  ◀── Calls API ─────── its own Postgres                      the agent
//	   people who are called                           ─────── HTTP ───────▶ crm, the tools
//
// The agent speaks both wires (conn.go): one voice takes the calls, the other takes over when
// that one fails.
//
// A script is a play of one or more scenes, each a call with its two parts (support.go,
// reminder.go and parts.go); what it proves stands beside it, in its figures and claims.
//
// The service is the same binary, started as a child with an environment and a temporary
// folder of its own. The caller and the agent speak recorded lines at the speed of sound
// and react to what they hear: the agent tells speech from silence by its loudness and a
// line from another by its sound, the caller knows the agent's lines in the same way. So
// a bridge that loses, delays or damages sound breaks the conversation, and does not only
// spoil a number.
//
// What the audience sees of the talk comes from the service's own API. What was proved
// at the end is measured from outside, at the telephone and at the agent, on one clock,
// and held against what the service wrote down.
//
// What it cannot show is what the simulators do not know: the real Twilio's network and a
// real voice's mind.
package demo
