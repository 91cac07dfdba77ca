// Package table reads the rows of files as people's programs write them: CSV with any of
// the usual separators, encodings and line ends, and Excel workbooks. A cell comes out as
// it was written or its row is an error; nothing is guessed. Memory is bounded whatever
// the length of the file.
package table
