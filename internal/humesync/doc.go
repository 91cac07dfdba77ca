// Package humesync mirrors what bridge.yaml says of agents with voice evi to Hume's account: their tools, their
// prompts, and configurations that name both. A [Sync] is one run: [Sync.Fetch] reads the account, [Sync.Plan]
// works out the steps, and [Sync.Apply] does those that write. Nothing is ever deleted, and a change whose answer
// was lost is searched for instead of being made twice.
package humesync
