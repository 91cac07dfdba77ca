package builtin

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// now is when a test takes place: a Tuesday, noon in New York.
var now = time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)

// fakeCall is a call that does nothing but remember what its tools did.
type fakeCall struct {
	state    State
	answers  []string // one for each invocation; a refusal begins with "refused: "
	errs     []error  // of the refusals
	happened []string // what the call was made to do

	exit      Exit
	transfers Transfers
	known     bool // the ledger can be told of the person
	ending    bool
	keys      string // that the agent hasn't heard of
	lines     []calllog.Entry
	full      bool // the log takes nothing
	spoken    []byte
	saving    error // of SaveMessage
	securing  error // of Secure
	work      []Then

	arrangement Arrangement
	arranging   error // of what Callback returns
	clock       *time.Location
	said        Said
	callback    error // of Callback
	recording   error // why it can't be paused or resumed
}

func (f *fakeCall) Answer(_ Invocation, result string, _ time.Time) {
	f.answers = append(f.answers, result)
}

func (f *fakeCall) Refuse(_ Invocation, say string, err error, _ time.Time) {
	f.answers, f.errs = append(f.answers, "refused: "+say), append(f.errs, err)
}

func (f *fakeCall) Leave(_ Invocation, e Exit, _ time.Time) {
	f.exit, f.happened = e, append(f.happened, "leave: "+e.Prompt+" "+e.Result)
}

func (f *fakeCall) Transfers() Transfers { return f.transfers }

func (f *fakeCall) OptOut(Invocation, time.Time) bool {
	f.happened = append(f.happened, "opt out")
	return f.known
}

func (f *fakeCall) SendDigits(digits string, _ time.Time) error {
	if f.ending {
		return ErrEnding
	}
	f.happened = append(f.happened, "press "+digits)
	return nil
}

func (f *fakeCall) Log(e calllog.Entry, _ time.Time) bool {
	f.lines = append(f.lines, e)
	return !f.full
}

func (f *fakeCall) TakeKeys(secret bool, take func(string) bool) {
	for more := true; more && f.keys != ""; {
		key := f.keys[:1]
		f.keys = f.keys[1:]
		f.happened = append(f.happened, fmt.Sprint("take ", key, ", secret: ", secret))
		more = take(key)
	}
}

func (f *fakeCall) Background(_ time.Duration, work func(context.Context) Then) {
	f.work = append(f.work, work(context.Background()))
}

// settle does what follows on work in the background.
func (f *fakeCall) settle() {
	for len(f.work) > 0 {
		then := f.work[0]
		f.work = f.work[1:]
		then(f, now)
	}
}

func (f *fakeCall) SpokenMessage() []byte { return f.spoken }

func (f *fakeCall) Archive() Archive { return f }

func (f *fakeCall) SaveMessage(number int, ulaw []byte) error {
	f.happened = append(f.happened, fmt.Sprintf("save %d: %s", number, ulaw))
	return f.saving
}

func (f *fakeCall) Secure(context.Context) error { return f.securing }

func (f *fakeCall) Clock() *time.Location { return f.clock }

func (f *fakeCall) Said(time.Time) Said { return f.said }

func (f *fakeCall) Callback(_ Invocation, topic string, at, _ time.Time) (Arrange, error) {
	return func(_ context.Context, words, note string) (Arrangement, error) {
		f.happened = append(f.happened, ClockTime(at)+": "+topic+"\n"+words+"\n"+note)
		return f.arrangement, f.arranging
	}, f.callback
}

func (f *fakeCall) PauseRecording(time.Time) error {
	f.happened = append(f.happened, "pause")
	return f.recording
}

func (f *fakeCall) ResumeRecording(time.Time) error {
	f.happened = append(f.happened, "resume")
	return f.recording
}

// uses runs a tool and returns what it was answered, if it was answered at once.
func (f *fakeCall) uses(t *testing.T, name, arguments string) string {
	t.Helper()
	tool, ok := Find(name)
	if !ok {
		t.Fatalf("there is no tool %s", name)
	}
	before := len(f.answers)
	i := Invocation{ToolCall: agent.ToolCall{ID: fmt.Sprint("t", before), Name: name, Arguments: arguments}, Begun: now}
	tool.Run(&f.state, f, i, now)
	return strings.Join(f.answers[before:], "\n")
}

// does checks what a call was made to do.
func (f *fakeCall) does(t *testing.T, want ...string) {
	t.Helper()
	if got, want := strings.Join(f.happened, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("the call did\n%s\nwant\n%s", got, want)
	}
}
