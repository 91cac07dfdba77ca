package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/sandbox"
	"github.com/patchcord/patchcord/internal/service"
)

// What an MCP server must not get.
const (
	secretOfEnvironment = "environment-secret-7f3a"
	secretOfFile        = "dotenv-secret-91bc"
	secretOfKey         = "master-secret-c0de"
	secretOfSpool       = "spool-secret-55aa"
)

// raided has an MCP server try everything against a program in a folder, which its command names, as a user, and returns
// what it says.
func raided(t *testing.T, uid int, mode string) (got, folder string) {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "patchcord-raid") // which others may pass through, unlike a test's own
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "program")
	if err := os.Link(self, program); err != nil {
		b, err := os.ReadFile(self)
		if err == nil {
			err = os.WriteFile(program, b, 0o700)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]string{
		".env":               "OTHER_SECRET=" + secretOfFile + "\n",
		"data/master.key":    secretOfKey + "\n",
		"data/spool/1.jsonl": secretOfSpool + "\n",
		"bridge.yaml":        "mcp:\n  intruder: {command: [./program, " + asIntruder + ", .], timeout: 1m, sandbox: " + mode + "}\n",
	}
	in := raid{Secrets: []string{secretOfEnvironment, secretOfFile, secretOfKey, secretOfSpool}}
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if name == "bridge.yaml" {
			in.Fixed = append(in.Fixed, path, filepath.Join(folder, service.PinsFile))
		} else {
			in.Files = append(in.Files, path)
		}
	}
	if err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err == nil && uid != os.Geteuid() {
			err = os.Lchown(path, uid, uid)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	arguments, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "tools", "run", "intruder.loot", "-")
	cmd.Stdin = strings.NewReader(string(arguments))
	cmd.Dir = folder
	cmd.Env = []string{asCommand + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + folder, "BRIDGE_API_TOKEN=" + secretOfEnvironment, "GOCOVERDIR=" + t.TempDir()}
	if uid != os.Geteuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out), folder
}

// raiders are the users that the test can be: whoever runs it, and somebody else if that is root.
func raiders() map[string]int {
	if os.Geteuid() == 0 {
		return map[string]int{"root": 0, "not root": 65534}
	}
	return map[string]int{"not root": os.Geteuid()}
}

func TestAnMCPServerGetsNoSecret(t *testing.T) {
	if sandbox.Best() != sandbox.Landlock {
		t.Fatalf("this kernel has no Landlock, and what is tested here needs it: %s", sandbox.Best())
	}
	for name, uid := range raiders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, folder := raided(t, uid, "on")
			if want := "began in " + filepath.Join(folder, "data", "mcp", "intruder"); !strings.Contains(got, want) || strings.Contains(got, "GOT") || strings.Contains(got, "can't") {
				t.Errorf("want %q and nothing more:\n%s", want, got)
			}
		})
	}
}

// The same server without the sandbox gets what lies in files, so that the test above tries what works. The environment
// is gone also from root, and memory from all but root.
func TestAnMCPServerWithoutASandbox(t *testing.T) {
	for name, uid := range raiders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, folder := raided(t, uid, "off")
			for i, want := range []string{secretOfFile, secretOfKey, secretOfSpool} {
				if path := filepath.Join(folder, []string{".env", "data/master.key", "data/spool/1.jsonl"}[i]); !strings.Contains(got, fmt.Sprintf("GOT %s by reading %s", want, path)) {
					t.Errorf("it did not get %s:\n%s", want, got)
				}
			}
			for _, name := range []string{"bridge.yaml", service.PinsFile} {
				if want := "GOT to change " + filepath.Join(folder, name); !strings.Contains(got, want) {
					t.Errorf("it could not change %s:\n%s", name, got)
				}
			}
			if memory := strings.Contains(got, "GOT "+secretOfEnvironment+" by the parent's memory"); memory != (uid == 0) {
				t.Errorf("it read the memory: %v\n%s", memory, got)
			}
			if strings.Contains(got, "by the kernel") || uid != 0 && strings.Contains(got, "GOT "+secretOfEnvironment) {
				t.Errorf("it got the environment:\n%s", got)
			}
		})
	}
}

func TestDoctorSaysWhatKeepsACommand(t *testing.T) {
	command, address := config.MCPBlock{Command: []string{"x"}}, config.MCPBlock{URL: "https://mcp.example/"}
	off := command
	off.Sandbox = "off"
	for _, tt := range []struct {
		m     config.MCPBlock
		best  sandbox.Kind
		state string
		says  string
	}{
		{command, sandbox.Landlock, config.Well, "Landlock keeps its command from reading the service's secrets"},
		{command, sandbox.User, config.Well, "as nobody"},
		{command, sandbox.None, config.Warning, "its command can read the service's files, including the master key: this kernel has no Landlock, and only root can start it as another user"},
		{off, sandbox.Landlock, config.Warning, "sandbox: off"},
	} {
		if got := kept("mcp x", tt.m, tt.best); len(got) != 1 || got[0].State != tt.state || !strings.Contains(got[0].Say, tt.says) {
			t.Errorf("%+v, %s: %v", tt.m, tt.best, got)
		}
	}
	if got := kept("mcp x", address, sandbox.None); got != nil {
		t.Errorf("of an address: %v", got)
	}
}

// Why a command can't be started is said in words, not by an exit code.
func TestDoctorSaysWhyACommandDoesNotStart(t *testing.T) {
	if sandbox.Best() != sandbox.Landlock {
		t.Fatalf("this kernel has no Landlock, and what is tested here needs it: %s", sandbox.Best())
	}
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "data/server": "#!/bin/sh\n", "bridge.yaml": configtest.EnoughYAML + "mcp:\n  kept: {command: [data/server]}\n"})
	if err := os.Chmod("data/server", 0o700); err != nil {
		t.Fatal(err)
	}
	exits(t, exitFailed, []string{"doctor"}, "wrong    mcp kept", "not usable: can't start the command: ", "data/server: permission denied")
}

// Words of a command that name something beside bridge.yaml mean that; all others stay as they are.
func TestACommandsWordsBesideTheFile(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"server": 0o700, "data.json": 0o600, "build/index.js": 0o600} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		word    string
		program bool
		want    string
	}{
		{"server", true, dir + "/server"},
		{"data.json", true, "data.json"}, // can't be run
		{"build", true, "build"},         // a folder
		{"npx", true, "npx"},
		{"./gone", true, dir + "/gone"},
		{"/bin/sh", true, "/bin/sh"},
		{"build/index.js", false, dir + "/build/index.js"},
		{".", false, dir},
		{"--file=data.json", false, "--file=" + dir + "/data.json"},
		{"--file=gone", false, "--file=gone"},
		{"-y", false, "-y"},
		{"a=data.json", false, "a=data.json"},
		{"/etc/hosts", false, "/etc/hosts"},
		{"", false, ""},
	} {
		if got := service.BesideFile(dir, tt.word, tt.program); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.word, got, tt.want)
		}
	}
}

// What settings were read from is hidden, beside bridge.yaml too, and so are the keys of whoever runs us and of the
// machine; files of others that a variable names, such as the machine's certificates, are not.
func TestWhatIsHiddenFromACommand(t *testing.T) {
	configtest.In(t, map[string]string{"token": "x", ".env.local": "", "conf/bridge.yaml": "mcp: {}\n", "conf/.env.other": "",
		".env": "BRIDGE_CONFIG=conf/bridge.yaml\nBRIDGE_API_TOKEN_FILE=token\nSSL_CERT_FILE=/etc/ssl/certs/all.pem\n"})
	t.Setenv("HOME", "/home/dana")
	c, err := readTools(nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := service.HiddenFiles(c)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"data", ".env", ".env.local", "token", "conf/.env", "conf/.env.other",
		"/home/dana/.ssh", "/home/dana/.aws", "/etc/shadow", "/run/secrets"} {
		if !filepath.IsAbs(want) {
			want = filepath.Join(dir, want)
		}
		if !slices.Contains(list, want) {
			t.Errorf("%s is not hidden: %v", want, list)
		}
	}
	if slices.Contains(list, "/etc/ssl/certs/all.pem") {
		t.Error("certificates are hidden")
	}
}
