// Package consenttest is a consent ledger in memory, with the failures that a real one
// has, and a policy that decides as it is told. Both are for tests of what stands around
// the gate: what the rules say is tested in consent, the SQL in postgres.
package consenttest
