package demo

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/media"
)

// How the reminder script is timed.
const (
	dueIn      = 2 * time.Second         // from setting a reminder to its time
	doneWithin = 10 * time.Second        // from a call's end to the reminder's
	toRead     = 1500 * time.Millisecond // what stands on the screen
	aMoment    = time.Second             // from the hang-up to the next wish to call
	between    = time.Second             // of the calls in the recording
)

// hoursOff is said openly: whoever watches at night should know why there are calls.
const hoursOff = `The demo's policy switches calling hours and holidays off, so that it works at
any time of day. All else is the built-in policy.`

// stories is the reminder script under way, and what is known of it.
type stories struct {
	*play
	dana, alex      *evidence
	reminder        api.Reminder  // Dana's, in the end
	done            time.Duration // after the hang-up it was
	askSam, askAlex asked
	askAgain        asked // for Alex, after the stop
	facts           map[string][]consent.Fact
	created         int // requests for calls that reached Twilio
	rung            map[string]int
	apiFaults       []string
	ledger          proof.VerifyResult
}

// The reminder script: Dana agreed to be called, is reminded and moves the appointment;
// Sam must not be called, for more reasons than one; Alex is called, says stop, and is not
// called again.
func playReminder(ctx context.Context, p *play) (*performance, error) {
	s := &stories{play: p, facts: map[string][]consent.Fact{}, rung: map[string]int{}}
	p.show.say(hoursOff)
	for _, part := range []func(context.Context) error{s.playDana, s.playSam, s.playAlex, s.lookBack} {
		if err := part(ctx); err != nil {
			return nil, err
		}
	}
	f := measureReminder(s)
	pause := bytes.Repeat([]byte{media.Silence}, samples(between))
	said, heard := slices.Concat(s.dana.said, pause, s.alex.said), slices.Concat(s.dana.heard, pause, s.alex.heard)
	return &performance{claims: reminderClaims(f), figures: f, late: f.PhoneLateMS, wav: stereo(said, heard),
		call: s.dana.log.ID, look: []string{"/v1/reminders", "/v1/consent/" + alex.number, "/v1/consent/verify"}}, nil
}

func (s *stories) playDana(ctx context.Context) error {
	s.begin("Dana agreed to be reminded")
	w := s.watchLedger(ctx, dana)
	defer w.end(ctx)
	if err := s.stage.service.record(ctx, dana.agreed(10), dana.looked(consent.No, 10)); err != nil {
		return err
	}
	scene := s.set(ctx, participants{person: dana.name, caller: movesAppointment, agent: reminds})
	defer scene.over(errOver)
	set, err := s.stage.service.AddReminder(ctx, api.ReminderRequest{
		CallRequest: dana.order(consent.Informational, "appointment"), DueAt: time.Now().Add(dueIn).UTC()})
	if err != nil {
		return err
	}
	s.tell("a reminder is set, due in %.0f s", dueIn.Seconds())
	if s.dana, err = scene.called(ctx, dana); err != nil {
		return err
	}
	if s.reminder, err = s.stage.service.awaitReminder(ctx, set.ID); err != nil {
		return err
	}
	s.done = time.Since(s.dana.ended)
	s.tell("the reminder is %s: %s", s.reminder.Status, s.reminder.Reason)
	return nil
}

func (s *stories) playSam(ctx context.Context) (err error) {
	s.begin("Sam must not be called")
	w := s.watchLedger(ctx, sam)
	defer w.end(ctx)
	if err := s.stage.service.record(ctx, sam.agreed(400), sam.about(consent.Revoke, "sms", 90), sam.about(consent.DNCAdd, "sms", 90),
		sam.scrubbed(consent.Yes), sam.looked(consent.Yes, 400)); err != nil {
		return err
	}
	s.tell("the clinic wants to offer Sam a whitening")
	if s.askSam, err = s.stage.service.place(ctx, sam.order(consent.Telemarketing, "whitening")); err != nil {
		return err
	}
	s.tellAnswer(s.askSam)
	return sleep(ctx, toRead)
}

func (s *stories) playAlex(ctx context.Context) (err error) {
	s.begin("Alex agreed, too, and says stop")
	w := s.watchLedger(ctx, alex)
	defer w.end(ctx)
	if err := s.stage.service.record(ctx, alex.agreed(30), alex.looked(consent.No, 30)); err != nil {
		return err
	}
	scene := s.set(ctx, participants{person: alex.name, caller: saysStop, agent: talksOn})
	defer scene.over(errOver)
	if s.askAlex, err = s.stage.service.place(ctx, alex.order(consent.Informational, "appointment")); err != nil {
		return err
	}
	s.tellAnswer(s.askAlex)
	if s.alex, err = scene.called(ctx, alex); err != nil {
		return err
	}
	if err := sleep(ctx, aMoment); err != nil {
		return err
	}
	s.tell("the clinic wants to call Alex again")
	if s.askAgain, err = s.stage.service.place(ctx, alex.order(consent.Informational, "appointment")); err != nil {
		return err
	}
	s.tellAnswer(s.askAgain)
	return sleep(ctx, toRead)
}

// tellAnswer tells what came of the wish to call somebody.
func (s *stories) tellAnswer(a asked) {
	then := "nothing rings"
	if a.Status == http.StatusAccepted {
		then = "the call is placed"
	}
	s.tell("POST /v1/calls answers %d after %.0f ms; %s", a.Status, ms(a.Took), then)
}

// lookBack collects what is there when all is over.
func (s *stories) lookBack(ctx context.Context) (err error) {
	s.begin("Afterwards")
	for _, p := range people {
		if s.facts[p.number], err = s.stage.service.history(ctx, p.number); err != nil {
			return err
		}
		s.rung[p.number] = len(s.stage.callees[p.number].Calls())
	}
	s.created, s.apiFaults = s.stage.api.Creations(), s.stage.api.Faults()
	if s.ledger, err = s.stage.service.Verify(ctx); err != nil {
		return err
	}
	s.tell("the ledger verifies: %d rows, head %.16s…", s.ledger.Rows, s.ledger.Head)
	return nil
}
