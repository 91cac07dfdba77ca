package server

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/twilio"
)

// Chats keeps what Hume reports of the chats of calls, by Twilio's id of the call.
// NoteChat can be called with the same report again, and with reports in any order.
type Chats interface {
	NoteChat(ctx context.Context, callSID string, c calllog.Chat) error
	ChatsOf(ctx context.Context, callSID string) ([]calllog.Chat, error)
}

// humeBody bounds a webhook of Hume's, in bytes. The arguments of a tool call are the
// longest thing in one.
const humeBody = 256 << 10

// humeWebhook takes what Hume reports of a chat. The signature is over the raw body and
// is checked before anything of it is read.
//
// A webhook starts nothing. The tool call that a tool_call webhook repeats has come over
// the chat's own socket, and was answered there; started from here it would run twice,
// or with no caller on the line. A start and an end are kept with their call. What is
// kept does not depend on the order of the reports, nor on how often one comes.
func (s *Server) humeWebhook(w http.ResponseWriter, r *http.Request) {
	var body []byte
	err := s.readUnverified(w, func() (err error) {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, humeBody))
		return err
	})
	if err != nil {
		problem(w, http.StatusRequestEntityTooLarge, "too large", "the body could not be read, or is longer than 256 KiB")
		return
	}
	if err := hume.Verify(s.cfg.HumeKeys, r.Header, body, time.Now()); err != nil {
		s.refused.WithLabelValues("hume").Inc()
		s.refusals.Warn().Err(err).Msg("hume webhook refused")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	hook, err := hume.ParseWebhook(body)
	if err != nil {
		s.bad(w, err)
		return
	}
	event := "other"
	switch hook.Event {
	case hume.ChatStarted, hume.ChatEnded, hume.ToolCall:
		event = hook.Event
	}
	s.humeHooks.WithLabelValues(event).Inc()
	if err := s.noteChat(r, hook); err != nil {
		s.log.Error().Err(err).Msg("hume webhook not stored")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the report can't be stored at the moment: send it again")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// noteChat keeps when a chat began and how it ended. Chats that other programs opened in
// the same account name no call of Twilio's, or one that is not in our log.
func (s *Server) noteChat(r *http.Request, hook hume.Webhook) error {
	sid, err := twilio.ParseCallSID(hook.SessionID)
	if err != nil || s.cfg.Chats == nil || hook.ChatID == "" || hook.Event != hume.ChatStarted && hook.Event != hume.ChatEnded {
		return nil
	}
	c := calllog.Chat{ID: hook.ChatID, StartedAt: known(hook.StartedAt), EndedAt: known(hook.EndedAt), Seconds: int(hook.Lasted / time.Second), EndReason: hook.EndReason}
	ctx, cancel := bounded(r)
	defer cancel()
	return s.cfg.Chats.NoteChat(ctx, string(sid), c)
}

// known is a time, or nil for none.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
