package server

import (
	"errors"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/phone"
)

// Bounds of what asks for a key.
const (
	keyLongestBody = 16 << 10 // bytes
	maxKeySellers  = 50
	keyLife        = "90d" // where the request says none
)

func (s *Server) shownKey(k keys.Key) api.Key {
	shown := api.Key{Name: k.Name, Sellers: k.Sellers, Created: k.Created, By: k.By, Expires: k.Expires,
		Used: k.Used, Revoked: k.Revoked, State: k.State(s.cfg.now())}
	for _, r := range k.Rights {
		shown.Rights = append(shown.Rights, string(r))
	}
	if shown.Sellers == nil {
		shown.Sellers = []string{}
	}
	return shown
}

// createKey makes a key. It may do no more than the key that asks for it.
func (s *Server) createKey(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, keyLongestBody)
	if !ok {
		return
	}
	var wrong []api.FieldError
	k := s.readKey(raw, &wrong)
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	if s.use.About = k.Name; !s.record(w, r, "", phone.Number{}) {
		return
	}
	secret := keys.NewSecret()
	ctx, cancel := bounded(r)
	defer cancel()
	switch err := s.cfg.Keys.AddKey(ctx, k, keys.Hash(secret)); {
	case errors.Is(err, keys.ErrTaken):
		problem(w, http.StatusConflict, "conflict", "this name is or was in use: names of keys are never reused, so that records stay unambiguous")
	case err != nil:
		s.keysAway(w, err)
	default:
		reply(w, http.StatusCreated, api.KeyCreated{Key: s.shownKey(k), Secret: secret})
	}
}

// readKey reads the body of POST /v1/keys.
func (s *Server) readKey(raw []byte, wrong *[]api.FieldError) keys.Key {
	o := readObject(raw, "", wrong, fieldsOf[api.KeyRequest]()...)
	if o.fields == nil {
		return keys.Key{}
	}
	now := s.cfg.now().UTC().Truncate(time.Microsecond)
	k := keys.Key{Name: o.text("name", maxNameLength), Created: now, By: s.key.Name}
	if err := keys.CheckName(k.Name); err != nil && !o.complained("name") {
		o.complain("name", "%v", err)
	}
	var may []string
	o.read("may", "an array of rights: "+keys.Listed(keys.Rights), &may)
	var err error
	if k.Rights, err = keys.ParseRights(may); err != nil {
		o.complain("may", "%v", err)
	} else if len(k.Rights) == 0 && !o.complained("may") {
		o.complain("may", "required: some of %s", keys.Listed(keys.Rights))
	}
	o.read("seller", "an array of sellers' names", &k.Sellers)
	if len(k.Sellers) > maxKeySellers {
		o.complain("seller", "%d entries: want at most %d", len(k.Sellers), maxKeySellers)
		return k
	}
	for _, name := range k.Sellers {
		if _, known := s.cfg.Directory.Sellers[name]; !known {
			o.complain("seller", "unknown seller %q: not in bridge.yaml", short(name))
		}
	}
	for _, right := range k.Rights {
		switch {
		case len(k.Sellers) > 0 && right.Whole():
			o.complain("may", "%s covers all sellers: a key limited to some can't have it", right)
		case !s.key.May(right):
			o.complain("may", "the requesting key lacks %s: a key can't create one with more rights", right)
		}
	}
	life := o.text("for", maxNameLength)
	if life == "" {
		life = keyLife
	}
	d, err := keys.ParseLife(life)
	if err != nil && !o.complained("for") {
		o.complain("for", "%v", err)
	}
	k.Expires = now.Add(d)
	return k
}

func (s *Server) listKeys(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := bounded(r)
	defer cancel()
	list, err := s.cfg.Keys.ListKeys(ctx)
	if err != nil {
		s.keysAway(w, err)
		return
	}
	shown := api.KeyList{Keys: []api.Key{}}
	for _, k := range list {
		shown.Keys = append(shown.Keys, s.shownKey(k))
	}
	reply(w, http.StatusOK, shown)
}

// revokeKey ends a key at once, on every instance. To do so twice is no error.
func (s *Server) revokeKey(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("name") == keys.Bootstrap {
		problem(w, http.StatusConflict, "conflict", "the bootstrap key is BRIDGE_API_TOKEN: remove it from the configuration and restart the service")
		return
	}
	if s.use.About = r.PathValue("name"); !s.record(w, r, "", phone.Number{}) {
		return
	}
	ctx, cancel := bounded(r)
	defer cancel()
	k, err := s.cfg.Keys.RevokeKey(ctx, r.PathValue("name"))
	switch {
	case errors.Is(err, keys.ErrUnknown):
		problem(w, http.StatusNotFound, "not found", "unknown key")
	case err != nil:
		s.keysAway(w, err)
	default:
		reply(w, http.StatusOK, s.shownKey(k))
	}
}

// keysAway is the answer while the keys can't be read or written.
func (s *Server) keysAway(w http.ResponseWriter, err error) {
	s.log.Error().Err(err).Msg("API keys not read or written")
	problem(w, http.StatusServiceUnavailable, "unavailable", "the API keys can't be read or written at the moment")
}
