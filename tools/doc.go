// Package tools is what a voice agent can do besides talking: look up an order, note a wish, book a slot.
//
// A [Tool] is a name, a description for the agent, a JSON Schema of its arguments, and a handler. [New] makes one from
// a Go function, with the schema taken from the type of its argument; [HTTP] makes one from an address. A [Registry]
// holds them and runs them, and [Registry.Only] narrows it to what one agent may use. An [MCP] server brings tools of its
// own to a registry, which come and go with it:
//
//	NewMCP ─▶ Registry.Join ─▶ Start ─▶ run: connect ─▶ attend ─▶ down ─▶ wait ─┐   one goroutine a server
//	                                         ▲                                  │
//	                                         └──────────────────────────────────┘
//	Registry.Call ─▶ its tool ─▶ link: session of the SDK ─▶ meter ─▶ process or HTTP
//	                          └▶ no link: an error at once, which server and since when
//
// [Registry.Call] is built for a live telephone line. It always answers, and at the latest at the tool's deadline: a
// handler that hangs, panics or returns far too much becomes an [Answer] that says so. What the log may know (Err) and
// what the agent may say (Say) are two texts, because the second is read to a stranger. Arguments are checked against
// the schema before a handler sees them, since a model invents them. They come from speech, so no error text of this
// package repeats their values to the log.
//
// What the log may know of arguments and results is up to package redact: callers say their card numbers.
//
// The package knows neither who is calling nor which wire asked.
package tools
