package amd

import (
	"os"
	"strings"
	"testing"
)

// Who speaks, by their words: in the machines' own, and in those of people who say nearly
// the same.
func TestWho(t *testing.T) {
	t.Parallel()
	for speaks, list := range map[Speaker][]string{
		Mailbox: {
			"Please leave a message after the tone.",
			"Hi, you've reached Dana. I can't come to the phone right now, but leave your name and number after the beep and I'll call you back.",
			"Your call has been forwarded to an automated voice messaging system. 415 555 0142 is not available. At the tone, please record your message. When you have finished recording, you may hang up or press 1 for more options.",
			"Your call has been forwarded to voicemail. The person you're trying to reach is not available.",
			"You have reached the voicemail box of Dana Reyes. Please leave a message at the beep.",
			"Hello, you've reached the Reyes family. We're not home right now. Please leave a message and we'll get back to you as soon as we can.",
			"Sorry I missed your call. Leave me a message and I'll get back to you.",
			"I'm away from my desk. Please leave your name, number, and a brief message.",
			"Record your message at the tone. When you are finished, hang up or press pound for more options.",
			"The person at extension 204 is unavailable. Please leave a message.",
			"The Google subscriber you have called is not available. Please leave a message after the tone.",
			"Ha llamado al buzón de voz de Dana. Deje su mensaje después del tono.",
			"En este momento no puedo contestar. Por favor deje su mensaje después de la señal.",
			"No estoy disponible, deja un mensaje.",
		},
		FullBox: {
			"The mailbox is full and cannot accept any messages at this time. Goodbye.",
			"The voice mailbox of the person you called is full.",
			"I'm sorry, the mailbox belonging to Dana Reyes is full.",
			"The person you are calling has a voicemail box that has not been set up yet. Goodbye.",
			"The wireless customer is not available and is not able to receive messages. Unable to accept messages at this time.",
			"El buzón de voz está lleno.",
		},
		Assistant: {
			"Hi, the person you're calling is using a screening service from Google and will get a copy of this conversation. Go ahead and say your name and why you're calling.",
			"Hi. If you record your name and reason for calling, I'll see if this person is available.",
			"Please state your name and the reason for calling.",
			"The person you are calling uses Google's call Assistant.",
			"Please state your name after the tone and this call will be connected.",
			"The party you are trying to reach screens calls from unknown numbers.",
			"Thanks. I'll see if this person is available. Please stay on the line.",
			"At the subscriber's request, this phone does not accept calls from blocked numbers.",
			"Por favor diga su nombre y el motivo de su llamada.",
		},
		Menu: {
			"Thank you for calling. For sales, press 1. For support, press 2.",
			"Press one for English.",
			"To speak to a representative, press zero.",
			"If you know your party's extension, you may dial it at any time.",
			"Please listen carefully, as our menu options have changed.",
			"Para español, oprima el dos.",
			"Para ventas marque uno.",
			"This is a call from the front desk. Press 1 to accept.",
			"For hours and locations, say hours or press 3.",
			"For sales, say one. For support, say two.", "For billing, press or say 3.", "To repeat this, say or press nine.", "For the operator, dial zero.",
		},
		Someone: {
			"", "Hello?", "Hi, this is Dana.", "Who is this?",
			"Leave me alone.", "I'm not available Tuesday.", "He's not available, can I take a message?", "She's not available right now. Would you like to leave a message?",
			"Do you want to leave a message after all?", "I can't come to the phone right now.", "Can I leave a message for the doctor?", "I left a message yesterday and nobody called me back.",
			"You can leave a message with me and I'll make sure she gets it.", "I got your message.", "I'm not home right now, can you call me back?",
			"Can we move it to Thursday, say 9?", "Could you put me down for Tuesday, say eight or nine?", "Is it okay for next week, say two o'clock?",
			"Sorry, I can't take messages for other people.", "I'm not able to take any messages.",
			"My mailbox was full of your letters.", "Your mailbox is annoying.", "Is your voicemail full?", "Leave it at the front desk.", "I need to leave after lunch.",
			"Can you please state your name and the reason for calling?", "What's the reason for your call?", "What is this regarding?", "Who's calling, please?", "Hold on, let me see if he's available.",
			"I'm using Google.", "The screening was last week.", "I was called in for a screening, not an appointment.",
			"I pressed 1 and nothing happened.", "Do I press 1 for the doctor?", "Should I press 9 to stop?", "It told me to press 2 for you.", "I will press charges.", "Let me press you on that.", "No, for me it's about the press.",
			"My number is 4 1 5, 5 5 5.", "The beep was loud.", "What was that tone?", "Don't take that tone with me.", "After the tone of your last letter I was upset.",
			"I don't want to leave my name and number.", "Estoy ocupado, llame más tarde.", "¿Quiere dejar un mensaje?", "No puedo hablar ahora.",
		},
	} {
		for _, text := range list {
			if got := Who(Plain(text)); got != speaks {
				t.Errorf("%q: got %d, want %d", text, got, speaks)
			}
		}
	}
}

// The first words on calls that we placed: who speaks, by the words alone. A person who offers to
// take a message is a person.
func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/who_answers.tsv")
	if err != nil {
		t.Fatal(err)
	}
	speakers := map[string]Speaker{"mailbox": Mailbox, "full": FullBox, "person": Someone, "assistant": Assistant, "menu": Menu}
	for line := range strings.Lines(string(text)) {
		name, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		want, known := speakers[name]
		if !ok || !known {
			t.Fatalf("testdata/who_answers.tsv: %q", line)
		}
		for _, said := range []string{words, strings.ToLower(strings.TrimRight(words, ".!?"))} {
			if got := Who(Plain(said)); got != want {
				t.Errorf("%q: got %d, want %d", said, got, want)
			}
		}
	}
}

// A person who comes on the line is told from an assistant that is about to pass the call
// on.
func TestWhoComesOnTheLine(t *testing.T) {
	t.Parallel()
	for text, greets := range map[string]bool{
		"Hello?": true, "Hi, this is Dana.": true, "Yes?": true, "Dana speaking.": true, "Hello, hello?": true, "How can I help you?": true, "Who is this?": true, "¿Bueno?": true, "I'm here.": true,
		"Thank you for calling Riverbend Dental, our hours are nine to five.": false, "Leave a message.": false, "You have selected billing.": false,
	} {
		if got := isThere.In(Plain(text)) || mayGreet.In(Plain(text)); got != greets {
			t.Errorf("%q: greets: %v", text, got)
		}
	}
	for text, holds := range map[string]bool{
		"Please stay on the line.": true, "One moment please.": true, "Thank you.": true, "Thanks, please hold.": true, "I'm trying to reach them now.": true, "Can you tell me more?": true,
		"Hello?": false, "Yes, what is it about?": false, "This is Dana, go ahead.": false,
	} {
		if got := holdOn.In(Plain(text)); got != holds {
			t.Errorf("%q: holds: %v", text, got)
		}
	}
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	const a = "thank you for calling for sales press 1 for support press 2 to hear this again press 9"
	for b, want := range map[string]bool{
		a: true, "thank you for calling for sales press one for support press 2 to hear this again press 9": true,
		"for billing press 3 for returns press 4": false, "": false, "yes": false,
	} {
		if similar(a, b) != want || similar(b, a) != want {
			t.Errorf("%q: similar is not %v", b, want)
		}
	}
	var r repetition
	for i := range 1000 {
		r.count(string(rune('a'+i%26)) + " different words each time " + string(rune('a'+i/26%26)))
	}
	if len(r.heard) > maxUtterances {
		t.Errorf("%d utterances are kept", len(r.heard))
	}
}

func BenchmarkWho(b *testing.B) {
	plain := Plain("Well, I was hoping that we could talk about my appointment, since I have to leave early on Tuesday, and the number that I was given is not right, so please let me know if there is another day.")
	for b.Loop() {
		Who(plain)
	}
}
