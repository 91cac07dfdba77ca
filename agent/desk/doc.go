// Package desk is a keypad attendant: recorded clips, and the caller's keys. It takes a spoken
// message, a wish to be called back, a transfer and a stop.
//
// It stands behind [agent.Agent] as any voice does, needs nothing but this process, and so
// takes a call when no other voice answers. It understands no words, and is not an AI voice.
package desk
