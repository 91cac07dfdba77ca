//go:build linux

package sandbox

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asHidden has this test's binary hide itself, say so, and wait.
const asHidden = "hidden"

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == Command:
		os.Exit(Launch(os.Args[2:]))
	case len(os.Args) > 1 && os.Args[1] == asHidden:
		if err := Hide(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("HIDDEN_VALUE is", os.Getenv("HIDDEN_VALUE"))
		_, _ = io.Copy(io.Discard, os.Stdin)
		return
	case len(os.Args) > 3 && os.Args[1] == asParent:
		if err := parent(Kind(os.Args[2]), os.Args[3]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// What a process was started with is gone from what the kernel shows, and still there for itself.
func TestHide(t *testing.T) {
	cmd := exec.Command("/proc/self/exe", asHidden)
	cmd.Env = []string{"HIDDEN_VALUE=a secret", "EMPTY=", "PATH=/bin"}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "HIDDEN_VALUE is a secret\n" {
		t.Errorf("it says %q, %v", line, err)
	}
	shown, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", cmd.Process.Pid))
	if err == nil && len(bytes.Trim(shown, "\x00")) > 0 { // who is not root can't even read it
		t.Errorf("the kernel shows %q", shown)
	}
	if (err != nil) == (os.Geteuid() == 0) {
		t.Errorf("reading it: %v", err)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// kinds are those that whoever runs the test can have.
func kinds() []Kind {
	list := []Kind{Landlock}
	if os.Geteuid() == 0 {
		list = append(list, User)
	}
	return list
}

// open is a folder that every user can get to, unlike a test's own. A command in the sandbox gets to nothing below /dev,
// where TMPDIR may be.
func open(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "patchcord-sandbox")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestWrap(t *testing.T) {
	for _, kind := range kinds() {
		t.Run(string(kind), func(t *testing.T) {
			dir := open(t)
			p := Policy{Kind: kind, Folder: filepath.Join(dir, "own"), Write: []string{filepath.Join(dir, "given")}, List: []string{dir}, Hidden: []string{filepath.Join(dir, "secret")}}
			for _, name := range []string{"own", "given"} {
				if err := os.Mkdir(filepath.Join(dir, name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(filepath.Join(dir, name), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			for name, mode := range map[string]os.FileMode{"secret": 0o600, "public": 0o644} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte("text of "+name+"\n"), mode); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command("/bin/sh", "-c", `pwd; cat ../public; cat ../secret; echo x >../public; echo x >mine && echo wrote mine; echo x >../given/x && echo wrote given; ls -d "$TMPDIR"; echo "$1"`, "sh", "an argument")
			cmd.Env = []string{"PATH=/usr/bin:/bin", "TMPDIR=" + filepath.Join(p.Folder, "tmp")}
			var out, complaints strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &complaints
			if err := Wrap(cmd, p); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Run(); err != nil {
				t.Errorf("%v: %s", err, complaints.String())
			}
			if diff := cmp.Diff(p.Folder+"\ntext of public\nwrote mine\nwrote given\n"+p.Folder+"/tmp\nan argument\n", out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s%s", diff, complaints.String())
			}
			if n := strings.Count(strings.ToLower(complaints.String()), "ermission denied"); n != 2 {
				t.Errorf("%d complaints, want one of the secret and one of what is not its own:\n%s", n, complaints.String())
			}
		})
	}
}

// A launcher that fails says so by its exit code, and starts nothing.
func TestLaunchFails(t *testing.T) {
	for name, args := range map[string][]string{
		"nothing":          nil,
		"no command":       {`{"kind":"landlock"}`},
		"no policy":        {"{", "/bin/true"},
		"an unknown kind":  {`{"kind":"none"}`, "/bin/true"},
		"no such program":  {`{"kind":"landlock","folder":"/tmp"}`, "/no/such/program"},
		"a hidden program": {`{"kind":"landlock","folder":"/tmp","hidden":["/usr"]}`, "/usr/bin/true"},
	} {
		cmd := exec.Command("/proc/self/exe", append([]string{Command}, args...)...)
		out, _ := cmd.CombinedOutput()
		why := Reason(cmd.ProcessState.ExitCode(), string(out))
		if cmd.ProcessState.ExitCode() != ExitLauncher || "sandbox: "+why+"\n" != string(out) || why == "" {
			t.Errorf("%s: %v: %s; the reason is %q", name, cmd.ProcessState, out, why)
		}
	}
}

// What is no launcher's is no reason: a command may say what callers said.
func TestReason(t *testing.T) {
	for _, x := range []struct {
		code         int
		stderr, want string
	}{
		{ExitLauncher, "sandbox: landlock: restrict: operation not permitted\n", "landlock: restrict: operation not permitted"},
		{ExitLauncher, "sandbox: \x1b[2Jx", `\x1b[2Jx`},
		{ExitLauncher, "sandbox: " + strings.Repeat("ü", 500) + "\n", strings.Repeat("ü", 148) + "…"},
		{1, "sandbox: x\n", ""},
		{ExitLauncher, "x\n", ""},
		{ExitLauncher, "sandbox: x\nmy name is Dana\n", ""},
		{ExitLauncher, "", ""},
	} {
		if got := Reason(x.code, x.stderr); got != x.want {
			t.Errorf("%d, %q: %q, want %q", x.code, x.stderr, got, x.want)
		}
	}
}

func TestRules(t *testing.T) {
	dir := resolved(t.TempDir())
	at := func(names ...string) []string {
		for i, name := range names {
			names[i] = filepath.Join(dir, name)
		}
		return names
	}
	for _, name := range at("a/deep", "b/data", "given/hidden", "given/fine/deep", "given/fixed", "given/free") {
		if err := os.MkdirAll(name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"a/link": "b/data", "data": "b/data", "z": "."} {
		if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	p := Policy{Folder: at("b/data/own")[0], Write: at("given", "gone"), List: at("b"), Hidden: at("data", "b/.env", "given/hidden", "never/there"),
		Fixed: at("given/fixed", "given/fine/never")}
	rules, err := p.rules()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rules {
		if name, err := filepath.Rel(dir, r.path); err == nil && !strings.HasPrefix(name, "..") {
			got = append(got, fmt.Sprintf("%s write=%v names=%v", name, r.write, r.names))
		}
		if within(r.path, "/dev") != slices.Contains(devices, r.path) {
			t.Errorf("it may reach %s", r.path)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		"a write=false names=false",
		"b write=false names=true",
		"b/data/own write=true names=false",
		"given/fine write=false names=false",
		"given/fine/deep write=true names=false",
		"given/fixed write=false names=false",
		"given/free write=false names=false",
		"given/free write=true names=false",
		"gone write=true names=false",
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
