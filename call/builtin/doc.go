// Package builtin has the tools that are about the call itself: they end it, transfer it, press keys, take messages.
// Each tool is a file of its own, with its name, its arguments, what an agent reads of it, and its bounds.
//
// A tool knows neither the line nor the agent's wire: what it may do with its call is [Controls], which package call
// implements. What tools remember, such as the digits that are being collected, is in a [State]. There is one for each
// telephone call, however many streams and agents it has.
package builtin
