// Package agent says what a voice agent is to a telephone call: something that
// listens, speaks, and asks for tools to be run. Package call knows an [Agent]
// and its [Event]s and nothing of the wire behind them; each wire has one
// adapter here ([EVI]). Sound is µ-law at 8 kHz on this side of every adapter,
// in both directions, whatever the wire carries.
package agent
