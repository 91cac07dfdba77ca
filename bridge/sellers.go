package bridge

import (
	"regexp"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/server"
)

// seller is one of bridge.yaml's, as the gate knows it. The numbers were checked.
func (c *config) seller(name string) consent.Seller {
	s := c.file.Sellers[name]
	full := consent.Seller{Name: name, LegalName: s.LegalName, RegisteredName: s.RegisteredName}
	if full.RegisteredName == "" {
		full.RegisteredName = s.LegalName
	}
	full.Callback, _ = phone.Parse(s.CallbackNumber)
	full.TollfreeOptout, _ = phone.Parse(s.TollfreeOptout)
	return full
}

// directory is who calls on whose behalf, and from which numbers.
func (c *config) directory() server.Directory {
	d := server.Directory{Sellers: map[string]consent.Seller{}, Agents: map[string]server.DirectoryAgent{}, Numbers: map[phone.Number]string{}}
	for name := range c.file.Sellers {
		d.Sellers[name] = c.seller(name)
	}
	for name, a := range c.file.Agents {
		d.Agents[name] = server.DirectoryAgent{Seller: a.Seller, Purpose: consent.Purpose(a.Purpose)}
	}
	for number, agent := range c.file.Numbers {
		if n, err := phone.Parse(number); err == nil {
			d.Numbers[n] = agent
		}
	}
	return d
}

// What an opening has to say before anything else (47 CFR 64.1200(b), and the states'
// own), and how to tell that it does, in English and in Spanish.
var openingSays = []struct {
	what  string
	words *regexp.Regexp
}{
	{"how to stop the calls (such as: press 9)", regexp.MustCompile(`(?i)\b(stop|press (9|nine)|opt[ -]?out|unsubscribe|no more calls|do ?n[o']t call|(marque|presione|oprima|pulse) (el )?(9|nueve)|no llamar)\b`)},
	{"that an AI speaks", regexp.MustCompile(`(?i)\b(AI|A\.I\.|artificial|automated (voice|assistant)|virtual (assistant|agent)|inteligencia artificial|IA|asistente virtual)\b`)},
	{"that the call is recorded", recordWords},
}

var recordWords = regexp.MustCompile(`(?i)(\brecord|\bgrab)`)

// lacks is what an opening of an outbound call leaves out.
func lacks(opening string, s consent.Seller) []string {
	var list []string
	said := strings.ToLower(opening)
	if !strings.Contains(said, strings.ToLower(s.RegisteredName)) && !strings.Contains(said, strings.ToLower(s.LegalName)) {
		list = append(list, "the seller's name ("+s.RegisteredName+")")
	}
	for _, e := range openingSays {
		if !e.words.MatchString(opening) {
			list = append(list, e.what)
		}
	}
	return list
}

// calls tells whether an agent is there to place calls: it has a purpose for them, or
// no number that people could reach it by.
func (c *config) calls(agent string) bool {
	for _, a := range c.file.Numbers {
		if a == agent {
			return c.file.Agents[agent].Purpose != ""
		}
	}
	return true
}

// badOpenings is what the openings leave out of those agents that place calls, by
// the agent's name.
func (c *config) badOpenings() map[string]string {
	bad := map[string]string{}
	for name, a := range c.file.Agents {
		if a.Opening == nil || !c.calls(name) {
			continue // without one it is built from the seller
		}
		if list := lacks(a.Opening.Text, c.seller(a.Seller)); len(list) > 0 {
			slices.Sort(list)
			bad[name] = "its opening does not say " + strings.Join(list, ", ")
		}
	}
	return bad
}
