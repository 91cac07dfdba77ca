package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// withReminders adds scheduled calls to a site. Nobody works on them, unless begin.
func withReminders(t *testing.T, begin bool) *site {
	t.Helper()
	s := open(t)
	service, err := remind.New(s.db.River(), s.db.Reminders(), remind.Config{Placer: s.desk, Calls: s.db.Calls(), Ledger: s.book, Line: s.db.CallRate(100), Logger: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	if begin {
		if err := service.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := service.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	s.config.Reminders = service
	s.web = s.make()
	return s
}

func due(in time.Duration) string { return time.Now().Add(in).UTC().Format(time.RFC3339) }

func reminderBody(more string) string {
	return fmt.Sprintf(`{"to":"%s","agent":"support","purpose":"informational","contains_marketing":false,"subject":"visit","variables":{"name":"Dana"},"location":{"state":"CA"},"due_at":"%s"%s}`,
		caller, due(time.Hour), more)
}

func read[T any](t *testing.T, a answer, status int) (v T) {
	t.Helper()
	if a.status != status {
		t.Fatalf("got %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestReminderIsScheduledShownAndCancelled(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	made := read[api.Reminder](t, s.order("POST", "/v1/reminders", reminderBody("")), 201)
	if made.To != caller || made.From != number || made.Status != "scheduled" || made.NextAt == nil || made.Variables["name"] != "Dana" || made.Location.State != "CA" || made.Marketing {
		t.Errorf("made %+v", made)
	}
	got := read[api.Reminder](t, s.order("GET", "/v1/reminders/"+made.ID, ""), 200)
	if got.ID != made.ID || !got.DueAt.Equal(made.DueAt) || !got.CreatedAt.Equal(made.CreatedAt.Truncate(time.Microsecond)) {
		t.Errorf("got %+v, made %+v", got, made)
	}
	for range 2 { // twice is no error
		gone := read[api.Reminder](t, s.order("DELETE", "/v1/reminders/"+made.ID, ""), 200)
		if gone.Status != "cancelled" || gone.NextAt != nil {
			t.Errorf("after DELETE: %+v", gone)
		}
	}
	isProblem(t, s.order("GET", "/v1/reminders/rem_none", ""), 404, "unknown reminder")
	isProblem(t, s.order("DELETE", "/v1/reminders/rem_none", ""), 404, "unknown reminder")
	isProblem(t, s.order("PUT", "/v1/reminders/"+made.ID, ""), 405, "")
	if a := s.do(s.request("GET", "/v1/reminders", "")); a.status != 401 {
		t.Errorf("without a token: %d", a.status)
	}
}

func TestSameKeyAnswersTheSameReminder(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	body := reminderBody(`,"key":"visit-7"`)
	one := read[api.Reminder](t, s.order("POST", "/v1/reminders", body), 201)
	again := read[api.Reminder](t, s.order("POST", "/v1/reminders", body), 200)
	if again.ID != one.ID || one.Key != "visit-7" {
		t.Errorf("%s and %s", one.ID, again.ID)
	}
	r := s.request("POST", "/v1/reminders", strings.Replace(body, `,"key":"visit-7"`, "", 1))
	r.Header.Set("Authorization", "Bearer "+apiToken)
	r.Header.Set("Idempotency-Key", "visit-7")
	if header := read[api.Reminder](t, s.do(r), 200); header.ID != one.ID {
		t.Errorf("by the header: %s", header.ID)
	}
	many := read[api.RemindersAdded](t, s.order("POST", "/v1/reminders", "["+body+","+reminderBody(`,"key":"visit-8"`)+"]"), 201)
	if many.Created != 1 || len(many.Reminders) != 2 || many.Reminders[0].ID != one.ID {
		t.Errorf("%+v", many)
	}
}

// What no voice can be given is refused when a reminder is made, one or many, and when a call is
// asked for: the field and its bound are named, the value isn't.
func TestVariableThatNoVoiceTakes(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	bad := strings.Replace(reminderBody(""), `"name":"Dana"`, `"a[b]":"Dana"`, 1)
	call := strings.Replace(bad[:strings.Index(bad, `,"due_at"`)]+"}", `"to"`, fmt.Sprintf(`"from":"%s","to"`, number), 1)
	for path, bodies := range map[string][]string{"/v1/reminders": {bad, "[" + reminderBody("") + "," + bad + "]"}, "/v1/calls": {call}} {
		for _, body := range bodies {
			a := s.order("POST", path, body)
			if a.status != 400 || !strings.Contains(a.body, "variables") || !strings.Contains(a.body, "at most 64 bytes") || strings.Contains(a.body, "Dana") {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
	}
	if got := read[api.ReminderList](t, s.order("GET", "/v1/reminders", ""), 200); len(got.Reminders) != 0 {
		t.Errorf("there are %+v", got.Reminders)
	}
}

// A key names one reminder: with another body it is a conflict, and nothing is added.
func TestReminderKeyWithAnotherBody(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	body := reminderBody(`,"key":"visit-7"`)
	one := read[api.Reminder](t, s.order("POST", "/v1/reminders", body), 201)
	for _, c := range []struct {
		name, old, new string
		status         int
	}{
		{"the same", "", "", 200},
		{"in other bytes", `{"to":`, "{ \n \"to\" : ", 200},
		{"a field that says nothing", `"subject":`, `"from":null,"subject":`, 200},
		{"the same instant", "Z\",\"key\"", "+00:00\",\"key\"", 200},
		{"another number", caller, "+14152350143", 409},
		{"another text", "Dana", "Dora", 409},
		{"another subject", "visit\",\"var", "recall\",\"var", 409},
		{"another state", `"CA"`, `"NY"`, 409},
		{"a field more", `"subject":`, `"from":"` + number + `","subject":`, 409},
		{"another time", "due_at\":\"2", "due_at\":\"1", 400},
	} {
		changed := strings.Replace(body, c.old, c.new, 1)
		got := s.order("POST", "/v1/reminders", changed)
		if got.status != c.status || c.new != "" && changed == body {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	later := strings.Replace(reminderBody(`,"key":"visit-7"`), due(time.Hour), due(2*time.Hour), 1)
	isProblem(t, s.order("POST", "/v1/reminders", later), 409, "reminder(s) were already used for others; nothing was scheduled")
	other := strings.Replace(body, "Dana", "Dora", 1)
	for name, list := range map[string][]string{"known": {reminderBody(`,"key":"visit-9"`), other}, "within the list": {strings.Replace(body, "visit-7", "visit-8", 1), strings.Replace(other, "visit-7", "visit-8", 1)}} {
		got := s.order("POST", "/v1/reminders", "["+strings.Join(list, ",")+"]")
		isProblem(t, got, 409, "nothing was scheduled")
		if d := decode[document](t, got); len(d.Errors) != 1 || d.Errors[0].Field != "[1].key" {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	if list := read[api.ReminderList](t, s.order("GET", "/v1/reminders", ""), 200); len(list.Reminders) != 1 || list.Reminders[0].ID != one.ID {
		t.Errorf("there are %d", len(list.Reminders))
	}
}

func TestRemindersAreAddedAllOrNone(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	a := s.order("POST", "/v1/reminders", "["+reminderBody("")+`,{"to":"415","agent":"nobody","due_at":"tomorrow","frob":1},`+reminderBody(`,"from":7`)+"]")
	isProblem(t, a, 400, "")
	var doc struct{ Errors []api.FieldError }
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, e := range doc.Errors {
		fields = append(fields, e.Field)
	}
	for _, want := range []string{"[1].to", "[1].agent", "[1].due_at", "[1].frob", "[1].purpose", "[2].from"} {
		if !strings.Contains(" "+strings.Join(fields, " ")+" ", " "+want+" ") {
			t.Errorf("%s is not among the wrong fields %v", want, fields)
		}
	}
	if list := read[api.ReminderList](t, s.order("GET", "/v1/reminders", ""), 200); len(list.Reminders) != 0 {
		t.Errorf("%d were added", len(list.Reminders))
	}
	for body, about := range map[string]string{
		"":                        "JSON",
		"[]":                      "1 to 1000",
		`{"to":"` + caller + `"}`: "due_at: required",
		strings.Replace(reminderBody(""), due(time.Hour)[:4], "1999", 1): "in the past",
		strings.Replace(reminderBody(""), due(time.Hour)[:4], "2999", 1): "two years",
	} {
		isProblem(t, s.order("POST", "/v1/reminders", body), 400, about)
	}
}

func TestRemindersAreListed(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	var bodies []string
	for i := range 5 {
		bodies = append(bodies, strings.Replace(reminderBody(""), caller, fmt.Sprintf("+141523501%02d", 50+i), 1))
	}
	read[api.RemindersAdded](t, s.order("POST", "/v1/reminders", "["+strings.Join(bodies, ",")+"]"), 201)
	first := read[api.ReminderList](t, s.order("GET", "/v1/reminders?limit=3", ""), 200)
	rest := read[api.ReminderList](t, s.order("GET", "/v1/reminders?limit=3&cursor="+first.Next, ""), 200)
	if len(first.Reminders) != 3 || len(rest.Reminders) != 2 || rest.Next != "" {
		t.Errorf("pages of %d and %d, then %q", len(first.Reminders), len(rest.Reminders), rest.Next)
	}
	for query, want := range map[string]int{"to=%2B14152350152": 1, "to=+14152350152": 1, "status=held": 0, "status=scheduled": 5, "agent=support": 5} {
		if list := read[api.ReminderList](t, s.order("GET", "/v1/reminders?"+query, ""), 200); len(list.Reminders) != want {
			t.Errorf("%s: %d, want %d", query, len(list.Reminders), want)
		}
	}
	for query, about := range map[string]string{"limit=0": "limit", "status=gone": "status", "to=12": "to", "frob=1": "frob", "cursor=x": "cursor", "agent=x": "no agent"} {
		isProblem(t, s.order("GET", "/v1/reminders?"+query, ""), 400, about)
	}
	if err := s.db.Reminders().Pause(t.Context(), remind.Pause{Agent: "support", Until: time.Now().Add(time.Hour), Reason: "the carrier fails"}); err != nil {
		t.Fatal(err)
	}
	if list := read[api.ReminderList](t, s.order("GET", "/v1/reminders", ""), 200); len(list.Paused) != 1 || list.Paused[0].Agent != "support" {
		t.Errorf("paused: %+v", list.Paused)
	}
}

// The gate's no is a reminder's end, with every rule; its later is a later.
func TestReminderThatIsDueMeetsTheGate(t *testing.T) {
	t.Parallel()
	s := withReminders(t, true)
	for outcome, want := range map[string]string{"deny": "refused", "hold": "held", "defer": "deferred"} {
		s.law.say(consent.Outcome(outcome))
		made := read[api.Reminder](t, s.order("POST", "/v1/reminders", strings.Replace(reminderBody(""), due(time.Hour), due(-time.Second), 1)), 201)
		for got := made; string(got.Status) != want; got = read[api.Reminder](t, s.order("GET", "/v1/reminders/"+made.ID, ""), 200) {
			select {
			case <-s.ctx.Done():
				t.Fatalf("after %s it is %s, %q", outcome, got.Status, got.Reason)
			case <-time.After(50 * time.Millisecond):
			}
		}
		got := read[api.Reminder](t, s.order("GET", "/v1/reminders/"+made.ID, ""), 200)
		if len(got.Rules) != 1 || got.Reason == "" || got.Attempts != 0 || (got.NextAt == nil) != (want == "refused") {
			t.Errorf("%s: %+v", outcome, got)
		}
	}
}
