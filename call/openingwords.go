package call

import (
	"regexp"
	"strings"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/consent"
)

// Bounds of where an opening says something, in words. People say about three a second.
const (
	nameMost   = 15 // who calls is said at the beginning: 47 CFR 64.1200(b)(1)
	optOutMost = 6  // how to stop the calls, within two seconds of that: (b)(3)
)

const (
	pressNine = `(?:press|dial|hit|push|tap|touch|enter|use) (?:the )?(?:key |number |digit |button )?(?:9|nine)\b`
	toStop    = `(?:to stop\b|stop(?: \w+){0,2} (?:call|calls|calling|these|hearing|contact)|(?:end|quit|cancel)(?: \w+){0,2} calls|opt out|unsubscribe|no more calls|` +
		`(?:not|dont)(?: \w+){0,3} (?:call|calls|called|contact)\b|remove (?:you|your|yourself)|off (?:our|the) (?:call |calling )?list)`
	pressNueve = `(?:marque|marca|presione|presiona|oprima|oprime|pulse|pulsa) (?:el |la |la tecla |el numero |numero )?(?:9|nueve)\b`
	paraBasta  = `(?:no(?: \w+){0,4} (?:llamada|llamadas|llamen|llamemos|llamar)|dejar de|parar|detener|cancelar|dar(?:se)? de baja|(?:salir|quitar|borrar|eliminar)(?: \w+){0,2} lista)`
)

// element is something that an opening of an outbound call has to say, and how its words
// are known, in English and in Spanish.
type element struct {
	what     string // for a person who reads what is missing
	is, isnt amd.Phrases
}

var (
	saysStop = element{"how to stop the calls (such as: press 9)", amd.Patterns(pressNine+`(?: \w+){0,6}? `+toStop, toStop+`(?: \w+){0,6}? `+pressNine, `\bsay (?:the word )?(?:stop|opt out|no more calls|remove me)\b`,
		pressNueve+`(?: \w+){0,6}? `+paraBasta, paraBasta+`(?: \w+){0,6}? `+pressNueve, `\bdiga (?:stop|alto|pare|basta)\b`), amd.Patterns(`\b(do not|dont|never) (press|dial|hit|say)\b`)}
	//nolint:misspell // Spanish
	saysAI = element{"that an AI speaks", amd.Patterns(`\b(ai|artificial (intelligence|voice|assistant|agent)|(automated|virtual|digital) (voice|assistant|agent)|robot|bot)\b`,
		`\b(inteligencia artificial|ia|voz artificial|asistente (virtual|automatico|automatica|digital))\b`),
		amd.Patterns(`\b(not|isnt|arent|never|without|no)( \w+){0,3} (ai|artificial|automated|virtual|digital|robot|bot)\b`, `\bno soy( \w+){0,2} (ia|inteligencia|robot|asistente)\b`)}
	//nolint:misspell // Spanish
	saysRecorded = element{"that the call is recorded", amd.Patterns(`\b(is|are|be|being|gets) (\w+ )?recorded\b`, `\brecorded (line|call)\b`, `\b(we|i|to) record\b`, `\b(records|recording)( \w+){0,2} (call|calls|conversation)\b`,
		`\b(llamada|conversacion)( \w+){0,4} graba\w*\b`, `\bgrabamos\b`), amd.Patterns(`\b(not|isnt|arent|never|wont|dont)( \w+){0,2} (record|recorded|recording)\b`, `\bno( \w+){0,3} graba\w*\b`)}
	saysSale = element{"that it is a sales call", amd.Patterns(`\b(sales|marketing) call\b`, `\bllamada (de ventas?|comercial)\b`), amd.Patterns(`\b(not|isnt|no es)( \w+){0,2} (sales|marketing|llamada)\b`)}
)

// spelledAI is how an AI is written with points, which plain words don't have.
var spelledAI = regexp.MustCompile(`\bA\. ?I\.`)

// find is where plain words say it, and where they end to; nil if they don't.
func (e element) find(plain string) []int {
	if e.isnt.In(plain) {
		return nil
	}
	var first []int
	for _, p := range e.is() {
		if at := p.FindStringIndex(plain); at != nil && (first == nil || at[0] < first[0]) {
			first = at
		}
	}
	return first
}

// lacking is what an opening leaves out.
type lacking struct{ name, stop, ai, recorded, sale bool }

// lacks tells what a text leaves out of what the opening of an outbound call has to say
// (47 CFR 64.1200(b), and the states' own). It goes by the words.
func lacks(text string, s consent.Seller, sale bool) lacking {
	plain := amd.Plain(spelledAI.ReplaceAllString(text, "AI"))
	var l lacking
	named := nameIn(plain, s)
	l.name = named < 0 || strings.Count(plain[:named], " ") > nameMost
	at := saysStop.find(plain)
	// An opt-out before the name, or long after it, is not where the law wants it.
	l.stop = at == nil || !l.name && (at[0] < named || strings.Count(plain[named:at[0]], " ") > optOutMost+1)
	l.ai = saysAI.find(plain) == nil
	l.recorded = saysRecorded.find(plain) == nil
	l.sale = sale && saysSale.find(plain) == nil
	return l
}

// legalForm is the end of a company's name that nobody says.
var legalForm = regexp.MustCompile(` (inc|incorporated|llc|l l c|corp|corporation|ltd|co|company)$`)

// nameIn is where the seller's name ends in plain words; -1 if it is not there.
func nameIn(plain string, s consent.Seller) int {
	for _, name := range []string{s.RegisteredName, s.LegalName} {
		name = legalForm.ReplaceAllString(amd.Plain(name), "")
		if name == "" {
			continue
		}
		if i := strings.Index(" "+plain+" ", " "+name+" "); i >= 0 {
			return i + len(name)
		}
	}
	return -1
}

// OpeningLacks names what a text leaves out of what the opening of an outbound call has
// to say; nothing if it says all. A call says it before the opening.
func OpeningLacks(text string, s consent.Seller) []string {
	l := lacks(text, s, false)
	var list []string
	for _, x := range []struct {
		missing bool
		what    string
	}{{l.name, "the seller's name (" + s.RegisteredName + ")"}, {l.stop, saysStop.what}, {l.ai, saysAI.what}, {l.recorded, saysRecorded.what}} {
		if x.missing {
			list = append(list, x.what)
		}
	}
	return list
}

// SaysRecorded tells whether a text says that the call is recorded.
func SaysRecorded(text string) bool { return saysRecorded.find(amd.Plain(text)) != nil }
