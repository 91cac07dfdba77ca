package service

import (
	"os"
	"strings"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// forgetLibraries gives back the code of the C libraries, about 2 MB: loading them
// has touched it, and a call needs none of it. What is wanted again the kernel maps
// again from its cache. Only code is given back, which is never written to.
func forgetLibraries() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	self, err := procfs.Self()
	if err != nil {
		return err
	}
	maps, err := self.ProcMaps()
	if err != nil {
		return err
	}
	for _, m := range maps {
		if !m.Perms.Execute || m.Perms.Write || !strings.HasPrefix(m.Pathname, "/") || m.Pathname == program {
			continue
		}
		if _, _, errno := unix.Syscall(unix.SYS_MADVISE, m.StartAddr, m.EndAddr-m.StartAddr, unix.MADV_DONTNEED); errno != 0 {
			return errno
		}
	}
	return nil
}
