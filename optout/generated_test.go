package optout_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/optout"
)

// fill puts words for the names in braces of a template: {ask} is one of parts["ask"].
func fill(r *rand.Rand, template string, parts map[string][]string) string {
	for {
		before, rest, ok := strings.Cut(template, "{")
		if !ok {
			return strings.Join(strings.Fields(template), " ")
		}
		name, after, _ := strings.Cut(rest, "}")
		template = before + parts[name][r.IntN(len(parts[name]))] + after
	}
}

// refusalParts is the parts of a refusal: who is asked, to end what, for whom.
var refusalParts = map[string][]string{
	"hi": {"", "", "", "uh", "hi", "no thanks", "look", "listen", "sir,", "I'm not interested,", "okay so", "yeah hi",
		"hello?", "excuse me,"},
	"ask": {"please", "can you", "could you please", "would you", "I need you to", "I want you to", "I'd like you to",
		"you need to", "you have to", "I'm asking you to", "I told you to", "will you",
		"why don't you", "I said", "you people need to", "just", "I've asked you to", "y'all need to", "how about you",
		"I demand that you", "you guys should"},
	"end": {"stop", "quit", "cease", "stop"},
	"do": {"calling", "phoning", "ringing", "dialing", "contacting", "bothering", "harassing", "pestering",
		"bugging", "spamming", "robocalling", "hounding"},
	"doplus": {"blowing up my phone", "reaching out to me", "leaving me voicemails", "sending me messages",
		"ringing my phone", "trying to reach me", "hitting me up", "tying up my line"},
	"whom": {"me", "me", "us", "this number", "my phone", "my house", "my cell phone", "my wife", "our home",
		"my mother", "here"},
	"again": {"", "", "again", "anymore", "ever again", "no more", "at this number", "every day"},
	"calls": {"these calls", "the calls", "your calls", "all calls", "all these robocalls", "the phone calls",
		"these sales calls", "your automated calls", "the constant calls", "any more calls"},
	"kill": {"stop", "end", "cancel", "discontinue", "terminate", "halt", "put an end to", "knock off"},
	"off":  {"take", "remove", "get", "delete", "scratch", "drop", "strike", "pull"},
	"me":   {"me", "us", "my number", "this number", "my name", "our number", "my cell number"},
	"from": {"off", "from", "off of", "out of"},
	"list": {"your list", "this list", "the call list", "your damn list", "your database", "that calling list",
		"whatever list this is", "your system", "all your lists", "the contact list", "any list you have"},
	"never": {"never", "don't", "don't ever", "do not", "don't you ever"},
	"call":  {"call", "phone", "contact", "ring", "bother", "text or call"},
	"wish": {"I don't want", "I do not want", "I no longer want", "we don't want", "I don't need", "I do not wish",
		"I never want"},
	"get": {"to be called", "to get any more calls", "you to call me", "to receive these calls",
		"to be contacted again", "to hear from you", "you calling me", "to be on your list"},
	"no": {"I never gave", "I didn't give", "I do not give", "I have not given"},
	"leave": {"permission to call me", "you my consent", "consent for these calls", "you permission to contact me",
		"anyone permission to call"},
	"nota": {"I withdraw my consent", "I revoke my permission", "I'm opting out", "I want to opt out of these calls",
		"unsubscribe me", "opt me out", "put me on your do not call list", "add my number to the do not call list",
		"I'd like to be put on your do not call list", "can I be taken off your list",
		"I want to be removed from your list", "leave me alone", "lose my number", "no more calls",
		"I've had enough of these calls", "I'm sick of your calls",
		"you are not to call me again", "this is the last time you call me", "you don't have permission to call me",
		"I'd appreciate it if you stopped calling", "I'd rather you didn't call me", "would you mind not calling me",
		"these calls need to stop"},
	"end2": {"", "", "please", "okay", "thanks", "right now", "immediately", "thank you", "understood?"},
	"end3": {"", "", "please", "okay", "thanks", "thank you", "understood?", "from now on"},

	"esno": {"no", "ya no", "por favor no", "oiga ya no", "que no"},
	"esdo": {"me llame", "me llamen", "me llamen más", "me vuelvan a llamar", "me esté llamando",
		"me estén llamando", "me marque", "me marquen", "me moleste", "me molesten", "me sigan llamando", "nos llamen",
		"me hablen", "me contacten", "vuelvan a llamar"},
	"esend": {"", "", "más", "a este número", "por favor", "nunca más", "gracias"},
	"esthx": {"", "", "por favor", "gracias", "oiga", "ya"},
	"esstop": {"deje de", "dejen de", "pare de", "paren de", "ya dejen de", "quiero que dejen de", "puede dejar de",
		"les pido que dejen de", "deja de", "dejad de"},
	"esinf": {"llamarme", "llamar", "molestarme", "marcarme", "estar llamando", "molestar", "contactarme", "llamarnos"},
	"esrem": {"quíteme", "quítenme", "sáqueme", "sáquenme", "bórreme", "elimínenme", "me pueden quitar",
		"quiero que me quiten", "puede quitarme", "me saca", "bórrenme"},
	"eslist": {"de su lista", "de la lista", "de esa lista", "de su base de datos", "de la lista de llamadas",
		"de su sistema"},
	"esmore": {"no autorizo estas llamadas", "no doy permiso para que me llamen", "retiro mi consentimiento",
		"no quiero recibir más llamadas", "no quiero que me llamen", "no más llamadas", "quiero darme de baja",
		"déjeme en paz", "estoy harto de sus llamadas", "quiten mi número", "párenle con las llamadas"},
}

var refusalTemplates = []string{"{hi} {ask} {end} {do} {whom} {again} {end2}", "{hi} {ask} {end} {doplus} {end2}",
	"{hi} {ask} {kill} {calls} {end2}", "{hi} {ask} {off} {me} {from} {list} {end2}",
	"{hi} {never} {call} {whom} {again} {end3}",
	"{hi} {wish} {get} {end3}", "{hi} {no} {leave} {end2}", "{hi} {nota} {end3}", "{esno} {esdo} {esend}",
	"{esstop} {esinf} {esend}", "{esrem} {eslist}", "{hi} {esmore} {esthx}"}

// harmlessParts is what is said to a clinic, a shop, a bank, in no list of ours.
var harmlessParts = map[string][]string{
	"hi": {"", "", "hi", "uh", "yeah", "okay", "so", "well", "no", "yes", "sorry", "actually", "um hi",
		"good morning", "oh"},
	"thing": {"the stitches", "my cast", "the crown", "my prescription", "the order", "the blue jacket",
		"my debit card", "the package", "my refill", "the MRI", "that charge", "the late fee", "my old address",
		"the second item", "my insurance card", "the delivery", "the rental", "my braces", "the loan payment",
		"the copay", "my blood test", "the overdraft fee"},
	"verb": {"cancel", "remove", "stop", "return", "change", "move", "take off", "delete", "end", "drop", "put back",
		"refund", "schedule", "discontinue", "pick up", "confirm"},
	"past": {"cancelled", "removed", "stopped", "returned", "changed", "moved", "taken off", "deleted", "dropped",
		"refunded", "revoked", "charged", "authorized", "approved", "blocked"},
	"when": {"on Monday", "tomorrow", "next week", "by Friday", "after five", "before noon", "in the morning",
		"at three thirty", "today", "on the fifteenth", "until Thursday", "for two weeks", "at night"},
	"who": {"the doctor", "my wife", "the pharmacy", "my insurance", "the nurse", "the bank", "my daughter",
		"the front desk", "the driver", "your office", "the dentist", "the store", "somebody", "the teller"},
	"fine": {"that works for me", "I'll be there", "that's fine", "thank you so much", "I appreciate the call",
		"thanks for calling", "could you repeat that", "let me check my calendar", "hold on a second",
		"what time was that", "I can't hear you very well", "is there parking", "do I need to bring anything",
		"can I talk to a person", "please call me back", "you can call me anytime", "give me a call back",
		"I was about to call you", "my number is the same", "who am I speaking with"},
	"can": {"can you", "could you", "would you", "I need to", "I'd like to", "I want to", "how do I", "when can I",
		"do I have to", "should I", "is it possible to", "I forgot to", "I'm not going to", "I don't want to", "I didn't",
		"I haven't", "I'm calling to", "please"},
	"said": {"said", "told me", "called me and said", "asked me", "never told me", "didn't tell me",
		"told me not to worry because"},
	"need": {"needs my number", "has my number on file", "wants to see me", "doesn't have my authorization yet",
		"can't find my name", "didn't get the message", "put me on the waiting list", "took me off the waiting list",
		"left a message", "stopped by", "isn't taking new patients", "moved my appointment", "charged me twice",
		"called my house by mistake", "never called me back", "was going to call me"},
	"body": {"my tooth", "my knee", "my back", "the rash", "my left ear", "the swelling", "my stomach",
		"the incision", "my wrist"},
	"hurts": {"won't stop hurting", "is bothering me", "stopped hurting", "hurts at night", "is fine now",
		"still bothers me", "needs to be looked at", "has been removed", "hasn't stopped bleeding"},
	"list": {"the waiting list", "the cancellation list", "the guest list", "the schedule", "hold", "the medication",
		"the policy", "the account"},
	"neg": {"I don't need", "I don't have", "I don't want", "I never got", "I didn't get", "I'm not paying",
		"I didn't order", "I did not authorize", "I never agreed to", "we don't take", "I didn't sign", "I can't find"},
	"esw": {"mi cita", "la receta", "el pedido", "el cargo", "la cirugía", "el paquete", "mi seguro", "la tarjeta",
		"el yeso", "los puntos", "la factura", "el pago"},
	"esv": {"quiero cancelar", "quiero cambiar", "puede quitar", "no autoricé", "no quiero", "necesito",
		"no he recibido", "puede mover", "cuándo me quitan", "perdí", "no encuentro", "tengo que pagar"},
	"eswh": {"el lunes", "mañana", "la próxima semana", "por la tarde", "a las tres", "hoy", "después de las cinco"},
	"esf": {"gracias por llamar", "llámeme más tarde", "sí, está bien", "no entiendo", "puede repetir",
		"quién habla", "un momento por favor", "yo le llamo después", "no me llegó el mensaje", "me puede llamar mañana",
		"nadie me llamó", "no, llámeme el lunes"},
}

var harmlessTemplates = []string{"{hi} {can} {verb} {thing} {when}", "{hi} {thing} was {past} {when}",
	"{hi} has {thing} been {past}", "{hi} {who} {said} {who} {need}", "{hi} {who} {need} {when}",
	"{hi} {body} {hurts}", "{hi} {fine}", "{hi} {fine} {when}",
	"{hi} {neg} {thing}", "{hi} {neg} {thing} {when}, {fine}", "{hi} can you take me off {list} {when}",
	"{hi} my name is on {list}", "{hi} {who} {need} so {fine}", "{esv} {esw} {eswh}", "{esf}", "{esv} {esw}, {esf}",
	"{hi} {can} {verb} {thing} because {who} {need}"}

// Two thousand refusals from the grammar's parts, and two thousand sentences of ordinary talk: how
// many are read right.
func TestGenerated(t *testing.T) {
	t.Parallel()
	const n = 2000 / everyNth
	r := rand.New(rand.NewPCG(2026, 12))
	made := func(templates []string, parts map[string][]string, right func(optout.Kind) bool) (wrong []string) {
		for i := range n {
			s := fill(r, templates[i%len(templates)], parts)
			if m := optout.Speech(s); !right(m.Kind) {
				wrong = append(wrong, string(m.Kind)+": "+s)
			}
		}
		return wrong
	}
	missed := made(refusalTemplates, refusalParts, func(k optout.Kind) bool { return k == optout.Refusal })
	// "call me back after five"
	invented := made(harmlessTemplates, harmlessParts, func(k optout.Kind) bool {
		return k == optout.None ||
			k == optout.Preference
	})
	t.Logf("of %d refusals %d (%.2f %%) are read as such; of %d harmless sentences %d (%.2f %%) are not", n,
		n-len(missed), 100-100*float64(len(missed))/n, n, len(invented), 100*float64(len(invented))/n)
	if len(missed) > n*2/100 {
		t.Errorf("missed:\n%s", strings.Join(missed[:min(len(missed), 60)], "\n"))
	}
	if len(invented) > n*5/1000 {
		t.Errorf("read into harmless sentences:\n%s", strings.Join(invented[:min(len(invented), 60)], "\n"))
	}
}
