package builtin

import "testing"

func TestStopCalling(t *testing.T) {
	f := fakeCall{known: true}
	if got := f.uses(t, StopCalling, `{}`); got != "" {
		t.Errorf("answered %q: the agent has nothing more to say", got)
	}
	f.does(t, "opt out")
}

func TestStopCallingWithoutALedger(t *testing.T) {
	var f fakeCall
	want := "refused: This can't be done on this call. Tell the caller how else to reach us."
	if got := f.uses(t, StopCalling, `{}`); got != want {
		t.Errorf("answered %q", got)
	}
}
