package optout_test

import (
	"testing"

	"github.com/patchcord/patchcord/optout"
)

// The rows of the scope table that are no plain refusal, and what a careful listener asks about.
func TestKinds(t *testing.T) {
	t.Parallel()
	for want, list := range map[optout.Kind][]string{
		optout.WrongNumber: {
			"You have the wrong number.", "Wrong number.", "I think you have the wrong number.", "Sorry, wrong number.",
			"You've got the wrong person.", "You dialed the wrong number.",
			"There's nobody here by that name.", "There is no Dana here.", "No one by that name lives here.",
			"Dana doesn't live here anymore.", "This isn't Dana's number anymore.", "This is not her number.",
			"I don't know anyone named Dana.", "Never heard of her.", "This number belongs to me now.",
			"I just got this number last month.", "She changed her number.", "I've had this number for two years.",
			"Número equivocado.", "Está equivocado de número.", "Se equivocó de número.", "Tiene el número equivocado.",
			"Aquí no vive ninguna Dana.", "No hay nadie con ese nombre.", "No conozco a ninguna Dana.",
		},
		optout.Deceased: {
			"She passed away.", "He passed away last month.", "My husband passed away in March.", "Dana is deceased.",
			"She died last year.", "He's dead.", "The person you're calling passed away.", "She is no longer with us.",
			"My mother has passed away.", "Falleció el mes pasado.", "Ella falleció.", "Ya murió.", "Mi esposo falleció.",
			"Él ya no está con nosotros.",
		},
		optout.Minor: {
			"I'm twelve.", "I'm only ten years old.", "I'm a minor.", "I am a kid.", "You're calling a child.",
			"This is a child's phone.", "This phone belongs to my ten year old.", "I'm under eighteen.", "I'm 15 years old.",
			"Soy menor de edad.", "Tengo doce años.", "Este es el teléfono de un niño.",
		},
		optout.Represented: {
			"I have a lawyer.", "Talk to my lawyer.", "You can speak to my attorney.", "Call my attorney.",
			"I'm represented by counsel.", "I've retained an attorney.", "My lawyer will be in touch.",
			"You'll be hearing from my lawyer.",
			"Please direct all communication to my attorney.", "Hable con mi abogado.", "Tengo un abogado.",
		},
		optout.StopRecording: {
			"Stop recording.", "Stop recording me.", "Stop recording this call.", "Please stop the recording.",
			"Don't record me.", "Don't record this.", "I don't want to be recorded.", "Turn off the recording.",
			"I don't consent to being recorded.",
			"I do not agree to be recorded.", "Can you turn the recording off?", "I'd rather not be recorded.",
			"No me grabe.", "Deje de grabar.", "No quiero que me graben.", "Apague la grabación.",
		},
		optout.Unclear: {
			"You keep calling me.", "Why do you keep calling me?", "That's enough.", "Knock it off.", "Go away.",
			"Text me instead of calling me.", "I'd rather you text than call... can you text instead of calling?",
			"This has to stop.",
			"You're harassing me.", "This is harassment.", "You call too much.", "Too many calls.",
			"I'm going to report you.", "Don't call me at work.", "Don't call me unless it's an emergency.",
			"Take me off your mailing list.",
			"Don't call me until I call you.", "Are you going to stop calling me?", "Why am I on your list?",
			"Por qué me siguen llamando?", "Demasiadas llamadas.", "Ya estuvo.",
			"Don't call my wife.", "No messages.", "Quiero que esto pare.", "No need to call again.",
			"When are you going to stop calling me?",
		},
		optout.None: {
			"Don't call my wife, call me.", "I'm not Dana.", "I don't know any better way.",
			"Can you call me back in an hour?", "Call me tomorrow at three.", "Llámeme más tarde.",
			"Is this the wrong number?", "I gave you the wrong number, it ends in four.", "I wrote down the wrong number.",
			"You've called the right number.", "The wrong number is on my card.", "I'm sorry, I dialed the wrong number.",
			"My battery died.", "My phone died.", "My dog passed away.", "My car died.", "My father died of a heart attack.",
			"If she dies, what happens?", "The line went dead.",
			"I'm twelve minutes away.", "I'm ten minutes late.", "My son is nine.",
			"My daughter is twelve, she needs a checkup.", "I'm five eleven.", "I'm fifteen weeks pregnant.",
			"She's a minor, I'm her mother.",
			"I'm a lawyer.", "My lawyer needs my records.", "Do I need a lawyer?",
			"I have a lawyer's appointment on Monday.", "Should I get a lawyer?",
			"You can record this.", "Is this being recorded?", "Are you recording?", "Don't stop recording.",
			"I don't mind being recorded.", "I was recording my blood pressure.",
			"I'm not interested.", "No, thank you.", "I'm busy.", "Who is this?", "How did you get this number?",
			"I get too many emails.", "That's enough sugar.", "Why are you calling?", "I'm done, thanks.",
			"No es el número equivocado.", "Mi perro murió.", "Se murió mi celular.", "Mi hijo tiene doce años.",
			"Mi abogado es mi primo.", "No sé qué grabar.",
		},
	} {
		for _, s := range list {
			if got := optout.Speech(s); got.Kind != want {
				t.Errorf("%q is %q, want %q", s, got.Kind, want)
			}
		}
	}
}

// One refusal cut in two by a pause is one; two sentences are never one refusal.
func TestJoined(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		first, second string
		want          optout.Kind
	}{
		{"I don't want", "any more calls.", optout.Refusal},
		{"I don't want any more", "calls from you.", optout.Refusal},
		{"Please take me", "off your list.", optout.Refusal},
		{"Remove my", "number from your list.", optout.Refusal},
		{"Take me off", "your calling list", optout.Refusal},
		{"I want you to stop", "calling me.", optout.Refusal},
		{"Could you", "not call me anymore?", optout.Refusal},
		{"Please don't.", "Call me anymore.", optout.Refusal},
		{"Please don't", "ever call this number.", optout.Refusal},
		{"I no longer want to", "receive these calls.", optout.Refusal},
		{"I never want", "another call from you.", optout.Refusal},
		{"You do not have my", "permission to call me.", optout.Refusal},
		{"No quiero que", "me llamen más.", optout.Refusal},
		{"Ya no quiero", "recibir sus llamadas.", optout.Refusal},
		{"Dejen de", "llamarme.", optout.Refusal},
		{"Por favor quiten mi", "número de la lista.", optout.Refusal},
		{"Please don't.", "Call me.", optout.Unclear},
		{"Please don't.", "Call me tomorrow.", optout.None},
		{"No, I don't.", "Call me back on Monday.", optout.None},
		{"I don't want that.", "Calls are fine at noon.", optout.None},
		{"I don't want any more.", "Calls are fine, though.", optout.None},
		{"I'm done.", "Your list is long.", optout.None},
		{"I want to stop.", "The calls help me remember.", optout.None},
		{"", "calls", optout.None},
	} {
		if got := optout.Joined(tt.first, tt.second); got.Kind != tt.want {
			t.Errorf("%q and %q are %q, want %q", tt.first, tt.second, got.Kind, tt.want)
		}
	}
	harmless := lines(t, "said_harmless.txt")
	for i := 0; i < len(harmless); i += everyNth {
		first := harmless[i]
		for j := 1; j <= 15; j++ {
			second := harmless[(i*31+j*17)%len(harmless)]
			if got := optout.Joined(first, second); got.Kind != optout.None {
				t.Errorf("%q and %q are %q", first, second, got.Kind)
			}
		}
	}
}

func TestKeywords(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"HELP": true, "help!": true, " Help please ": true, "INFO": true,
		"Ayuda": true, "": false, "STOP": false,
		"help me move my appointment": false, "Can you help?": false, "information about parking": false} {
		if optout.Help(s) != want {
			t.Errorf("Help(%q) is %v", s, !want)
		}
	}
	for s, want := range map[string]bool{"START": true, "start": true, "Unstop": true, "YES": true,
		"Start please": true, "Opt in": true, "": false, "STOP": false, "HELP": false,
		"Yes, Tuesday works": false, "start over": false, "when does it start": false} {
		if optout.Start(s) != want {
			t.Errorf("Start(%q) is %v", s, !want)
		}
	}
}
