// Package proof is the form in which the consent ledger can be proved to anybody: its rows,
// the chain of their hashes, and exports of them.
//
// A [Row] has a [consent.Fact] as a body in bytes that are never written a second time
// (body.go); [Chain] follows rows from the first on (chain.go). An export has a row a line
// ([Exported]), and a [Bundle] is an export with all that a stranger needs to verify it,
// the program verify.py with it. [VerifyExport] and [VerifyBundle] need nothing but what
// they are given. The rows are stored by package postgres, and nothing here decides.
package proof
