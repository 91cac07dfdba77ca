package builtin

import "testing"

func TestEndCall(t *testing.T) {
	var f fakeCall
	if got := f.uses(t, EndCall, `{}`); got != "" {
		t.Errorf("answered %q: the call does that", got)
	}
	f.does(t, "leave: The call ends as soon as the caller has heard you say goodbye. "+
		"Say it now, in one short sentence. The call has ended.")
}
