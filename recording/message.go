package recording

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/patchcord/patchcord/media"
)

// messageTemp begins the name of a message that is being written.
const messageTemp = ".message-"

// SaveMessage keeps a message that a caller has spoken, µ-law at 8 kHz, as the nth of the call,
// from 1: a WAV of one channel. It returns when the file is on disk.
func (f *Folder) SaveMessage(id string, n int, ulaw []byte) error {
	name, err := f.messageName(id, n)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	out, err := os.CreateTemp(f.dir, messageTemp+"*")
	if err != nil {
		return err
	}
	wav := media.AppendWAV(nil, media.Rate, 1, media.AppendDecodeULaw(nil, ulaw))
	if _, err = out.Write(wav); err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(out.Name(), name)
	}
	if err != nil {
		os.Remove(out.Name())
	}
	return err
}

// OpenMessage returns the nth message of a call, to be read and closed. The errors are ErrNone
// and the file system's.
func (f *Folder) OpenMessage(id string, n int) (*os.File, error) {
	name, err := f.messageName(id, n)
	if err != nil {
		return nil, ErrNone
	}
	in, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNone
	}
	return in, err
}

func (f *Folder) messageName(id string, n int) (string, error) {
	if !plainID.MatchString(id) || n < 1 {
		return "", errors.New("the call's id is not a valid file name")
	}
	return filepath.Join(f.dir, fmt.Sprintf("%s.message-%d%s", id, n, suffix)), nil
}
