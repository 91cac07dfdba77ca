package pgserver

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// folder is a handle of a folder. What is done through it reaches the folder that was
// opened, whatever its path leads to by now, and follows no link.
type folder struct{ *os.File }

// openFolder opens a folder that is no link. The caller closes it.
func openFolder(path string) (folder, error) { return openFolderAt(unix.AT_FDCWD, path) }

func openFolderAt(at int, path string) (folder, error) {
	fd, err := unix.Openat(at, path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return folder{}, fmt.Errorf("open %s, which must be a folder and not a link: %w", path, err)
	}
	return folder{os.NewFile(uintptr(fd), path)}, nil
}

// maxKept bounds a file that is read whole, in bytes.
const maxKept = 4 << 10

// open opens a file of the folder. One that is no regular file, or has a second name
// somewhere else, is refused: somebody put it there.
func (d folder) open(name string, flags int) (*os.File, error) {
	fd, err := unix.Openat(int(d.Fd()), name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	f := os.NewFile(uintptr(fd), name)
	var s unix.Stat_t
	if err := unix.Fstat(fd, &s); err != nil || s.Mode&unix.S_IFMT != unix.S_IFREG || s.Nlink > 1 {
		return nil, errors.Join(err, fmt.Errorf("%s is not a regular file in this folder", name), f.Close())
	}
	return f, nil
}

// read is what a file of the folder says.
func (d folder) read(name string) ([]byte, error) {
	f, err := d.open(name, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxKept))
}

// write makes a file anew, for the eyes of its owner, which is the account if there is one.
func (d folder) write(name string, content []byte, as account) error {
	if err := unix.Unlinkat(int(d.Fd()), name, 0); err != nil && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	f, err := d.open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, as.give(f), f.Close())
}

// make makes an empty folder in this one, which belongs to the account from now on.
func (d folder) make(name string, as account) error {
	if err := unix.Mkdirat(int(d.Fd()), name, 0o700); err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	made, err := openFolderAt(int(d.Fd()), name)
	if err != nil {
		return err
	}
	return errors.Join(as.give(made.File), made.Close())
}

// owner is the user that a file belongs to.
func owner(f *os.File) (int, error) {
	var s unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &s); err != nil {
		return 0, err
	}
	return int(s.Uid), nil
}
