// Package plain prints text that came from outside: what callers and agents said, what services, files, tools and
// databases answered. A caller who dictates a line end, a terminal's escape sequence or a bidirectional override could
// otherwise forge a line of evidence, repaint the screen or reverse what is read.
//
// Whatever reaches a terminal passes [Text], most of it through [Printf] and its siblings, which leave their format as it
// is and show every argument by Text. A test of internal/archtest reads the source and fails on a print that goes around
// this package.
package plain
