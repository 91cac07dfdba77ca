// Package server is the HTTP side of the bridge: the webhooks and the media
// socket that Twilio calls, the operators' API, health and metrics. It knows
// requests and answers; what a call is, package call knows, and what the
// operators' JSON is, package api.
//
// Every route of Twilio is guarded by its signature, every route of the
// operators by a bearer token, before anything else is looked at.
package server
