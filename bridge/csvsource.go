package bridge

import (
	"io"
	"os"
)

// csvSource is a CSV file on its way in, and how far it has been read.
type csvSource struct {
	csv   *csvFile
	read  *countingReader
	size  int64 // bytes; -1 if nobody knows
	close func()
}

// openSource opens a CSV file by its path, or standard input by "-". Names and known
// are those of openCSV; a header that can't be read is wrong usage.
func openSource(path string, names map[string]string, known []string) (*csvSource, error) {
	s := &csvSource{size: -1, close: func() {}}
	in := io.Reader(os.Stdin)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			s.size = info.Size()
		}
		in, s.close = f, func() { f.Close() }
	}
	s.read = &countingReader{r: in}
	var err error
	if s.csv, err = openCSV(s.read, names, known); err != nil {
		s.close()
		return nil, &exitError{exitUsage, path + ": " + err.Error()}
	}
	return s, nil
}
